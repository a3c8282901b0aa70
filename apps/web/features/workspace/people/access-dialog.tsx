"use client";
import type { WorkspaceVisibility } from "@bullpen/domain/workspace";
import { Globe, Hash, Lock } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Option } from "../../../ui/option.tsx";
import { CIRCLES } from "./role-words.ts";

const FORM = "workspace-access";
const ICONS = { server: <Globe />, room: <Hash />, private: <Lock /> } as const;

interface AccessDialogProps {
	visibility: WorkspaceVisibility;
	roomId: string | undefined;
	rooms: readonly { id: string; name: string }[];
	/** Why it was refused, in words, or null when it is done. */
	onChange: (visibility: WorkspaceVisibility, roomId: string | undefined) => Promise<string | null>;
	onClose: () => void;
}

export default function AccessDialog({ visibility, roomId, rooms, onChange, onClose }: AccessDialogProps) {
	const [chosen, setChosen] = useState(visibility);
	const [chosenRoom, setChosenRoom] = useState(roomId ?? rooms[0]?.id ?? "");
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const save = async () => {
		setBusy(true);
		const refused = await onChange(chosen, chosen === "room" ? chosenRoom : undefined);
		setBusy(false);
		if (refused === null) onClose();
		else setError(refused);
	};
	const circles = (["server", "room", "private"] as const).filter((one) => one !== "room" || rooms.length > 0);
	return (
		<Dialog
			title="Who can enter"
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
				{circles.map((one) => (
					<Option
						key={one}
						name="circle"
						value={one}
						isChecked={chosen === one}
						icon={ICONS[one]}
						title={CIRCLES[one].label}
						onChange={() => setChosen(one)}
					>
						{CIRCLES[one].meaning}
					</Option>
				))}
				{chosen === "room" && (
					<label className="flex items-center gap-2 ps-1 text-sm">
						<span className="text-text-muted">Room</span>
						<select
							className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-raised px-2 text-sm pointer-coarse:h-11"
							value={chosenRoom}
							onChange={(event) => setChosenRoom(event.target.value)}
						>
							{rooms.map((room) => (
								<option key={room.id} value={room.id}>
									{room.name}
								</option>
							))}
						</select>
					</label>
				)}
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
