"use client";
import type { Delivery, Hook } from "@bullpen/domain/webhook";
import { useCallback, useEffect, useState } from "react";
import { wordsFor } from "../../../live/words.ts";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { clockOf, dayLabelOf, durationOf, fullTimeOf } from "../../../ui/time.ts";
import type { HookVerbs } from "./hook-verbs.ts";

interface DeliveriesDialogProps {
	hook: Hook;
	verbs: HookVerbs;
	onClose: () => void;
}
interface Read {
	deliveries: readonly Delivery[];
	hasMore: boolean;
	phase: "loading" | "ready" | "failed";
	why: string;
}

/** What became of what a webhook was to tell, the newest try first. */
export default function DeliveriesDialog({ hook, verbs, onClose }: DeliveriesDialogProps) {
	const [{ deliveries, hasMore, phase, why }, setRead] = useState<Read>(NOTHING);
	const { getDeliveries } = verbs;
	const load = useCallback(
		async (before?: number) => {
			setRead((now) => ({ ...now, phase: "loading" }));
			try {
				const page = await getDeliveries({ id: hook.id, limit: 30, ...(before !== undefined && { before }) });
				setRead((now) => ({
					deliveries: before === undefined ? page.deliveries : [...now.deliveries, ...page.deliveries],
					hasMore: page.hasMore,
					phase: "ready",
					why: "",
				}));
			} catch (error) {
				setRead((now) => ({ ...now, phase: "failed", why: wordsFor(error) }));
			}
		},
		[getDeliveries, hook.id],
	);
	useEffect(() => void load(), [load]);
	return (
		<Dialog
			title={`Deliveries of “${hook.name}”`}
			onClose={onClose}
			className="max-w-160"
			footer={
				<>
					{hasMore && (
						<Button isBusy={phase === "loading"} onClick={() => load(deliveries.at(-1)?.id)}>
							Show older
						</Button>
					)}
					<Button isBusy={phase === "loading" && !hasMore} onClick={() => load()}>
						Look again
					</Button>
				</>
			}
		>
			<div className="min-h-32 overflow-y-auto px-5 pt-3">
				{phase === "loading" && deliveries.length === 0 && <SkeletonRows label="Loading deliveries" count={4} />}
				{phase === "failed" && (
					<p role="alert" className="text-danger-text text-sm">
						{why}
					</p>
				)}
				{phase === "ready" && deliveries.length === 0 && (
					<p className="text-sm text-text-muted">Nothing was told yet.</p>
				)}
				<ul className="divide-y divide-line">
					{deliveries.map((delivery) => (
						<DeliveryRow key={delivery.id} delivery={delivery} />
					))}
				</ul>
			</div>
		</Dialog>
	);
}

const OUTCOMES = {
	delivered: ["Delivered", "accent"],
	retried: ["Tried again", "attention"],
	"given-up": ["Given up", "danger"],
} as const satisfies Record<Delivery["outcome"], readonly [string, Tone]>;
const FAILURES = {
	"address-refused": "leads to a private address",
	"name-unknown": "no such name",
	"not-reached": "not reached",
	"timed-out": "no answer in time",
} as const satisfies Record<NonNullable<Delivery["failure"]>, string>;

function DeliveryRow({ delivery }: { delivery: Delivery }) {
	const { event, at, attempt, outcome, status, failure, tookMs } = delivery;
	const [words, tone] = OUTCOMES[outcome];
	const day = dayLabelOf(at, Date.now());
	const facts = [status ?? (failure && FAILURES[failure]), attempt > 1 && `try ${attempt}`, tookWords(tookMs)];
	return (
		<li className="grid grid-cols-[5.5rem_1fr_auto] items-center gap-x-3 gap-y-1 py-2 text-xs sm:grid-cols-[5.5rem_8.5rem_1fr_auto]">
			<Badge tone={tone} className="w-full justify-center">
				{words}
			</Badge>
			<span className="font-mono">{event}</span>
			<span className="text-text-muted tabular-nums max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-2">
				{facts.filter(Boolean).join(" · ")}
			</span>
			<time
				dateTime={new Date(at).toISOString()}
				title={fullTimeOf(at)}
				className="text-end text-text-faint tabular-nums"
			>
				{day === "Today" ? clockOf(at) : `${day}, ${clockOf(at)}`}
			</time>
		</li>
	);
}

/** Most answers come at once: tenths of a second would say nothing of them. */
const tookWords = (ms: number): string => (ms < 1_000 ? `${ms} ms` : durationOf(ms));

const NOTHING: Read = { deliveries: [], hasMore: false, phase: "loading", why: "" };
