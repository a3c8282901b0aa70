import type { PermissionRow, TurnRow, WorkspaceFeedRow } from "../workspace.ts";
import type { ItemBody, ItemRow, ToolContent } from "./item.ts";

export type ExportFormat = "markdown" | "jsonl";

/** What an export remembers from the newer page to the older one. */
export interface ExportState {
	/** The turn of the oldest item that was told: its end is told already. */
	readonly turnId: string | null;
	/** Rows that come with several pages, by kind and id. */
	readonly told: ReadonlySet<string>;
}
export const BEGIN_EXPORT: ExportState = { turnId: null, told: new Set() };

/**
 * One page of the transcript as a piece of a file. Pages are given newest first, as they are read; their pieces in reverse
 * make the file.
 */
export const exportPage = (
	state: ExportState,
	rows: readonly WorkspaceFeedRow[],
	format: ExportFormat,
	nameOf: (userId: string) => string,
): { state: ExportState; text: string } => {
	const items = rows.filter((row) => row.kind === "item");
	const next = { turnId: items[0]?.turnId ?? state.turnId };
	if (format === "markdown") {
		return { state: { ...state, ...next }, text: markdownPage(items, rows, state.turnId, nameOf) };
	}
	const told = new Set(state.told);
	const lines = rows.filter((row) => {
		if (row.kind !== "turn" && row.kind !== "prompt" && row.kind !== "permission") return row.kind === "item";
		const key = `${row.kind} ${row.id}`;
		const isNew = !told.has(key);
		told.add(key);
		return isNew;
	});
	return { state: { ...next, told }, text: lines.map((row) => `${JSON.stringify(row)}\n`).join("") };
};

const markdownPage = (
	items: readonly ItemRow[],
	rows: readonly WorkspaceFeedRow[],
	newerTurnId: string | null,
	nameOf: (userId: string) => string,
): string => {
	const turns = new Map(rows.flatMap((row) => (row.kind === "turn" ? [[row.id, row] as const] : [])));
	const asked = Map.groupBy(
		rows.filter((row) => row.kind === "permission"),
		({ turnId }) => turnId,
	);
	return items
		.map((item, index) => {
			const nextTurnId = items[index + 1]?.turnId ?? newerTurnId;
			const text = itemMarkdown(item, nameOf);
			if (item.turnId === nextTurnId) return text;
			const answers = (asked.get(item.turnId) ?? []).map((permission) => answerMarkdown(permission, nameOf));
			return [text, ...answers, endMarkdown(turns.get(item.turnId), nameOf)].join("");
		})
		.join("");
};

const editedBy = (body: { editedBy?: string | undefined }, nameOf: (userId: string) => string): string =>
	body.editedBy === undefined ? "" : ` (edited by ${inline(nameOf(body.editedBy))})`;

const itemMarkdown = ({ at, body }: ItemRow, nameOf: (userId: string) => string): string => {
	switch (body.type) {
		case "user":
			return `## ${inline(nameOf(body.userId))}${editedBy(body, nameOf)}, ${new Date(at).toISOString()}\n\n${quoted(body.text)}\n\n`;
		case "text":
			return body.isSealed ? body.text : `${body.text}\n\n`;
		case "thought":
			return `${quoted(`*Thought.* ${body.text}`)}\n\n`;
		case "tool":
			return toolMarkdown(body, at);
		case "plan":
			return `**Plan${body.isRemoved ? ", taken back" : ""}**\n\n${planMarkdown(body)}\n\n`;
		case "notice":
			return `*${body.level === "info" ? "" : `${body.level}: `}${inline([body.text, body.detail].filter(Boolean).join(" "))}*\n\n`;
		case "image":
			return `*Picture: ${pictureWords(body)}*\n\n`;
		case "resource":
			return `*${inline(body.name)}: ${inline(body.uri)}*\n\n${body.text === undefined ? "" : fenced(body.text)}`;
		case "compaction":
			return `*The agent made room in its context (${body.status}).*\n\n${body.summary && `${quoted(body.summary)}\n\n`}`;
		case "subagent":
			return `*Subagent ${inline(body.name)}: ${body.status}*\n\n${body.task === undefined ? "" : `${quoted(body.task)}\n\n`}`;
		case "usage":
			return `*${usageWords(body)}*\n\n`;
		case "unknown":
			return `*${inline(body.updateKind)}*\n\n${fenced(body.json, "json")}`;
	}
};

type Of<Type extends ItemBody["type"]> = Extract<ItemBody, { type: Type }>;

const toolMarkdown = (tool: Of<"tool">, at: number): string => {
	const took = tool.endedAt === undefined ? [] : [`${((tool.endedAt - at) / 1000).toFixed(1)} s`];
	const exit = tool.exitCode === undefined ? [] : [`exit ${tool.exitCode}`];
	const facts = [tool.status, ...took, ...exit].join(", ");
	return `**${inline(tool.title)}** (${facts})\n\n${tool.content.map(partMarkdown).join("")}`;
};

const partMarkdown = (part: ToolContent): string => {
	if (part.type === "text") return fenced(part.text);
	if (part.type === "image") return `*Picture: ${pictureWords(part)}*\n\n`;
	const old = part.oldText === null ? [] : prefixed(part.oldText, "-");
	return fenced([`--- ${part.path}`, `+++ ${part.path}`, ...old, ...prefixed(part.newText, "+")].join("\n"), "diff");
};

const prefixed = (text: string, sign: string): string[] =>
	text === ""
		? []
		: text
				.replace(/\n$/, "")
				.split("\n")
				.map((line) => `${sign}${line}`);

const planMarkdown = ({ entries, text }: Of<"plan">): string =>
	[...entries.map(({ content, status }) => `- [${status === "completed" ? "x" : " "}] ${inline(content)}`), text ?? ""]
		.filter((line) => line !== "")
		.join("\n");

const pictureWords = ({
	mimeType,
	width,
	height,
	bytes,
}: Pick<Of<"image">, "mimeType" | "width" | "height" | "bytes">) =>
	`${mimeType}, ${width} × ${height}, ${Math.ceil(bytes / 1024)} KB`;

const usageWords = ({ tokens, cost, context }: Of<"usage">): string =>
	[
		...(tokens === undefined ? [] : [`${tokens.input} tokens in, ${tokens.output} out`]),
		...(cost === undefined || cost.amount === 0 ? [] : [`${cost.amount} ${cost.currency}`]),
		...(context === undefined ? [] : [`context ${context.used} of ${context.size}`]),
	].join("; ");

const answerMarkdown = (permission: PermissionRow, nameOf: (userId: string) => string): string => {
	const chosen = permission.options.find(({ optionId }) => optionId === permission.optionId)?.name;
	const who = permission.answeredBy === undefined ? "" : ` by ${nameOf(permission.answeredBy)}`;
	return `*Asked: ${inline(permission.title)} — ${inline(`${chosen ?? permission.status}${who}`)}*\n\n`;
};

const endMarkdown = (turn: TurnRow | undefined, nameOf: (userId: string) => string): string => {
	if (turn === undefined || turn.status === "completed" || turn.status === "running") return "";
	const who = turn.cancelledBy === undefined ? "" : ` by ${nameOf(turn.cancelledBy)}`;
	return `*Turn ${turn.status}${inline(who)}${turn.problem === undefined ? "" : `: ${inline(turn.problem)}`}*\n\n`;
};

/** Text that stays text within a line of markdown. */
const inline = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>#|]/g, "\\$&");

const quoted = (text: string): string => text.replaceAll(/^/gm, "> ");

/** In a fence longer than any within. */
const fenced = (text: string, language = ""): string => {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}\n\n`;
};
