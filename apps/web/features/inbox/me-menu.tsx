"use client";
import { lazy, Suspense, useState } from "react";
import { MeButton } from "./me-button.tsx";

const load = () => import("./me-menu-content.tsx");
const MeMenuContent = lazy(load);

interface MeMenuProps {
	me: { id: string; name: string };
	onNotifications: () => void;
	onSettings: () => void;
	onSignOut: () => void;
}

/** The menu is fetched when somebody reaches for it. */
export function MeMenu({ me, onNotifications, onSettings, onSignOut }: MeMenuProps) {
	const [isWanted, setWanted] = useState(false);
	const button = <MeButton me={me} onPointerEnter={load} onFocus={load} onClick={() => setWanted(true)} />;
	if (!isWanted) return button;
	return (
		<Suspense fallback={button}>
			<MeMenuContent me={me} onNotifications={onNotifications} onSettings={onSettings} onSignOut={onSignOut} />
		</Suspense>
	);
}
