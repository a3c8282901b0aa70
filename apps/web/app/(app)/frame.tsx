"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ConnectionBanner, ConnectionLine } from "../../features/inbox/connection.tsx";
import { MeMenu } from "../../features/inbox/me-menu.tsx";
import { Notices } from "../../features/inbox/notices.tsx";
import { Sidebar } from "../../features/inbox/sidebar.tsx";
import { useAttention } from "../../features/inbox/use-attention.ts";
import { useDevice } from "../../features/inbox/use-device.ts";
import { useInboxKeys } from "../../features/inbox/use-inbox-keys.ts";
import { useRoomChoices } from "../../features/inbox/use-room-choices.ts";
import { useSidebar } from "../../features/inbox/use-sidebar.ts";
import { useLive } from "../../live/live.tsx";
import { useSignOut } from "../../live/use-sign-out.ts";
import { AvatarPictures } from "../../ui/avatar.tsx";
import { Shell, useShell } from "../../ui/shell.tsx";
import { Toasts } from "../../ui/toast.tsx";
import { FrameDialogs, type Opened } from "./frame-dialogs.tsx";

/** What stays while people go from room to room: the sidebar, its dialogs, and how the connection is. */
export function Frame({ children }: { children: ReactNode }) {
	const { me } = useLive();
	const sidebar = useSidebar();
	const pictureOf = usePictures();
	const router = useRouter();
	const [opened, setOpened] = useState<Opened>(null);
	useAttention(sidebar.calls, sidebar.hasUnread);
	useInboxKeys(sidebar.data);
	useDevice();
	const signOut = useSignOut();
	useShortcut("k", false, () => setOpened((now) => (now === "switcher" ? null : "switcher")));
	useShortcut("f", true, () => router.push("/search"));
	return (
		<AvatarPictures value={pictureOf}>
			<Shell
				hasAttention={sidebar.hasAttention}
				banner={<ConnectionBanner />}
				sidebar={
					<SidebarPane
						data={sidebar.data}
						onOpen={setOpened}
						footer={
							<div className="px-2.5 pb-2">
								<MeMenu
									me={me}
									onNotifications={() => setOpened("notifications")}
									onSettings={() => router.push("/settings")}
									onSignOut={signOut.here}
									onSignOutEverywhere={() => setOpened("sign-out-everywhere")}
								/>
								<ConnectionLine />
							</div>
						}
					/>
				}
			>
				{children}
				<FrameDialogs opened={opened} sidebar={sidebar} onSignOutEverywhere={signOut.everywhere} onOpen={setOpened} />
				<Notices />
				<Toasts />
			</Shell>
		</AvatarPictures>
	);
}

/** Where the pictures of people are. Another picture has another address, so that no old one is kept. */
function usePictures(): (id: string) => string | undefined {
	const { directory } = useLive();
	const { people } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	return useMemo(() => {
		const known = new Map(
			people.flatMap(({ id, pictureId }) => (pictureId === undefined ? [] : [[id, pictureId] as const])),
		);
		return (id) => (known.has(id) ? `/api/pictures/${id}?v=${known.get(id)}` : undefined);
	}, [people]);
}

interface SidebarPaneProps {
	data: ReturnType<typeof useSidebar>["data"];
	footer: ReactNode;
	onOpen: (opened: Opened) => void;
}

function SidebarPane({ data, footer, onOpen }: SidebarPaneProps) {
	const { closeSidebar } = useShell();
	const choices = useRoomChoices();
	const open = (opened: Opened) => {
		closeSidebar();
		onOpen(opened);
	};
	return (
		<Sidebar
			data={data}
			choices={choices}
			footer={footer}
			onOpenRoom={() => open("switcher")}
			onNewMessage={() => open("new-message")}
			onNewWorkspace={() => open("new-workspace")}
		/>
	);
}

/** A letter with Ctrl, or Cmd on a Mac, and Shift or not. */
function useShortcut(letter: string, isShifted: boolean, onPress: () => void): void {
	useEffect(() => {
		const onKeyDown = (event: KeyboardEvent) => {
			if (event.key.toLowerCase() !== letter || event.shiftKey !== isShifted) return;
			if (!(event.metaKey || event.ctrlKey) || event.altKey) return;
			event.preventDefault();
			onPress();
		};
		window.addEventListener("keydown", onKeyDown);
		return () => window.removeEventListener("keydown", onKeyDown);
	});
}
