"use client";
import { Bell, DoorOpen, KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { MeButton } from "./me-button.tsx";

const THEMES = [
	{ value: "light", label: "Light", icon: <Sun /> },
	{ value: "dark", label: "Dark", icon: <Moon /> },
	{ value: "system", label: "Like the system", icon: <Monitor /> },
] as const;

interface MeMenuContentProps {
	me: { id: string; name: string };
	onNotifications: () => void;
	onSettings: () => void;
	onSignOut: () => void;
	onSignOutEverywhere: () => void;
}

/** Open from the start: it comes because somebody asked for it. */
export default function MeMenuContent(props: MeMenuContentProps) {
	const { me, onNotifications, onSettings, onSignOut, onSignOutEverywhere } = props;
	const { theme = "system", setTheme } = useTheme();
	return (
		<Menu label="You" side="top" trigger={<MeButton me={me} />}>
			<MenuChoice label="Appearance" value={theme} options={THEMES} onChange={setTheme} />
			<MenuSeparator />
			<MenuItem icon={<Bell />} onSelect={onNotifications}>
				Notifications
			</MenuItem>
			<MenuItem icon={<KeyRound />} onSelect={onSettings}>
				Keys for models
			</MenuItem>
			<MenuItem icon={<LogOut />} onSelect={onSignOut}>
				Sign out
			</MenuItem>
			<MenuItem icon={<DoorOpen />} onSelect={onSignOutEverywhere}>
				Sign out everywhere…
			</MenuItem>
		</Menu>
	);
}
