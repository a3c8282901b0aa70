"use client";
import { useState } from "react";
import { fetched } from "../../ui/fetched.tsx";
import { MeButton } from "./me-button.tsx";

const MeMenuContent = fetched(() => import("./me-menu-content.tsx"));

interface MeMenuProps {
	me: { id: string; name: string };
	onNotifications: () => void;
	onSettings: () => void;
	onSignOut: () => void;
	onSignOutEverywhere: () => void;
}

/** The menu is fetched when somebody reaches for it. */
export function MeMenu({ me, ...choices }: MeMenuProps) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<MeButton
			me={me}
			onPointerEnter={MeMenuContent.ahead}
			onFocus={MeMenuContent.ahead}
			onClick={() => setWanted(true)}
		/>
	);
	if (!isWanted) return button;
	return <MeMenuContent place={button} onFail={() => setWanted(false)} me={me} {...choices} />;
}
