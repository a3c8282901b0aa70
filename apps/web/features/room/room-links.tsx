"use client";
import type { RoomLink } from "@bullpen/domain/room-link";
import { Link2, Trash2 } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useLive } from "../../live/live.tsx";
import type { PersonOf } from "../../live/person.ts";
import { wordsFor } from "../../live/words.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { dayLabelOf } from "../../ui/time.ts";
import type { GovernVerbs } from "./governance.ts";
import { serverLink } from "./server-link.ts";

const DAY_MS = 86_400_000;

interface RoomLinksProps {
	roomId: string;
	verbs: GovernVerbs;
	personOf: PersonOf;
}

/** Links that let people into a room: those that work, and how to make one. */
export function RoomLinks({ roomId, verbs, personOf }: RoomLinksProps) {
	const { me } = useLive();
	const [links, setLinks] = useState<readonly RoomLink[] | null>(null);
	const [days, setDays] = useState("7");
	const [uses, setUses] = useState("");
	const [isForNew, setForNew] = useState(false);
	const [made, setMade] = useState<string | null>(null);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const { getLinks, createLink, revokeLink } = verbs;
	const reload = useCallback(() => {
		getLinks().then(setLinks, (error: unknown) => setRefusal(wordsFor(error)));
	}, [getLinks]);
	useEffect(reload, [reload]);
	const make = async () => {
		setBusy(true);
		try {
			const usesMax = isForNew ? 1 : Number(uses);
			const { secret } = await createLink({
				forMs: Number(days) * DAY_MS,
				...(usesMax > 0 && { usesMax }),
			});
			setMade(isForNew ? await serverLink(roomId, secret) : `${location.origin}/i/${roomId}#${secret}`);
			setRefusal(null);
			reload();
		} catch (error) {
			setRefusal(wordsFor(error));
		}
		setBusy(false);
	};
	return (
		<div className="space-y-4">
			<div className="flex flex-wrap items-end gap-3">
				<SelectField
					className="min-w-32 flex-1"
					label="Works for"
					value={days}
					onChange={(event) => setDays(event.target.value)}
				>
					<option value="1">A day</option>
					<option value="7">A week</option>
					<option value="30">30 days</option>
				</SelectField>
				<SelectField
					className="min-w-32 flex-1"
					label="Lets in"
					value={isForNew ? "1" : uses}
					disabled={isForNew}
					onChange={(event) => setUses(event.target.value)}
				>
					<option value="">Any number</option>
					<option value="1">1 person</option>
					<option value="10">10 people</option>
					<option value="100">100 people</option>
				</SelectField>
				<Button isBusy={isBusy} onClick={make}>
					<Link2 className="size-4" aria-hidden="true" />
					Make a link
				</Button>
			</div>
			{me.role === "owner" && (
				<label className="flex items-start gap-2 text-sm text-text-muted">
					<input
						type="checkbox"
						className="mt-0.5 size-4 shrink-0 accent-accent"
						checked={isForNew}
						onChange={(event) => setForNew(event.target.checked)}
					/>
					For somebody without an account here: it makes one, too
				</label>
			)}
			{made !== null && <CopyField label="Link" value={made} note="It is not shown again." />}
			{refusal !== null && (
				<p role="alert" className="text-danger-text text-sm">
					{refusal}
				</p>
			)}
			{links !== null && links.length > 0 && (
				<ul className="divide-y divide-line rounded-lg border border-line">
					{links.map((link) => (
						<li key={link.id} className="flex items-center gap-3 py-1.5 ps-3 pe-1.5 text-sm">
							<span className="min-w-0 flex-1">
								<span className="block truncate">By {personOf(link.createdBy).name}</span>
								<span className="block text-text-faint text-xs">
									{usesOf(link)}, works until {dayLabelOf(link.expiresAt, Date.now())}
								</span>
							</span>
							<IconButton
								label="Withdraw this link"
								variant="danger"
								tip="none"
								onClick={async () => {
									setRefusal(await revokeLink(link.id));
									setMade(null);
									reload();
								}}
							>
								<Trash2 />
							</IconButton>
						</li>
					))}
				</ul>
			)}
			{links !== null && links.length === 0 && made === null && (
				<p className="text-sm text-text-faint">No link works at the moment.</p>
			)}
		</div>
	);
}

function usesOf({ uses, usesMax }: RoomLink): string {
	if (uses === 0) return usesMax === null ? "Not used yet" : `None of ${usesMax} used`;
	return usesMax === null ? `Used ${uses === 1 ? "once" : `${uses} times`}` : `${uses} of ${usesMax} used`;
}
