"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { Archive, ArchiveRestore, DoorOpen } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { AuditTrail } from "../../live/audit-trail.tsx";
import type { PersonOf } from "../../live/person.ts";
import { Button } from "../../ui/button.tsx";
import type { Question } from "../../ui/confirm.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { Field } from "../../ui/field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { actWords } from "./act-words.tsx";
import { ExportPart } from "./export/export-part.tsx";
import type { Governance, GovernVerbs } from "./governance.ts";
import { HooksPart } from "./hooks/hooks-part.tsx";
import { RoomLinks } from "./room-links.tsx";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));

interface SettingsSheetProps {
	room: { id: string; name: string; topic: string; visibility: "public" | "private" | "direct" };
	governance: Governance;
	verbs: GovernVerbs;
	personOf: PersonOf;
	onClose: () => void;
}

/** Everything about a room that is not what is said in it. */
export default function SettingsSheet({ room, governance, verbs, personOf, onClose }: SettingsSheetProps) {
	const [question, setQuestion] = useState<Question | null>(null);
	const { canManage, isArchived } = governance;
	const isGeneral = room.id === "general";
	return (
		<Sheet title="Room settings" side="end" width="wide" onClose={onClose}>
			<div className="flex-1 space-y-8 overflow-y-auto px-4 pt-3 pb-10">
				<Part title="About">
					<About key={`${room.name} ${room.topic}`} room={room} governance={governance} verbs={verbs} />
				</Part>
				<Part title="What it keeps">
					<Retention governance={governance} verbs={verbs} />
				</Part>
				{canManage && !isArchived && (
					<Part title="Invitation links">
						<RoomLinks roomId={room.id} verbs={verbs} personOf={personOf} />
					</Part>
				)}
				{canManage && (
					<Part title="Webhooks">
						<HooksPart
							roomId={room.id}
							verbs={verbs.hooks}
							bots={governance.people.filter(({ isBot }) => isBot)}
							personOf={personOf}
							canMake={!isArchived}
						/>
					</Part>
				)}
				{canManage && (
					<Part title="Export">
						<ExportPart roomId={room.id} />
					</Part>
				)}
				<Part title={canManage && !isGeneral ? "Leave or archive" : "Leave"}>
					<div className="flex flex-wrap gap-2">
						<Button
							onClick={() =>
								setQuestion({
									title: `Leave #${room.name}?`,
									description:
										room.visibility === "public"
											? "You can join again at any time."
											: "You need a new invitation to come back.",
									act: "Leave",
									onAct: async () => {
										const refused = await verbs.leave();
										if (refused === null) onClose();
										return refused;
									},
								})
							}
						>
							<DoorOpen className="size-4" aria-hidden="true" />
							Leave room
						</Button>
						{canManage && !isGeneral && (
							<Button
								onClick={() =>
									isArchived
										? void verbs.update({ isArchived: false })
										: setQuestion({
												title: `Archive #${room.name}?`,
												description: "It can be read and searched, and nothing can be written until it is restored.",
												act: "Archive",
												onAct: () => verbs.update({ isArchived: true }),
											})
								}
							>
								{isArchived ? (
									<ArchiveRestore className="size-4" aria-hidden="true" />
								) : (
									<Archive className="size-4" aria-hidden="true" />
								)}
								{isArchived ? "Restore room" : "Archive room"}
							</Button>
						)}
					</div>
				</Part>
				{canManage && (
					<Part title="Activity">
						<AuditTrail
							read={verbs.getAudit}
							wordsFor={(act) => actWords(act, personOf)}
							empty="Nothing was changed about this room yet."
						/>
					</Part>
				)}
			</div>
			{question && <Confirm question={question} onClose={() => setQuestion(null)} />}{" "}
		</Sheet>
	);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
	const id = useId();
	return (
		<section aria-labelledby={id}>
			<h2 id={id} className="pb-3 font-semibold text-md">
				{title}
			</h2>
			{children}
		</section>
	);
}

function About({ room, governance, verbs }: Pick<SettingsSheetProps, "room" | "governance" | "verbs">) {
	const [name, setName] = useState(room.name);
	const [topic, setTopic] = useState(room.topic);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const mayChange = governance.canManage && !governance.isArchived;
	const isChanged = name.trim() !== room.name || topic.trim() !== room.topic;
	if (!mayChange) {
		return (
			<dl className="space-y-3 text-sm">
				<div>
					<dt className="text-text-faint text-xs">Name</dt>
					<dd>#{room.name}</dd>
				</div>
				<div>
					<dt className="text-text-faint text-xs">Topic</dt>
					<dd>{room.topic === "" ? "None" : room.topic}</dd>
				</div>
			</dl>
		);
	}
	return (
		<form
			className="space-y-4"
			onSubmit={async (event) => {
				event.preventDefault();
				setBusy(true);
				setRefusal(
					await verbs.update({
						...(name.trim() !== room.name && { name }),
						...(topic.trim() !== room.topic && { topic }),
					}),
				);
				setBusy(false);
			}}
		>
			<Field
				label="Name"
				value={name}
				maxLength={64}
				autoComplete="off"
				disabled={room.id === "general"}
				error={refusal ?? undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<Field
				label="Topic"
				value={topic}
				maxLength={LIMITS.topicCharsMax}
				autoComplete="off"
				onChange={(event) => setTopic(event.target.value)}
			/>
			<Button type="submit" isBusy={isBusy} disabled={!isChanged || name.trim() === ""}>
				Save
			</Button>
		</form>
	);
}

const KEPT = [1_000, 10_000, 100_000, LIMITS.retentionMessagesMax];

function Retention({ governance, verbs }: Pick<SettingsSheetProps, "governance" | "verbs">) {
	const [wished, setWished] = useState<number | null>(null);
	const { retentionMessages: kept, canManage, isArchived } = governance;
	if (!canManage || isArchived) {
		return <p className="text-sm text-text-muted">The newest {kept.toLocaleString()} messages.</p>;
	}
	const choices = [...new Set([...KEPT, kept])].sort((a, b) => a - b);
	return (
		<>
			<SelectField
				label="Messages"
				value={String(kept)}
				hint="Older ones are removed for good as new ones come."
				onChange={(event) => {
					const next = Number(event.target.value);
					if (next < kept) setWished(next);
					else void verbs.update({ retentionMessages: next });
				}}
			>
				{choices.map((choice) => (
					<option key={choice} value={choice}>
						The newest {choice.toLocaleString()}
					</option>
				))}
			</SelectField>
			{wished !== null && (
				<Confirm
					question={{
						title: `Keep only ${wished.toLocaleString()} messages?`,
						description: "What is older is removed for good, for everybody.",
						act: "Remove older ones",
						onAct: () => verbs.update({ retentionMessages: wished }),
					}}
					onClose={() => setWished(null)}
				/>
			)}
		</>
	);
}
