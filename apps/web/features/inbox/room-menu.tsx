"use client";
import { Ellipsis } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import type { RoomChoices, SidebarRoom } from "./sidebar-data.ts";

const load = () => import("./room-menu-content.tsx");
const RoomMenuContent = lazy(load);

/** The menu is fetched when somebody reaches for it. */
export function RoomMenu({ room, choices }: { room: SidebarRoom; choices: RoomChoices }) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<RoomMenuButton name={room.name} onPointerEnter={load} onFocus={load} onClick={() => setWanted(true)} />
	);
	if (!isWanted) return button;
	return (
		<Suspense fallback={button}>
			<RoomMenuContent room={room} choices={choices} />
		</Suspense>
	);
}

export function RoomMenuButton({ name, ...rest }: { name: string } & Omit<ComponentProps<"button">, "children">) {
	return (
		<IconButton label={`Options of ${name}`} tip="none" aria-haspopup="menu" aria-expanded="false" {...rest}>
			<Ellipsis />
		</IconButton>
	);
}
