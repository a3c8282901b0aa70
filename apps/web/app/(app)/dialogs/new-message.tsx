"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import { LIMITS } from "@bullpen/domain/limits";
import { useRouter } from "next/navigation";
import { useMemo, useSyncExternalStore } from "react";
import NewMessageDialog from "../../../features/people/new-message-dialog.tsx";
import { useLive } from "../../../live/live.tsx";
import { useAct } from "../../../live/use-act.ts";

export default function NewMessage({ onClose }: { onClose: () => void }) {
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
