"use client";
import { BellOff, Hash, Lock, MessageCircle, PencilLine } from "lucide-react";
import { Avatar } from "../../ui/avatar.tsx";
import { CountBadge } from "../../ui/badge.tsx";
import { RoomMenu } from "./room-menu.tsx";
import type { RoomChoices, SidebarRoom } from "./sidebar-data.ts";
import { SidebarItem } from "./sidebar-item.tsx";

const ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

export function RoomItem({ room, choices }: { room: SidebarRoom; choices: RoomChoices }) {
	const { unread, calls, isHeard } = room;
	return (
		<SidebarItem
			href={`/r/${room.id}`}
			icon={isHeard ? <RoomIcon room={room} /> : <BellOff />}
			name={room.name}
			isStrong={isHeard && unread > 0}
			isDimmed={!isHeard}
			menu={<RoomMenu room={room} choices={choices} />}
		>
			{room.hasDraft && <DraftMark />}
			{isHeard && unread > 0 && (
				<CountBadge count={calls > 0 ? calls : unread} isQuiet={calls === 0} label={countWords(room)} />
			)}
		</SidebarItem>
	);
}

function RoomIcon({ room: { otherId, name, visibility } }: { room: SidebarRoom }) {
	if (otherId === undefined) return ICONS[visibility];
	return <Avatar id={otherId} name={name} size="xs" className="-mx-0.5" />;
}

/** Something was begun to be written here and is not sent. */
function DraftMark() {
	return (
		<span className="me-1.5 text-text-faint last:me-0">
			<PencilLine className="size-3.5!" aria-hidden="true" />
			<span className="sr-only">draft</span>
		</span>
	);
}

function countWords({ unread, calls, visibility }: SidebarRoom): string {
	if (calls === 0 || visibility === "direct") return `${unread} unread`;
	return `${unread} unread, ${calls} ${calls === 1 ? "mention" : "mentions"}`;
}
