"use client";
import { LIMITS } from "@bullpen/domain/limits";
import type { HookEvent } from "@bullpen/domain/webhook";
import { ArrowDownToLine, ArrowUpFromLine } from "lucide-react";
import { useState } from "react";
import type { Person } from "../../../live/person.ts";
import { useAct } from "../../../live/use-act.ts";
import { Button } from "../../../ui/button.tsx";
import { CopyField } from "../../../ui/copy-field.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field } from "../../../ui/field.tsx";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { OptionGroup } from "../../../ui/option-group.tsx";
import { SelectField } from "../../../ui/select-field.tsx";
import type { HookVerbs } from "./hook-verbs.ts";

const DIRECTIONS = [
	{
		value: "incoming",
		icon: <ArrowDownToLine />,
		title: "A program posts here",
		meaning: "A build server or a script says something, as one of this room's bots.",
	},
	{
		value: "outgoing",
		icon: <ArrowUpFromLine />,
		title: "A program is told",
		meaning: "What happens here goes to an address of yours, signed.",
	},
] as const;
const EVENTS = [
	["message.added", "New messages"],
	["message.edited", "Edits"],
	["message.deleted", "Deletions"],
	["reaction.changed", "Reactions"],
] as const satisfies readonly (readonly [HookEvent, string])[];

interface NewHookDialogProps {
	roomId: string;
	bots: readonly Person[];
	verbs: HookVerbs;
	onMade: () => void;
	onClose: () => void;
}
type Made = Awaited<ReturnType<HookVerbs["createHook"]>>;

/** Makes a webhook, and shows its secret this once. */
export default function NewHookDialog({ roomId, bots, verbs, onMade, onClose }: NewHookDialogProps) {
	const [direction, setDirection] = useState<"incoming" | "outgoing">("incoming");
	const [name, setName] = useState("");
	const [botId, setBotId] = useState(bots[0]?.id ?? "");
	const [url, setUrl] = useState("");
	const [events, setEvents] = useState<HookEvent[]>(["message.added"]);
	const [made, setMade] = useState<Made | null>(null);
	const { isBusy, error, run } = useAct();
	if (made !== null) return <MadeDialog roomId={roomId} made={made} onClose={onClose} />;
	const isIn = direction === "incoming";
	const isWhole = isIn ? botId !== "" : url.trim() !== "" && events.length > 0;
	const input = isIn
		? { type: "incoming" as const, name, botId }
		: { type: "outgoing" as const, name, url: url.trim(), events };
	return (
		<FormDialog
			title="New webhook"
			act="Make webhook"
			canAct={name.trim() !== "" && isWhole}
			isBusy={isBusy}
			refusal={error}
			onAct={() =>
				run(async () => {
					setMade(await verbs.createHook(input));
					onMade();
				})
			}
			onClose={onClose}
		>
			<OptionGroup
				label="Which way"
				isLabelHidden
				name="direction"
				value={direction}
				options={DIRECTIONS}
				onChange={setDirection}
			/>
			<Field
				label="Name"
				value={name}
				maxLength={LIMITS.hookNameCharsMax}
				autoComplete="off"
				placeholder={isIn ? "Builds" : "Archive"}
				onChange={(event) => setName(event.target.value)}
			/>
			{isIn &&
				(bots.length === 0 ? (
					<p className="rounded-md bg-attention-soft px-3 py-2 text-attention-text text-sm">
						No bot is in this room. An owner of the server makes one; invite it here, then come back.
					</p>
				) : (
					<SelectField label="Speaks as" value={botId} onChange={(event) => setBotId(event.target.value)}>
						{bots.map((bot) => (
							<option key={bot.id} value={bot.id}>
								{bot.name}
							</option>
						))}
					</SelectField>
				))}
			{!isIn && (
				<>
					<Field
						label="Address"
						type="url"
						inputMode="url"
						value={url}
						autoComplete="off"
						placeholder="https://example.com/hook"
						onChange={(event) => setUrl(event.target.value)}
					/>
					<fieldset>
						<legend className="pb-1.5 font-medium text-sm">Is told of</legend>
						<div className="grid grid-cols-2 gap-x-5 gap-y-2">
							{EVENTS.map(([event, words]) => (
								<label key={event} className="flex items-center gap-2 text-sm pointer-coarse:min-h-9">
									<input
										type="checkbox"
										className="size-4 accent-accent"
										checked={events.includes(event)}
										onChange={({ target }) =>
											setEvents(target.checked ? [...events, event] : events.filter((one) => one !== event))
										}
									/>
									{words}
								</label>
							))}
						</div>
					</fieldset>
				</>
			)}
		</FormDialog>
	);
}

function MadeDialog({ roomId, made, onClose }: { roomId: string; made: Made; onClose: () => void }) {
	const { hook, secret } = made;
	const isIn = hook.type === "incoming";
	return (
		<Dialog
			title={`“${hook.name}” is ready`}
			description={
				isIn
					? "Send POST requests with the secret as a bearer's token, or sign them. The body is text, or JSON with a text."
					: "Its program checks with this secret that what it is told comes from here."
			}
			onClose={onClose}
			footer={
				<Button variant="primary" onClick={onClose}>
					Done
				</Button>
			}
		>
			<div className="space-y-4 overflow-y-auto px-5 pt-4">
				{isIn && <CopyField label="Address" value={`${location.origin}/api/hooks/${roomId}/${hook.id}`} />}
				<CopyField label="Secret" value={secret} note="It is not shown again." />
			</div>
		</Dialog>
	);
}
