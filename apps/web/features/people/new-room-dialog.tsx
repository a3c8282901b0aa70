"use client";
import { Hash, Lock } from "lucide-react";
import { useState } from "react";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { OptionGroup } from "../../ui/option-group.tsx";

export interface NewRoom {
	name: string;
	topic: string;
	visibility: "public" | "private";
}

interface NewRoomDialogProps {
	/** What was typed before it came to making one. */
	name: string;
	visibility: NewRoom["visibility"];
	isBusy: boolean;
	error: string | null;
	onCreate: (room: NewRoom) => void;
	onClose: () => void;
}

export default function NewRoomDialog({ isBusy, error, onCreate, onClose, ...first }: NewRoomDialogProps) {
	const [name, setName] = useState(first.name);
	const [topic, setTopic] = useState("");
	const [visibility, setVisibility] = useState(first.visibility);
	return (
		<FormDialog
			title="New room"
			act="Create room"
			canAct={name.trim() !== ""}
			isBusy={isBusy}
			onAct={() => onCreate({ name: name.trim(), topic: topic.trim(), visibility })}
			onClose={onClose}
		>
			<Field
				label="Name"
				value={name}
				maxLength={64}
				autoComplete="off"
				placeholder="What is it about?"
				error={error ?? undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<Field
				label="Topic"
				value={topic}
				maxLength={250}
				autoComplete="off"
				hint="Stands beside the name. It can be changed at any time."
				onChange={(event) => setTopic(event.target.value)}
			/>
			<OptionGroup
				label="Who can enter"
				name="visibility"
				value={visibility}
				options={CIRCLES}
				onChange={setVisibility}
			/>
		</FormDialog>
	);
}

const CIRCLES = [
	{
		value: "public",
		icon: <Hash />,
		title: "Everyone here",
		meaning: "All members of this server find it and can join.",
	},
	{
		value: "private",
		icon: <Lock />,
		title: "By invitation",
		meaning: "Only people who are invited know that it exists.",
	},
] as const;
