"use client";
import type { AuditEntry, AuditPage } from "@bullpen/domain/permission";
import { useEffect, useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { wordsFor } from "../../live/words.ts";
import { Button } from "../../ui/button.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { clockOf, dayLabelOf, dayOf, fullTimeOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { auditWords } from "./audit-words.tsx";

interface AuditListProps {
	/** Another one with every decision: then the newest are read again. */
	stamp: string;
	personOf: PersonOf;
	read: (before?: number) => Promise<AuditPage>;
}

/** Who decided what and when, newest first, page by page. */
export function AuditList({ stamp, personOf, read }: AuditListProps) {
	const { entries, hasMore, problem, isLoading, loadMore } = useAudit(stamp, read);
	const today = dayOf(useNow(60_000));
	if (problem !== null) {
		return (
			<p role="alert" className="text-danger-text text-sm">
				{problem}
			</p>
		);
	}
	if (entries === null) return <SkeletonRows label="Loading what was decided" count={3} />;
	if (entries.length === 0) return <p className="text-sm text-text-faint">Nothing yet.</p>;
	return (
		<>
			<ol aria-label="What was decided" className="space-y-2.5">
				{entries.map(({ id, at, act }) => (
					<li key={id} className="text-sm [overflow-wrap:anywhere]">
						{auditWords(act, personOf)}
						<time
							dateTime={new Date(at).toISOString()}
							title={fullTimeOf(at)}
							className="block text-text-faint text-xs"
						>
							{dayOf(at) !== today && `${dayLabelOf(at, today)}, `}
							{clockOf(at)}
						</time>
					</li>
				))}
			</ol>
			{hasMore && (
				<Button size="sm" className="mt-3" isBusy={isLoading} onClick={loadMore}>
					Show older
				</Button>
			)}
		</>
	);
}

function useAudit(stamp: string, read: AuditListProps["read"]) {
	const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
	const [hasMore, setHasMore] = useState(false);
	const [problem, setProblem] = useState<string | null>(null);
	const [isLoading, setLoading] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: again with every decision
	useEffect(() => {
		let isCurrent = true;
		read().then(
			(page) => {
				if (!isCurrent) return;
				const newest = page.entries.at(-1)?.id ?? 0;
				// What is newer joins what was read before, unless there is a gap between them.
				setEntries((known) => {
					const older = known?.filter(({ id }) => id < newest) ?? [];
					if (older[0]?.id === newest - 1) return [...page.entries, ...older];
					setHasMore(page.hasMore);
					return page.entries;
				});
				setProblem(null);
			},
			(error: unknown) => isCurrent && setProblem(wordsFor(error)),
		);
		return () => {
			isCurrent = false;
		};
	}, [stamp, read]);
	const loadMore = () => {
		setLoading(true);
		read(entries?.at(-1)?.id)
			.then(
				(page) => {
					setEntries((known) => [...(known ?? []), ...page.entries.filter(({ id }) => id < (known?.at(-1)?.id ?? 0))]);
					setHasMore(page.hasMore);
				},
				(error: unknown) => setProblem(wordsFor(error)),
			)
			.finally(() => setLoading(false));
	};
	return { entries, hasMore, problem, isLoading, loadMore };
}
