"use client";
import { Problem } from "@bullpen/domain/problem";
import { useRouter } from "next/navigation";
import NewRoomDialog from "../../../features/people/new-room-dialog.tsx";
import { useLive } from "../../../live/live.tsx";
import { useAct } from "../../../live/use-act.ts";

export default function NewRoom({ name, onClose }: { name: string; onClose: () => void }) {
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
