"use client";
import type { WorkspaceVisibility } from "@bullpen/domain/workspace";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { type Circle, CircleFields } from "./circle-fields.tsx";

const FORM = "workspace-access";

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
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const save = async () => {
		setBusy(true);
		const refused = await onChange(chosen, chosen === "room" ? circle.roomId : undefined);
		setBusy(false);
		if (refused === null) onClose();
		else setError(refused);
	};
	return (
		<Dialog
			title="Change who can enter"
			description="It counts at once. Whoever was invited by name stays, whatever you choose."
			onClose={onClose}
			footer={
				<>
					<Button onClick={onClose}>Cancel</Button>
					<Button type="submit" form={FORM} variant="primary" isBusy={isBusy}>
						Save
					</Button>
				</>
			}
		>
			<form
				id={FORM}
				className="grid gap-2 overflow-y-auto px-5 pt-4 pb-1"
				onSubmit={(event) => {
					event.preventDefault();
					void save();
				}}
			>
				<CircleFields circle={circle} rooms={rooms} onChange={setCircle} />
				{chosen === "private" && visibility !== "private" && (
					<p className="text-sm text-text-muted">
						{visibility === "room"
							? "Whoever is here through the room loses sight of it: invite by name who is to stay."
							: "Whoever only looked loses sight of it. Those who have taken part stay, until you remove them."}
					</p>
				)}
				{error && (
					<p role="alert" className="text-danger-text text-sm">
						{error}
					</p>
				)}
			</form>
		</Dialog>
	);
}
