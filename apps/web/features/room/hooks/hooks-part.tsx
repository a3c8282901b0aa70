"use client";
import type { Hook, HookList } from "@bullpen/domain/webhook";
import { Webhook } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { Person, PersonOf } from "../../../live/person.ts";
import { wordsFor } from "../../../live/words.ts";
import { Button } from "../../../ui/button.tsx";
import type { Question } from "../../../ui/confirm.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { HookRow } from "./hook-row.tsx";
import type { HookVerbs } from "./hook-verbs.ts";

const Confirm = fetched(() => import("../../../ui/confirm.tsx"));
const NewHookDialog = fetched(() => import("./new-hook-dialog.tsx"));
const DeliveriesDialog = fetched(() => import("./deliveries-dialog.tsx"));

interface HooksPartProps {
	roomId: string;
	verbs: HookVerbs;
	/** Bots in this room. */
	bots: readonly Person[];
	personOf: PersonOf;
	/** Of an archived room webhooks can only be stopped and removed. */
	canMake: boolean;
}

/** Programs outside that speak in this room, or are told what happens in it. */
export function HooksPart({ roomId, verbs, bots, personOf, canMake }: HooksPartProps) {
	const [hooks, setHooks] = useState<HookList["hooks"] | null>(null);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isMaking, setMaking] = useState(false);
	const [watched, setWatched] = useState<Hook | null>(null);
	const [question, setQuestion] = useState<Question | null>(null);
	const { getHooks } = verbs;
	const reload = useCallback(() => {
		getHooks().then(
			(read) => {
				setHooks(read);
				setRefusal(null);
			},
			(error: unknown) => setRefusal(wordsFor(error)),
		);
	}, [getHooks]);
	useEffect(reload, [reload]);
	const remove = (hook: Hook): void =>
		setQuestion({
			title: `Remove “${hook.name}”?`,
			description: "Its address and its secret are good for nothing from then on. What it said stays.",
			act: "Remove",
			onAct: async () => {
				const refused = await verbs.removeHook(hook.id);
				reload();
				return refused;
			},
		});
	return (
		<div className="space-y-4">
			{hooks === null && refusal === null && <SkeletonRows label="Loading webhooks" count={2} />}
			{refusal !== null && (
				<p role="alert" className="flex flex-wrap items-center gap-3 text-danger-text text-sm">
					{refusal}
					<Button size="sm" onClick={reload}>
						Try again
					</Button>
				</p>
			)}
			{hooks !== null && hooks.length === 0 && (
				<p className="text-sm text-text-muted">
					No webhook yet. With one a program posts here, a build server say, or is told what happens here.
				</p>
			)}
			{hooks !== null && hooks.length > 0 && (
				<ul className="divide-y divide-line rounded-lg border border-line">
					{hooks.map(({ hook, progress }) => (
						<HookRow
							key={hook.id}
							hook={hook}
							progress={progress}
							personOf={personOf}
							onWatch={() => setWatched(hook)}
							onSetActive={async (isActive) => {
								setRefusal(await verbs.setHookActive(hook.id, isActive));
								reload();
							}}
							onRemove={() => remove(hook)}
						/>
					))}
				</ul>
			)}
			{canMake && (
				<Button onClick={() => setMaking(true)}>
					<Webhook className="size-4" aria-hidden="true" />
					New webhook
				</Button>
			)}
			{isMaking && (
				<NewHookDialog roomId={roomId} bots={bots} verbs={verbs} onMade={reload} onClose={() => setMaking(false)} />
			)}
			{watched && <DeliveriesDialog hook={watched} verbs={verbs} onClose={() => setWatched(null)} />}
			{question && <Confirm question={question} onClose={() => setQuestion(null)} />}
		</div>
	);
}
