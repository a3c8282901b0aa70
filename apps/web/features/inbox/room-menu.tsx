"use client";
import { Ellipsis } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";
import type { RoomChoices, SidebarRoom } from "./sidebar-data.ts";

const RoomMenuContent = fetched(() => import("./room-menu-content.tsx"));

/** The menu is fetched when somebody reaches for it. */
export function RoomMenu({ room, choices }: { room: SidebarRoom; choices: RoomChoices }) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<RoomMenuButton
			name={room.name}
			onPointerEnter={RoomMenuContent.ahead}
			onFocus={RoomMenuContent.ahead}
			onClick={() => setWanted(true)}
		/>
	);
	if (!isWanted) return button;
	return <RoomMenuContent place={button} onFail={() => setWanted(false)} room={room} choices={choices} />;
}

export function RoomMenuButton({ name, ...rest }: { name: string } & Omit<ComponentProps<"button">, "children">) {
	return (
		<IconButton label={`Options of ${name}`} tip="none" aria-haspopup="menu" aria-expanded="false" {...rest}>
			<Ellipsis />
		</IconButton>
	);
}
