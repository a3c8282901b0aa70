"use client";
import { AtSign, Bell, BellOff, Check, CheckCheck, CircleDot } from "lucide-react";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { RoomMenuButton } from "./room-menu.tsx";
import type { RoomChoices, SidebarRoom } from "./sidebar-data.ts";

const LEVELS = [
	{ value: "all", label: "Every message", icon: <Bell /> },
	{ value: "mentions", label: "Mentions of you", icon: <AtSign /> },
	{ value: "nothing", label: "Nothing", icon: <BellOff /> },
] as const;
const MUTES = [
	{ minutes: 60, label: "Mute for an hour" },
	{ minutes: 8 * 60, label: "Mute for 8 hours" },
	{ minutes: 10 * 365 * 24 * 60, label: "Mute until turned on" },
] as const;

/** Open from the start: it comes because somebody asked for it. */
export default function RoomMenuContent({ room, choices }: { room: SidebarRoom; choices: RoomChoices }) {
	return (
		<Menu label={`Options of ${room.name}`} trigger={<RoomMenuButton name={room.name} />}>
			<MenuItem icon={<CheckCheck />} onSelect={() => choices.markRead(room)}>
				Mark as read
			</MenuItem>
			<MenuItem icon={<CircleDot />} onSelect={() => choices.markUnread(room)}>
				Mark as unread
			</MenuItem>
			<MenuSeparator />
			<MenuChoice
				label="Tell me of"
				value={room.level}
				options={LEVELS}
				onChange={(value) => {
					const chosen = LEVELS.find((level) => level.value === value);
					if (chosen) choices.setLevel(room, chosen.value);
				}}
			/>
			<MenuSeparator />
			{room.isMuted ? (
				<MenuItem icon={<Check />} onSelect={() => choices.setMute(room, null)}>
					Turn on again
				</MenuItem>
			) : (
				MUTES.map(({ minutes, label }) => (
					<MenuItem key={minutes} icon={<BellOff />} onSelect={() => choices.setMute(room, minutes)}>
						{label}
					</MenuItem>
				))
			)}
		</Menu>
	);
}
