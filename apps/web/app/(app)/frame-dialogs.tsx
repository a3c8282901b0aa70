"use client";
import { useCallback } from "react";
import type { useSidebar } from "../../features/inbox/use-sidebar.ts";
import { fetched } from "../../ui/fetched.tsx";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));
const OpenRoom = fetched(() => import("./dialogs/open-room.tsx"));
const Notifications = fetched(() => import("./dialogs/notifications.tsx"));
const NewWorkspace = fetched(() => import("./dialogs/new-workspace.tsx"));
const NewMessage = fetched(() => import("./dialogs/new-message.tsx"));
const NewRoom = fetched(() => import("./dialogs/new-room.tsx"));

export type Opened =
	| "switcher"
	| "notifications"
	| "new-workspace"
	| "new-message"
	| "sign-out-everywhere"
	| { newRoom: string }
	| null;

interface FrameDialogsProps {
	opened: Opened;
	sidebar: ReturnType<typeof useSidebar>;
	onSignOutEverywhere: () => Promise<string | null>;
	onOpen: (opened: Opened) => void;
}

/** What can be opened from everywhere. */
export function FrameDialogs({ opened, sidebar, onSignOutEverywhere, onOpen }: FrameDialogsProps) {
	const close = useCallback(() => onOpen(null), [onOpen]);
	return (
		<>
			{opened === "switcher" && (
				<OpenRoom choosable={sidebar.choosable} onNewRoom={(name) => onOpen({ newRoom: name })} onClose={close} />
			)}
			{opened === "new-message" && <NewMessage onClose={close} />}
			{typeof opened === "object" && opened !== null && <NewRoom name={opened.newRoom} onClose={close} />}
			{opened === "sign-out-everywhere" && (
				<Confirm
					question={{
						title: "Sign out everywhere?",
						description:
							"Every browser in which you are signed in, this one too, is signed out at once: a lost phone, for instance.",
						act: "Sign out everywhere",
						onAct: onSignOutEverywhere,
					}}
					onClose={close}
				/>
			)}
			{opened === "notifications" && <Notifications onClose={close} />}
			{opened === "new-workspace" && <NewWorkspace rooms={sidebar.data.rooms} onClose={close} />}
		</>
	);
}
