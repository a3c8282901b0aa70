"use client";
import type { WorkspaceVisibility } from "@bullpen/domain/workspace";
import { useState } from "react";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { useAttempt } from "../../../ui/use-attempt.ts";
import { type Circle, CircleFields } from "./circle-fields.tsx";

interface AccessDialogProps {
	visibility: WorkspaceVisibility;
	roomId: string | undefined;
	rooms: readonly { id: string; name: string }[];
	/** Why it was refused, in words, or null when it is done. */
	onChange: (visibility: WorkspaceVisibility, roomId: string | undefined) => Promise<string | null>;
	onClose: () => void;
}

export default function AccessDialog({ visibility, roomId, rooms, onChange, onClose }: AccessDialogProps) {
	const [circle, setCircle] = useState<Circle>({ visibility, roomId: roomId ?? rooms[0]?.id ?? "" });
	const chosen = circle.visibility;
	const { isBusy, refusal, run } = useAttempt(onClose);
	return (
		<FormDialog
			title="Change who can enter"
			description="It counts at once. Whoever was invited by name stays, whatever you choose."
			act="Save"
			isBusy={isBusy}
			refusal={refusal}
			onAct={() => run(() => onChange(chosen, chosen === "room" ? circle.roomId : undefined))}
			onClose={onClose}
		>
			<CircleFields circle={circle} rooms={rooms} onChange={setCircle} />
			{chosen === "private" && visibility !== "private" && (
				<p className="text-sm text-text-muted">
					{visibility === "room"
						? "Whoever is here through the room loses sight of it: invite by name who is to stay."
						: "Whoever only looked loses sight of it. Those who have taken part stay, until you remove them."}
				</p>
			)}
		</FormDialog>
	);
}
