"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import type { QuietHours } from "@bullpen/domain/inbox";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useMemo, useSyncExternalStore } from "react";
import type { Choice } from "../../features/inbox/choices.ts";
import type { SidebarData } from "../../features/inbox/sidebar-data.ts";
import type { useSidebar } from "../../features/inbox/use-sidebar.ts";
import { useLive } from "../../live/live.tsx";
import { useAct } from "../../live/use-act.ts";
import { usePush } from "../../live/use-push.ts";

const Switcher = lazy(() => import("../../features/inbox/switcher.tsx"));
const NotificationsDialog = lazy(() => import("../../features/inbox/notifications-dialog.tsx"));
const NewWorkspaceDialog = lazy(() => import("../../features/workspace/new-workspace-dialog.tsx"));
const NewMessageDialog = lazy(() => import("../../features/people/new-message-dialog.tsx"));
const NewRoomDialog = lazy(() => import("../../features/people/new-room-dialog.tsx"));

export type Opened = "switcher" | "notifications" | "new-workspace" | "new-message" | { newRoom: string } | null;

interface FrameDialogsProps {
	opened: Opened;
	sidebar: ReturnType<typeof useSidebar>;
	onOpen: (opened: Opened) => void;
}

/** What can be opened from everywhere. */
export function FrameDialogs({ opened, sidebar, onOpen }: FrameDialogsProps) {
	const close = useCallback(() => onOpen(null), [onOpen]);
	return (
		<Suspense>
			{opened === "switcher" && (
				<OpenRoom choosable={sidebar.choosable} onNewRoom={(name) => onOpen({ newRoom: name })} onClose={close} />
			)}
			{opened === "new-message" && <NewMessage onClose={close} />}
			{typeof opened === "object" && opened !== null && <NewRoom name={opened.newRoom} onClose={close} />}
			{opened === "notifications" && <Notifications onClose={close} />}
			{opened === "new-workspace" && <NewWorkspace rooms={sidebar.data.rooms} onClose={close} />}
		</Suspense>
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
	const { push, state } = usePush();
	const { quietHours } = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const { isBusy, error, run } = useAct();
	const save = (chosen: QuietHours | null) =>
		run(async () => {
			await inbox.setQuietHours(chosen);
			onClose();
		});
	const test = async () => {
		try {
			return state.phase === "on" ? await inbox.testPush(state.deviceId) : null;
		} catch {
			return null; // the dialog says so
		}
	};
	return (
		<NotificationsDialog
			device={state}
			deviceVerbs={{
				enable: () => push.enable(),
				disable: () => push.disable(),
				look: () => push.look(),
				setShowsText: (showsText) => push.setShowsText(showsText),
				test,
			}}
			quietHours={quietHours}
			isBusy={isBusy}
			error={error}
			onSave={save}
			onClose={onClose}
		/>
	);
}
