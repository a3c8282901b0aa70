"use client";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";

const QueueMenuContent = fetched(() => import("./queue-menu-content.tsx"));

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
		<IconButton
			label={props.label}
			tip="none"
			onPointerEnter={QueueMenuContent.ahead}
			onFocus={QueueMenuContent.ahead}
			onClick={() => setWanted(true)}
		>
			<Ellipsis />
		</IconButton>
	);
	if (!isWanted) return button;
	return <QueueMenuContent place={button} onFail={() => setWanted(false)} {...props} />;
}
