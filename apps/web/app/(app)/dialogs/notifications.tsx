"use client";
import type { QuietHours } from "@bullpen/domain/inbox";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import NotificationsDialog from "../../../features/inbox/notifications-dialog.tsx";
import { useLive } from "../../../live/live.tsx";
import { useAct } from "../../../live/use-act.ts";
import { usePush } from "../../../live/use-push.ts";

export default function Notifications({ onClose }: { onClose: () => void }) {
	const { inbox } = useLive();
	const { push, state } = usePush();
	const look = useCallback(() => push.use((device) => device.look()), [push]);
	useEffect(() => {
		if (push.getSnapshot().phase === "unknown") look().catch(() => undefined); // out of reach: it goes on saying so
	}, [push, look]);
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
				enable: () => push.use((device) => device.enable()),
				disable: () => push.use((device) => device.disable()),
				look,
				setShowsText: (showsText) => push.use((device) => device.setShowsText(showsText)),
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
