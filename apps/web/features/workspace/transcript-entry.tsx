import type { PersonOf } from "../../live/person.ts";
import { GrowingMarkdown, Markdown } from "../../ui/markdown.tsx";
import { Picture } from "../../ui/picture.tsx";
import { AttachedFiles } from "./attach/attached-files.tsx";
import { CompactionLine, EndLine, NoticeLine, ResourceLine, SubagentLine, UnknownLine } from "./lines.tsx";
import { PermissionLine } from "./permission-line.tsx";
import { PlanLine } from "./plan.tsx";
import { PromptEntry } from "./prompt-entry.tsx";
import { Thought } from "./thought.tsx";
import { ToolGroup } from "./tool-group.tsx";
import type { TranscriptEntry } from "./transcript-entries.ts";
import { UsageLine } from "./usage-line.tsx";
import type { PromptFiles } from "./workspace-data.ts";

/** Longer answers are read block by block, as those that grow: a parser takes more than its share for one large text. */
const BY_BLOCKS_CHARS = 20_000;

interface EntryBodyProps {
	entry: TranscriptEntry;
	personOf: PersonOf;
	outputOf: (itemId: number) => Promise<string>;
	pictureOf: (itemId: number, position: number) => Promise<string>;
	promptFiles: Pick<PromptFiles, "content">;
}

export function EntryBody({ entry, personOf, outputOf, pictureOf, promptFiles }: EntryBodyProps) {
	switch (entry.type) {
		case "prompt":
			return (
				<PromptEntry
					author={personOf(entry.userId)}
					at={entry.at}
					text={entry.text}
					editor={entry.editedBy === undefined ? null : personOf(entry.editedBy)}
				>
					<AttachedFiles files={entry.attachments} contentOf={promptFiles.content} />
				</PromptEntry>
			);
		case "words":
			return entry.isStreaming || entry.text.length > BY_BLOCKS_CHARS ? (
				<GrowingMarkdown text={entry.text} className="py-2 text-md" />
			) : (
				<Markdown text={entry.text} className="py-2 text-md" />
			);
		case "thought":
			return <Thought foldKey={entry.key} text={entry.text} isStreaming={entry.isStreaming} />;
		case "tools":
			return <ToolGroup groupKey={entry.key} tools={entry.tools} outputOf={outputOf} pictureOf={pictureOf} />;
		case "image": {
			const { width, height } = entry.picture;
			return (
				<div className="py-2">
					<Picture
						label="Picture from the agent"
						width={width}
						height={height}
						load={() => pictureOf(entry.itemId, 0)}
					/>
				</div>
			);
		}
		case "line":
			return <LineBody entry={entry} />;
		case "permission":
			return <PermissionLine permission={entry.permission} personOf={personOf} />;
		case "turn-ended":
			return <EndLine turn={entry.turn} personOf={personOf} />;
	}
}

function LineBody({ entry: { key, at, line, isOver } }: { entry: Extract<TranscriptEntry, { type: "line" }> }) {
	switch (line.type) {
		case "plan":
			return <PlanLine plan={line} />;
		case "notice":
			return <NoticeLine level={line.level} text={line.text} detail={line.detail} />;
		case "resource":
			return <ResourceLine name={line.name} uri={line.uri} text={line.text} />;
		case "compaction":
			return <CompactionLine foldKey={key} line={line} isOver={isOver} />;
		case "subagent":
			return <SubagentLine line={line} at={at} isOver={isOver} />;
		case "usage":
			return <UsageLine usage={line} />;
		case "unknown":
			return <UnknownLine foldKey={key} name={line.updateKind} json={line.json} />;
	}
}
