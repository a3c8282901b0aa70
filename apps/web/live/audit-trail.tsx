"use client";
import { ConnectionLost } from "@bullpen/client/refusal";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { clockOf, dayLabelOf, dayOf } from "../ui/time.ts";
import { wordsFor as problemWords } from "./words.ts";

interface Entry {
	readonly id: number;
	readonly at: number;
	readonly act: unknown;
}
interface AuditTrailProps<One extends Entry> {
	read: (page: { before?: number }) => Promise<{ entries: readonly One[]; hasMore: boolean }>;
	wordsFor: (act: One["act"]) => ReactNode;
	/** What stands here when nothing was done yet. */
	empty: string;
}
interface Read<One> {
	entries: readonly One[];
	hasMore: boolean;
	phase: "loading" | "ready" | "failed";
	problem: string;
}

/** Acts by day, the newest first, a page at a time. */
export function AuditTrail<One extends Entry>({ read, wordsFor, empty }: AuditTrailProps<One>) {
	const [{ entries, hasMore, phase, problem }, setRead] = useState<Read<One>>(NOTHING);
	const load = useCallback(
		async (before?: number) => {
			setRead((now) => ({ ...now, phase: "loading" }));
			try {
				const page = await read(before === undefined ? {} : { before });
				setRead((now) => ({
					entries: before === undefined ? page.entries : [...now.entries, ...page.entries],
					hasMore: page.hasMore,
					phase: "ready",
					problem: "",
				}));
			} catch (error) {
				setRead((now) => ({ ...now, phase: "failed", problem: readProblem(error) }));
			}
		},
		[read],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: read once when it opens; `read` is made anew with every drawing.
	useEffect(() => {
		void load();
	}, []);
	const last = entries.at(-1)?.id;
	if (phase === "loading" && entries.length === 0) return <SkeletonRows label="Loading activity" count={3} />;
	if (phase === "failed" && entries.length === 0) {
		return (
			<p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
				{problem}
				<Button size="sm" onClick={() => load()}>
					Try again
				</Button>
			</p>
		);
	}
	if (entries.length === 0) return <p className="text-sm text-text-muted">{empty}</p>;
	return (
		<>
			<ol>
				{entries.map((entry, index) => {
					const previous = entries[index - 1];
					const isNewDay = previous === undefined || dayOf(previous.at) !== dayOf(entry.at);
					return (
						<li key={entry.id}>
							{isNewDay && (
								<h3 className="pt-4 pb-1 font-medium text-text-faint text-xs first:pt-0">
									{dayLabelOf(entry.at, Date.now())}
								</h3>
							)}
							<p className="flex gap-3 border-line border-b py-2 text-sm">
								<span className="min-w-0 flex-1">{wordsFor(entry.act)}</span>
								<time dateTime={new Date(entry.at).toISOString()} className="shrink-0 text-text-faint tabular-nums">
									{clockOf(entry.at)}
								</time>
							</p>
						</li>
					);
				})}
			</ol>
			{phase === "failed" && (
				<p role="alert" className="pt-3 text-danger-text text-sm">
					{problem}
				</p>
			)}
			{hasMore && (
				<Button className="mt-4 self-center" isBusy={phase === "loading"} onClick={() => load(last)}>
					Show older
				</Button>
			)}
		</>
	);
}

/** Nothing was done by reading, so nothing is unknown about it. */
const readProblem = (error: unknown): string =>
	error instanceof ConnectionLost ? "This could not be read: the connection was lost." : problemWords(error);

const NOTHING = { entries: [], hasMore: false, phase: "loading", problem: "" } as const;
