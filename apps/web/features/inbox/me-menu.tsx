"use client";
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { Avatar } from "../../ui/avatar.tsx";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../ui/menu.tsx";

const THEMES = [
	{ value: "light", label: "Light", icon: <Sun /> },
	{ value: "dark", label: "Dark", icon: <Moon /> },
	{ value: "system", label: "Like the system", icon: <Monitor /> },
] as const;

interface MeMenuProps {
	me: { id: string; name: string };
	onSignOut: () => void;
}

export function MeMenu({ me, onSignOut }: MeMenuProps) {
	const { theme = "system", setTheme } = useTheme();
	return (
		<Menu
			label="You"
			side="top"
			trigger={
				<button
					type="button"
					aria-label={`You: ${me.name}`}
					className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-2 text-start transition-colors hover:bg-hover data-[state=open]:bg-selected"
				>
					<Avatar id={me.id} name={me.name} size="sm" />
					<span className="min-w-0 flex-1 truncate font-medium">{me.name}</span>
					<ChevronsUpDown className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
				</button>
			}
		>
			<MenuChoice label="Appearance" value={theme} options={THEMES} onChange={setTheme} />
			<MenuSeparator />
			<MenuItem icon={<LogOut />} onSelect={onSignOut}>
				Sign out
			</MenuItem>
		</Menu>
	);
}
