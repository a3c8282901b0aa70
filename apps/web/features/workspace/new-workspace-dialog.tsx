"use client";
import { KeyRound, Server, Sparkles } from "lucide-react";
import { useState } from "react";
import { offerWords } from "../../live/agent-words.ts";
import { useOffers } from "../../live/use-offers.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Link } from "../../ui/link.tsx";
import { Option } from "../../ui/option.tsx";
import { Bringing } from "./origin/bringing.tsx";
import { percentOf } from "./origin/origin-words.ts";
import { Progress } from "./origin/progress.tsx";
import { chosenOrigin, EMPTY_DRAFT, StartFromFields } from "./origin/start-from-fields.tsx";
import { useNewWorkspace } from "./origin/use-new-workspace.ts";
import { type Circle, CircleFields, chosenCircle } from "./people/circle-fields.tsx";

interface NewWorkspaceDialogProps {
	/** Rooms that a workspace can be for. */
	rooms: readonly { id: string; name: string }[];
	/** It is there, with its files. */
	onMade: (workspaceId: string) => void;
	onClose: () => void;
}

export default function NewWorkspaceDialog({ rooms, onMade, onClose }: NewWorkspaceDialogProps) {
	const { making, create: make, ended, refused, cancel, again } = useNewWorkspace(onMade);
	const [draft, setDraft] = useState(EMPTY_DRAFT);
	const origin = chosenOrigin(draft);
	const offers = useOffers().toSorted((one, other) => Number(other.isReady) - Number(one.isReady));
	const [name, setName] = useState("");
	const [circle, setCircle] = useState<Circle>({ visibility: "server", roomId: rooms[0]?.id ?? "" });
	const [chosenAgent, setChosenAgent] = useState<string | null>(null);
	const [chosenPayer, setChosenPayer] = useState<"server" | "me" | null>(null);
	const offer = offers.find((one) => one.name === chosenAgent && one.isReady) ?? offers.find((one) => one.isDefault);
	const payers = offer?.payers ?? [];
	const payer = payers.find((one) => one === chosenPayer) ?? payers[0] ?? "server";
	const create = () => {
		if (!offer || !origin) return;
		make({ name: name.trim(), agent: offer.name, payer, ...chosenCircle(circle) }, origin);
	};
	if (making.step === "uploading" || making.step === "starting" || making.step === "failed") {
		return (
			<Dialog title="New workspace" onClose={onClose}>
				{making.step === "uploading" && (
					<Progress label={`Uploading…${percentOf(making.done)}`} done={making.done}>
						<Button onClick={cancel}>Cancel</Button>
					</Progress>
				)}
				{making.step === "starting" && (
					<Bringing
						key={making.workspaceId}
						workspaceId={making.workspaceId}
						start={making.start}
						onEnd={ended}
						onRefused={refused}
					/>
				)}
				{making.step === "failed" && (
					<div className="px-5 pt-3 pb-5">
						<p role="alert" className="text-sm">
							<strong className="font-semibold">The files did not come in.</strong> {making.reason}
						</p>
						{making.detail && <p className="mt-1 text-sm text-text-muted [overflow-wrap:anywhere]">{making.detail}</p>}
						<div className="mt-5 flex justify-end gap-2">
							<Button onClick={() => onMade(making.workspaceId)}>Open it empty</Button>
							<Button variant="primary" onClick={again}>
								Change and try again
							</Button>
						</div>
					</div>
				)}
			</Dialog>
		);
	}
	return (
		<FormDialog
			title="New workspace"
			description="A place where an agent works and everyone can watch, steer and answer."
			act="Create workspace"
			canAct={name.trim() !== "" && offer !== undefined && origin !== null}
			isBusy={making.step === "creating"}
			onAct={create}
			onClose={onClose}
		>
			<Field
				label="Name"
				value={name}
				maxLength={64}
				autoComplete="off"
				placeholder="What is it for?"
				error={making.step === "form" ? (making.error ?? undefined) : undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<fieldset className="grid gap-1.5">
				<legend className="mb-1.5 font-medium text-sm">Agent</legend>
				{offers.length === 0 && (
					<p role="status" className="text-sm text-text-muted">
						The server is still looking which agents it has.
					</p>
				)}
				{offers.map((one) => (
					<Option
						key={one.name}
						name="agent"
						value={one.name}
						isChecked={one === offer}
						isDisabled={!one.isReady}
						icon={<Sparkles />}
						title={one.title}
						onChange={() => setChosenAgent(one.name)}
					>
						{offerWords(one)}
					</Option>
				))}
				{offers.some((one) => one.needsKey && one.payers.length === 0) && (
					<p className="text-xs">
						<Link
							href="/settings"
							onClick={onClose}
							className="inline-flex items-center gap-1.5 rounded-xs text-accent-text underline underline-offset-2 [&_svg]:size-3.5"
						>
							<KeyRound aria-hidden="true" />
							Add a key
						</Link>
					</p>
				)}
			</fieldset>
			{payers.length > 1 && (
				<fieldset className="grid gap-2">
					<legend className="mb-1.5 font-medium text-sm">Who pays for the model</legend>
					<Option
						name="payer"
						value="server"
						isChecked={payer === "server"}
						icon={<Server />}
						title="The server"
						onChange={() => setChosenPayer("server")}
					>
						With the key that its owner gave for everybody.
					</Option>
					<Option
						name="payer"
						value="me"
						isChecked={payer === "me"}
						icon={<KeyRound />}
						title="You"
						onChange={() => setChosenPayer("me")}
					>
						With your key. Everybody in the workspace sees that you pay; you can stop at any time.
					</Option>
				</fieldset>
			)}
			{payers.length === 1 && payer === "me" && (
				<p className="text-text-muted text-xs">
					Your key pays for the model. Everybody in the workspace sees that; you can stop at any time.
				</p>
			)}
			<StartFromFields draft={draft} onChange={setDraft} />
			<CircleFields circle={circle} rooms={rooms} onChange={setCircle} />
		</FormDialog>
	);
}
