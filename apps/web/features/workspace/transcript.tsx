"use client";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import type { PersonOf } from "../../live/person.ts";
import { BottomList } from "../../ui/bottom-list.tsx";
import { markWords, unmarkWords } from "../../ui/highlight-words.ts";
import { EntryRow } from "./entry-row.tsx";
import { FoldsProvider, type useFolds } from "./folds.tsx";
import { entryOf, type TranscriptEntry } from "./transcript-entries.ts";
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
	const shownKey = shown?.key ?? null;
	useFoundWords(list, shownKey, found, folds);
	const { workspaceId } = session;
	const foundId = found?.itemId ?? null;
	const draw = useCallback(
		(entry: TranscriptEntry, isTabStop: boolean) => {
			const isFound = entry.key === shownKey;
			// The item that was followed to, where it is this entry; else its first.
			const itemId = isFound && foundId !== null ? foundId : entry.fromId;
			const link = `${location.origin}/w/${workspaceId}?item=${itemId}`;
			return (
				<EntryRow entry={entry} personOf={personOf} verbs={verbs} link={link} isFound={isFound} isTabStop={isTabStop} />
			);
		},
		[personOf, verbs, workspaceId, shownKey, foundId],
	);
	return (
		<FoldsProvider verbs={folds}>
			<div ref={list} className="contents">
				<BottomList
					label="Transcript"
					entries={entries}
					foundKey={shownKey}
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
					{draw}
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

const newWords = () => "Jump to newest";
