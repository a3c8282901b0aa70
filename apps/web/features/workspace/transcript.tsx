"use client";
import { type ReactNode, useEffect, useRef } from "react";
import type { PersonOf } from "../../live/person.ts";
import { BottomList } from "../../ui/bottom-list.tsx";
import { cx } from "../../ui/cx.ts";
import { markWords, unmarkWords } from "../../ui/highlight-words.ts";
import { EntryActions } from "./entry-actions.tsx";
import { entryText } from "./entry-text.ts";
import { FoldsProvider, type useFolds } from "./folds.tsx";
import { entryOf, type TranscriptEntry } from "./transcript-entries.ts";
import { EntryBody } from "./transcript-entry.tsx";
import type { Found } from "./use-found.ts";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

interface TranscriptProps {
	workspace: Pick<OpenWorkspace, "entries" | "older" | "newer" | "session">;
	me: string;
	personOf: PersonOf;
	verbs: Pick<WorkspaceVerbs, "loadOlder" | "loadNewer" | "showNewest" | "outputOf" | "pictureOf" | "promptFiles">;
	folds: ReturnType<typeof useFolds>;
	found: Found | null;
	intro: ReactNode;
}

export function Transcript({ workspace, me, personOf, verbs, folds, found, intro }: TranscriptProps) {
	const { entries, session } = workspace;
	const last = entries.at(-1);
	const shown = found === null ? undefined : entryOf(entries, found.itemId);
	const list = useRef<HTMLDivElement>(null);
	useFoundWords(list, shown?.key ?? null, found, folds);
	return (
		<FoldsProvider verbs={folds}>
			<div ref={list} className="contents">
				<BottomList
					label="Transcript"
					entries={entries}
					foundKey={shown?.key ?? null}
					foundCount={found?.count ?? 0}
					isLastOwn={last?.type === "prompt" && last.userId === me}
					older={workspace.older}
					newer={workspace.newer}
					onLoadNewer={verbs.loadNewer}
					onNewest={verbs.showNewest}
					intro={intro}
					newWords={newWords}
					onLoadOlder={verbs.loadOlder}
				>
					{(entry, isTabStop) => (
						<article
							aria-label={labelOf(entry)}
							data-entry={entry.key}
							tabIndex={isTabStop ? 0 : -1}
							className={cx(
								"group/entry relative mx-auto w-full max-w-200 px-4 outline-none focus-visible:shadow-[inset_2px_0_0_var(--color-accent)] md:px-6",
								entry.key === shown?.key && "animate-found rounded-md",
							)}
						>
							<EntryBody
								entry={entry}
								personOf={personOf}
								outputOf={verbs.outputOf}
								pictureOf={verbs.pictureOf}
								promptFiles={verbs.promptFiles}
							/>
							{entry.fromId > 0 && (
								<EntryActions text={entryText(entry)} link={linkOf(session.workspaceId, found, shown, entry)} />
							)}
						</article>
					)}
				</BottomList>
			</div>
		</FoldsProvider>
	);
}

/** Opens what folds where something was found, then marks its words. */
function useFoundWords(
	list: { readonly current: HTMLElement | null },
	key: string | null,
	found: Found | null,
	{ choose }: ReturnType<typeof useFolds>,
): void {
	const latest = useRef(choose);
	latest.current = choose;
	const words = found?.words;
	const itemId = found?.itemId;
	const count = found?.count;
	useEffect(() => {
		if (key === null || count === undefined) return;
		if (words !== undefined) latest.current([key, `group-${key}`, String(itemId)], true);
		// After the list has scrolled there and drawn it, and what was opened has been drawn, too.
		let frame = requestAnimationFrame(() => {
			frame = requestAnimationFrame(() => {
				const entry = list.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`);
				if (entry && words !== undefined) markWords(entry, words);
			});
		});
		return () => {
			cancelAnimationFrame(frame);
			unmarkWords();
		};
	}, [key, words, itemId, count, list]);
}

/** The item that was followed to, where it is this entry; else its first. */
function linkOf(
	workspaceId: string,
	found: Found | null,
	shown: TranscriptEntry | undefined,
	entry: TranscriptEntry,
): string {
	const itemId = found !== null && shown?.key === entry.key ? found.itemId : entry.fromId;
	return `${location.origin}/w/${workspaceId}?item=${itemId}`;
}

const LABELS = {
	prompt: "Prompt",
	words: "Agent",
	thought: "Agent's thoughts",
	tools: "Tool calls",
	image: "Picture",
	permission: "Question",
	"turn-ended": "End of turn",
	plan: "Plan",
	notice: "Notice",
	resource: "File",
	compaction: "Context",
	subagent: "Subagent",
	usage: "What the turn used",
	unknown: "Something else",
} as const;

const labelOf = (entry: TranscriptEntry): string => {
	if (entry.type === "tools" && entry.tools.length === 1) return "Tool call";
	return LABELS[entry.type === "line" ? entry.line.type : entry.type];
};

const newWords = () => "Jump to newest";
