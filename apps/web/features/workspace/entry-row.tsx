"use client";
import { memo } from "react";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";
import { isSameShallow } from "../../ui/shallow.ts";
import { useNear } from "../../ui/use-near.ts";
import { EntryActions } from "./entry-actions.tsx";
import { entryText } from "./entry-text.ts";
import { isSameEntry, type TranscriptEntry } from "./transcript-entries.ts";
import { EntryBody } from "./transcript-entry.tsx";
import type { WorkspaceVerbs } from "./workspace-data.ts";

interface EntryRowProps {
	entry: TranscriptEntry;
	personOf: PersonOf;
	verbs: Pick<WorkspaceVerbs, "outputOf" | "pictureOf" | "promptFiles">;
	/** The address that leads here. */
	link: string;
	isFound: boolean;
	isTabStop: boolean;
}

/** One thing of the transcript, drawn again only when it changed: a list of them moves under the reader's finger. */
export const EntryRow = memo(function EntryRow({ entry, personOf, verbs, link, isFound, isTabStop }: EntryRowProps) {
	const { isNear, handlers } = useNear();
	return (
		<article
			aria-label={labelOf(entry)}
			data-entry={entry.key}
			tabIndex={isTabStop ? 0 : -1}
			className={cx(
				"relative mx-auto w-full max-w-200 px-4 outline-none focus-visible:shadow-[inset_2px_0_0_var(--color-accent)] md:px-6",
				isFound && "animate-found rounded-md",
			)}
			{...handlers}
		>
			<EntryBody
				entry={entry}
				personOf={personOf}
				outputOf={verbs.outputOf}
				pictureOf={verbs.pictureOf}
				promptFiles={verbs.promptFiles}
			/>
			{isNear && entry.fromId > 0 && <EntryActions text={entryText(entry)} link={link} />}
		</article>
	);
}, isSameRow);

function isSameRow({ entry, ...before }: EntryRowProps, { entry: nextEntry, ...next }: EntryRowProps): boolean {
	return isSameEntry(entry, nextEntry) && isSameShallow(before, next);
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
