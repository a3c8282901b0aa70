"use client";
import { type ReactNode, useCallback, useRef } from "react";
import type { PersonOf } from "../../live/person.ts";
import { BottomList } from "../../ui/bottom-list.tsx";
import { GrowingMarkdown, Markdown } from "../../ui/markdown.tsx";
import { EndLine, NoticeLine, UnknownLine } from "./lines.tsx";
import { PermissionLine } from "./permission-line.tsx";
import { PlanLine } from "./plan.tsx";
import { PromptEntry } from "./prompt-entry.tsx";
import { Thought } from "./thought.tsx";
import { ToolCall } from "./tool-call.tsx";
import type { TranscriptEntry } from "./transcript-entries.ts";

interface TranscriptProps {
	entries: readonly TranscriptEntry[];
	me: string;
	personOf: PersonOf;
	older: "more" | "loading" | "none";
	intro: ReactNode;
	onLoadOlder: () => void;
	outputOf: (itemId: number) => Promise<string>;
}

export function Transcript(props: TranscriptProps) {
	const { entries, me } = props;
	const last = entries.at(-1);
	// What somebody opened or closed stays so while the list takes rows away and brings them back.
	const choices = useRef(new Map<string, boolean>());
	const remember = useCallback((key: string, isOpen: boolean) => void choices.current.set(key, isOpen), []);
	return (
		<BottomList
			label="Transcript"
			entries={entries}
			isLastOwn={last?.type === "prompt" && last.userId === me}
			older={props.older}
			intro={props.intro}
			newWords={newWords}
			onLoadOlder={props.onLoadOlder}
		>
			{(entry, isTabStop) => (
				<article
					aria-label={LABELS[entry.type]}
					data-entry={entry.key}
					tabIndex={isTabStop ? 0 : -1}
					className="mx-auto w-full max-w-200 px-4 outline-none focus-visible:shadow-[inset_2px_0_0_var(--color-accent)] md:px-6"
				>
					<Entry
						entry={entry}
						personOf={props.personOf}
						outputOf={props.outputOf}
						wasOpen={choices.current.get(entry.key)}
						onToggle={(isOpen) => remember(entry.key, isOpen)}
					/>
				</article>
			)}
		</BottomList>
	);
}

const LABELS = {
	prompt: "Prompt",
	words: "Agent",
	thought: "Agent's thoughts",
	tool: "Tool call",
	plan: "Plan",
	notice: "Notice",
	unknown: "Something else",
	permission: "Question",
	"turn-ended": "End of turn",
} as const satisfies Record<TranscriptEntry["type"], string>;

interface EntryProps {
	entry: TranscriptEntry;
	personOf: PersonOf;
	outputOf: (itemId: number) => Promise<string>;
	/** What was chosen before, if anything was. */
	wasOpen: boolean | undefined;
	onToggle: (isOpen: boolean) => void;
}

function Entry({ entry, personOf, outputOf, wasOpen, onToggle }: EntryProps) {
	switch (entry.type) {
		case "prompt":
			return <PromptEntry author={personOf(entry.userId)} at={entry.at} text={entry.text} />;
		case "words":
			return entry.isStreaming ? (
				<GrowingMarkdown text={entry.text} className="py-2 text-md" />
			) : (
				<Markdown text={entry.text} className="py-2 text-md" />
			);
		case "thought":
			return <Thought text={entry.text} isStreaming={entry.isStreaming} wasOpen={wasOpen} onToggle={onToggle} />;
		case "tool":
			return (
				<ToolCall
					tool={entry.tool}
					startedAt={entry.at}
					isStopped={entry.isStopped}
					isAsked={entry.isAsked}
					wasOpen={wasOpen}
					onToggle={onToggle}
					onShowWhole={() => outputOf(entry.itemId)}
				/>
			);
		case "plan":
			return <PlanLine entries={entry.plan.entries} />;
		case "notice":
			return <NoticeLine level={entry.notice.level} text={entry.notice.text} />;
		case "unknown":
			return <UnknownLine name={entry.unknown.updateKind} json={entry.unknown.json} />;
		case "permission":
			return <PermissionLine permission={entry.permission} personOf={personOf} />;
		case "turn-ended":
			return <EndLine turn={entry.turn} personOf={personOf} />;
	}
}

const newWords = () => "Jump to newest";
