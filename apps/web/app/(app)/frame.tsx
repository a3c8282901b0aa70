"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import type { QuietHours } from "@bullpen/domain/inbox";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Choice } from "../../features/inbox/choices.ts";
import { ConnectionBanner, ConnectionLine } from "../../features/inbox/connection.tsx";
import { MeMenu } from "../../features/inbox/me-menu.tsx";
import { Notices } from "../../features/inbox/notices.tsx";
import { Sidebar } from "../../features/inbox/sidebar.tsx";
import type { SidebarData } from "../../features/inbox/sidebar-data.ts";
import { useAttention } from "../../features/inbox/use-attention.ts";
import { useInboxKeys } from "../../features/inbox/use-inbox-keys.ts";
import { useRoomChoices } from "../../features/inbox/use-room-choices.ts";
import { useSidebar } from "../../features/inbox/use-sidebar.ts";
import { useLive } from "../../live/live.tsx";
import { wordsFor } from "../../live/words.ts";
import { AvatarPictures } from "../../ui/avatar.tsx";
import { Shell, useShell } from "../../ui/shell.tsx";
import { Toasts } from "../../ui/toast.tsx";

const Switcher = lazy(() => import("../../features/inbox/switcher.tsx"));
const NotificationsDialog = lazy(() => import("../../features/inbox/notifications-dialog.tsx"));
const NewWorkspaceDialog = lazy(() => import("../../features/workspace/new-workspace-dialog.tsx"));

const NewMessageDialog = lazy(() => import("../../features/people/new-message-dialog.tsx"));
const NewRoomDialog = lazy(() => import("../../features/people/new-room-dialog.tsx"));

type Opened = "switcher" | "notifications" | "new-workspace" | "new-message" | { newRoom: string } | null;

/** What stays while people go from room to room: the sidebar, its dialogs, and how the connection is. */
export function Frame({ children }: { children: ReactNode }) {
	const { me } = useLive();
	const sidebar = useSidebar();
	const pictureOf = usePictures();
	const router = useRouter();
	const [opened, setOpened] = useState<Opened>(null);
	useAttention(sidebar.calls, sidebar.hasUnread);
	useInboxKeys(sidebar.data);
	useShortcut("k", false, () => setOpened((now) => (now === "switcher" ? null : "switcher")));
	useShortcut("f", true, () => router.push("/search"));
	const close = useCallback(() => setOpened(null), []);
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
									onSignOut={signOut}
								/>
								<ConnectionLine />
							</div>
						}
					/>
				}
			>
				{children}
				<Suspense>
					{opened === "switcher" && (
						<OpenRoom
							choosable={sidebar.choosable}
							onNewRoom={(name) => setOpened({ newRoom: name })}
							onClose={close}
						/>
					)}
					{opened === "new-message" && <NewMessage onClose={close} />}
					{typeof opened === "object" && opened !== null && <NewRoom name={opened.newRoom} onClose={close} />}
					{opened === "notifications" && <Notifications onClose={close} />}
					{opened === "new-workspace" && <NewWorkspace rooms={sidebar.data.rooms} onClose={close} />}
				</Suspense>
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

interface OpenRoomProps {
	choosable: ReturnType<typeof useSidebar>["choosable"];
	onNewRoom: (name: string) => void;
	onClose: () => void;
}

function OpenRoom({ choosable, onNewRoom, onClose }: OpenRoomProps) {
	const { directory } = useLive();
	const { isBusy, error, run } = useAct();
	const router = useRouter();
	const goTo = (path: string) => {
		onClose();
		router.push(path);
	};
	const choose = (choice: Choice) => {
		if (choice.type === "room") return goTo(`/r/${choice.id}`);
		if (choice.type === "workspace") return goTo(`/w/${choice.id}`);
		if (choice.type === "new") return onNewRoom(choice.name);
		if (choice.type === "search") return goTo(`/search?q=${encodeURIComponent(choice.name)}`);
		if (choice.type === "person")
			return run(async () => goTo(`/r/${(await directory.openDirect([choice.id])).roomId}`));
		run(async () => goTo(`/r/${(await directory.openRoom({ name: choice.name })).roomId}`));
	};
	return <Switcher choosable={choosable} isBusy={isBusy} error={error} onChoose={choose} onClose={onClose} />;
}

function NewMessage({ onClose }: { onClose: () => void }) {
	const { directory, me } = useLive();
	const { people } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const others = useMemo(() => activePeople(people).filter(({ id }) => id !== me.id), [people, me.id]);
	const { isBusy, error, run } = useAct();
	const router = useRouter();
	return (
		<NewMessageDialog
			people={others}
			othersMax={LIMITS.directPeopleMax - 1}
			isBusy={isBusy}
			error={error}
			onClose={onClose}
			onOpen={(userIds) =>
				run(async () => {
					const { roomId } = await directory.openDirect(userIds);
					onClose();
					router.push(`/r/${roomId}`);
				})
			}
		/>
	);
}

function NewRoom({ name, onClose }: { name: string; onClose: () => void }) {
	const { directory } = useLive();
	const { isBusy, error, run } = useAct();
	const router = useRouter();
	return (
		<NewRoomDialog
			name={name}
			visibility="private"
			isBusy={isBusy}
			error={error}
			onClose={onClose}
			onCreate={(room) =>
				run(async () => {
					const { roomId, created } = await directory.openRoom(room);
					if (!created) throw new Problem("name_taken", "There is a room of this name already.");
					onClose();
					router.push(`/r/${roomId}`);
				})
			}
		/>
	);
}

function NewWorkspace({ rooms, onClose }: { rooms: SidebarData["rooms"]; onClose: () => void }) {
	const router = useRouter();
	return (
		<NewWorkspaceDialog
			rooms={rooms.filter((room) => room.visibility !== "direct")}
			onClose={onClose}
			onMade={(workspaceId) => {
				onClose();
				router.push(`/w/${workspaceId}`);
			}}
		/>
	);
}

function Notifications({ onClose }: { onClose: () => void }) {
	const { inbox } = useLive();
	const { quietHours } = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const { isBusy, error, run } = useAct();
	const save = (chosen: QuietHours | null) =>
		run(async () => {
			await inbox.setQuietHours(chosen);
			onClose();
		});
	return <NotificationsDialog quietHours={quietHours} isBusy={isBusy} error={error} onSave={save} onClose={onClose} />;
}

/** One act at a time, with what it was refused for in words. */
function useAct() {
	const [state, setState] = useState<{ isBusy: boolean; error: string | null }>({ isBusy: false, error: null });
	const run = async (act: () => Promise<void>) => {
		setState({ isBusy: true, error: null });
		try {
			await act();
			setState({ isBusy: false, error: null });
		} catch (error) {
			setState({ isBusy: false, error: wordsFor(error) });
		}
	};
	return { ...state, run };
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

async function signOut(): Promise<void> {
	await fetch("/api/auth/sign-out", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: "{}",
	});
	// A whole new page: nothing of this person stays in memory.
	location.assign("/sign-in");
}
