"use client";
import { Ellipsis } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";

const load = () => import("./queue-menu-content.tsx");
const QueueMenuContent = lazy(load);

export interface QueueMenuProps {
	label: string;
	index: number;
	count: number;
	onMove: (at: number) => void;
	onEdit: () => void;
	onRemove: () => void;
}

/** The menu is fetched when somebody reaches for it. */
export function QueueMenu(props: QueueMenuProps) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<IconButton label={props.label} tip="none" onPointerEnter={load} onFocus={load} onClick={() => setWanted(true)}>
			<Ellipsis />
		</IconButton>
	);
	if (!isWanted) return button;
	return (
		<Suspense fallback={button}>
			<QueueMenuContent {...props} />
		</Suspense>
	);
}
