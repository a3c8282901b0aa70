"use client";
import type { PersonRow } from "@bullpen/domain/directory";
import { statusNow } from "@bullpen/domain/directory-view";
import { useRef, useState } from "react";
import { useLive } from "../../live/live.tsx";
import { useAct } from "../../live/use-act.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { accountCalls } from "./account-calls.ts";
import { smallPicture } from "./small-picture.ts";

const HOUR_MS = 3_600_000;
const DURATIONS = [
	{ value: "", label: "Until I change it", forMs: () => undefined },
	{ value: "30m", label: "For 30 minutes", forMs: () => HOUR_MS / 2 },
	{ value: "1h", label: "For an hour", forMs: () => HOUR_MS },
	{ value: "4h", label: "For 4 hours", forMs: () => 4 * HOUR_MS },
	{ value: "today", label: "Until tonight", forMs: () => new Date().setHours(24, 0, 0, 0) - Date.now() },
	{ value: "week", label: "For a week", forMs: () => 7 * 24 * HOUR_MS },
] as const;
const EMOJI = ["💬", "📅", "🍜", "🏠", "🌴", "🤒", "🎧"];

/** What others see of oneself: picture, name, and what one says of oneself for a while. */
export function ProfileForm({ person, onDone }: { person: PersonRow; onDone: () => void }) {
	const { directory } = useLive();
	const before = statusNow(person, Date.now());
	const [name, setName] = useState(person.name);
	const [text, setText] = useState(before?.text ?? "");
	const [emoji, setEmoji] = useState(before?.emoji ?? "");
	const [duration, setDuration] = useState("");
	const [refusal, setRefusal] = useState<string | null>(null);
	const { isBusy, error, run } = useAct();
	const save = async () => {
		const refused = name.trim() === person.name ? null : await accountCalls.setName(name);
		setRefusal(refused);
		if (refused !== null) return;
		const forMs = DURATIONS.find(({ value }) => value === duration)?.forMs();
		const status = { text, ...(emoji === "" ? {} : { emoji }), ...(forMs === undefined ? {} : { forMs }) };
		if (await run(() => directory.setStatus(status))) onDone();
	};
	return (
		<form
			className="space-y-5"
			onSubmit={async (event) => {
				event.preventDefault();
				await save();
			}}
		>
			<PictureChooser person={person} onRefused={setRefusal} />
			<Field
				label="Name"
				value={name}
				maxLength={40}
				autoComplete="nickname"
				spellCheck={false}
				error={refusal ?? undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<div>
				<Field
					label="Status"
					value={text}
					maxLength={80}
					autoComplete="off"
					placeholder="What are you up to?"
					error={error ?? undefined}
					onChange={(event) => setText(event.target.value)}
				/>
				<div role="radiogroup" aria-label="Emoji of the status" className="mt-2 flex flex-wrap gap-1">
					{["", ...EMOJI, ...(emoji !== "" && !EMOJI.includes(emoji) ? [emoji] : [])].map((one) => (
						<label
							key={one}
							className="flex size-9 cursor-pointer items-center justify-center rounded-md text-md has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-accent hover:bg-hover pointer-coarse:size-11"
						>
							<input
								type="radio"
								name="emoji"
								className="sr-only"
								aria-label={one === "" ? "No emoji" : one}
								checked={emoji === one}
								onChange={() => setEmoji(one)}
							/>
							<span aria-hidden="true" className={one === "" ? "text-text-faint text-xs" : ""}>
								{one === "" ? "none" : one}
							</span>
						</label>
					))}
				</div>
			</div>
			<SelectField label="Shown" value={duration} onChange={(event) => setDuration(event.target.value)}>
				{DURATIONS.map(({ value, label }) => (
					<option key={value} value={value}>
						{label}
					</option>
				))}
			</SelectField>
			<div className="flex justify-end gap-2">
				<Button onClick={onDone}>Cancel</Button>
				<Button type="submit" variant="primary" isBusy={isBusy} disabled={name.trim() === ""}>
					Save
				</Button>
			</div>
		</form>
	);
}

interface PictureChooserProps {
	person: PersonRow;
	onRefused: (refusal: string | null) => void;
}

function PictureChooser({ person, onRefused }: PictureChooserProps) {
	const input = useRef<HTMLInputElement>(null);
	const [isBusy, setBusy] = useState(false);
	const put = async (file: File | undefined) => {
		if (file === undefined) return;
		setBusy(true);
		const picture = await smallPicture(file);
		onRefused(
			picture === null ? "This file is not a picture that can be shown here." : await accountCalls.putPicture(picture),
		);
		setBusy(false);
	};
	return (
		<div className="flex items-center gap-4">
			<Avatar id={person.id} name={person.name} size="lg" />
			<div className="flex flex-wrap gap-2">
				<input
					ref={input}
					type="file"
					accept="image/png,image/jpeg,image/gif,image/webp"
					aria-label="Picture"
					className="sr-only"
					tabIndex={-1}
					onChange={(event) => put(event.target.files?.[0])}
				/>
				<Button size="sm" isBusy={isBusy} onClick={() => input.current?.click()}>
					{person.pictureId === undefined ? "Add a picture" : "Another picture"}
				</Button>
				{person.pictureId !== undefined && (
					<Button size="sm" variant="ghost" onClick={async () => onRefused(await accountCalls.removePicture())}>
						Remove
					</Button>
				)}
			</div>
		</div>
	);
}
