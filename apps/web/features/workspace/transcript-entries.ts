import type { Attachment } from "@bullpen/domain/attachment";
import type { ItemBody, ItemRow } from "@bullpen/domain/transcript/item";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";
import { isSameShallow } from "../../ui/shallow.ts";

type Body<Type extends ItemBody["type"]> = Extract<ItemBody, { type: Type }>;

interface Place {
	/** Stable while it grows: the id of its first item. */
	key: string;
	/** Unix ms; 0 while nothing of it is committed. */
	at: number;
	/** The items it is made of; 0 for none. */
	fromId: number;
	toId: number;
}
/** One call of a tool. */
export interface ToolEntry {
	key: string;
	/** Unix ms; 0 while nothing of it is committed. */
	at: number;
	itemId: number;
	tool: Body<"tool">;
	isStopped: boolean;
	isAsked: boolean;
}
/** Lines that are drawn as they are. */
type LineBody = Body<"plan" | "notice" | "resource" | "compaction" | "subagent" | "usage" | "unknown">;
/** One thing of the transcript as it is drawn. */
export type TranscriptEntry =
	| (Place & {
			type: "prompt";
			userId: string;
			text: string;
			editedBy: string | undefined;
			attachments: readonly Attachment[];
	  })
	| (Place & { type: "words"; text: string; isStreaming: boolean })
	| (Place & { type: "thought"; text: string; isStreaming: boolean })
	/** Calls that came right after each other, at least one. */
	| (Place & { type: "tools"; tools: readonly ToolEntry[] })
	| (Place & { type: "image"; itemId: number; picture: Body<"image"> })
	| (Place & { type: "line"; line: LineBody; isOver: boolean })
	| (Place & { type: "permission"; permission: PermissionRow })
	| (Place & { type: "turn-ended"; turn: TurnRow });

interface Source {
	items: readonly ItemRow[];
	turns: ReadonlyMap<string, TurnRow>;
	permissions: readonly PermissionRow[];
}

const NO_FILES: readonly Attachment[] = [];
/**
 * A long run of calls is drawn as several, since a row of the list has to stay small: from one round id to the next, so that
 * it falls apart in the same places however much of it is loaded. Not before so many, so that a short one stays together.
 */
const TOOLS_BLOCK = 30;
const TOOLS_TOGETHER_MIN = 15;
/** So is a longer answer. */
const TEXT_JOINED_MAX = 100_000;

/**
 * The transcript as it is drawn, oldest first: segments of one answer joined, calls in a row together, each question after
 * the call it is about, and how a turn ended where that is not a matter of course.
 */
export function transcriptEntries({ items, turns, permissions }: Source): TranscriptEntry[] {
	const entries: TranscriptEntry[] = [];
	const questions = Map.groupBy(permissions, (permission) => permission.turnId);
	const lastOfTurn = new Map(items.map((item) => [item.turnId, item.id]));
	let isOpen = false;
	for (const item of items) {
		const turn = turns.get(item.turnId);
		const isLast = lastOfTurn.get(item.turnId) === item.id;
		const asked = questions.get(item.turnId) ?? [];
		const about = asked.filter((one) => isLast || one.toolCallId === callIdOf(item.body));
		const isAsked = about.some((one) => one.status === "pending");
		isOpen = put(entries, item, { isOpen, isStreaming: isLast && turn?.status === "running", isAsked, turn });
		for (const permission of about) {
			const place = { key: `permission-${permission.id}`, at: permission.askedAt, fromId: 0, toId: 0 };
			entries.push({ ...place, type: "permission", permission });
		}
		if (about.length > 0) {
			questions.set(
				item.turnId,
				asked.filter((one) => !about.includes(one)),
			);
		}
		if (isLast && turn && isWorthSaying(turn)) {
			const place = { key: `turn-${turn.id}`, at: turn.endedAt ?? item.at, fromId: 0, toId: 0 };
			entries.push({ ...place, type: "turn-ended", turn });
		}
	}
	return entries;
}

const isNextBlock = (before: number, id: number): boolean =>
	Math.floor(id / TOOLS_BLOCK) !== Math.floor(before / TOOLS_BLOCK);

/** The entry that an item is a part of. */
export const entryOf = (entries: readonly TranscriptEntry[], itemId: number): TranscriptEntry | undefined =>
	entries.find(({ fromId, toId }) => fromId <= itemId && itemId <= toId);

/** Whether two readings of the transcript show the same here. */
export function isSameEntry(a: TranscriptEntry, b: TranscriptEntry): boolean {
	if (a.type !== "tools" || b.type !== "tools") return isSameShallow(a, b);
	const { tools, ...rest } = a;
	const { tools: others, ...otherRest } = b;
	const areSame = tools.length === others.length && tools.every((tool, index) => isSameTool(tool, others[index]));
	return areSame && isSameShallow(rest, otherRest);
}

const isSameTool = (tool: ToolEntry, other: ToolEntry | undefined): boolean =>
	other !== undefined && isSameShallow(tool, other);

const callIdOf = (body: ItemBody) => (body.type === "tool" ? body.toolCallId : null);

const isWorthSaying = (turn: TurnRow) =>
	turn.status === "cancelled" || turn.status === "failed" || turn.status === "interrupted";

interface Circumstances {
	isOpen: boolean;
	isStreaming: boolean;
	isAsked: boolean;
	turn: TurnRow | undefined;
}

/** Adds an item; the answer says whether the next one may go on in the middle of it. */
function put(entries: TranscriptEntry[], { id, at, body }: ItemRow, circumstances: Circumstances): boolean {
	const { isOpen, isStreaming, isAsked, turn } = circumstances;
	const place = { key: String(id), at, fromId: id, toId: id };
	const isOver = turn !== undefined && turn.status !== "running";
	const last = entries.at(-1);
	switch (body.type) {
		case "text":
		case "thought": {
			const type = body.type === "text" ? "words" : "thought";
			if (isOpen && last?.type === type && last.text.length < TEXT_JOINED_MAX) {
				entries[entries.length - 1] = { ...last, text: last.text + body.text, toId: id, isStreaming };
			} else entries.push({ ...place, type, text: body.text, isStreaming });
			return body.isSealed;
		}
		case "user":
			entries.push({
				...place,
				type: "prompt",
				userId: body.userId,
				text: body.text,
				editedBy: body.editedBy,
				attachments: body.attachments ?? NO_FILES,
			});
			return false;
		case "tool": {
			const tool: ToolEntry = { key: String(id), at, itemId: id, tool: body, isStopped: isOver, isAsked };
			if (last?.type === "tools" && !(last.tools.length >= TOOLS_TOGETHER_MIN && isNextBlock(last.toId, id))) {
				entries[entries.length - 1] = { ...last, toId: id, tools: [...last.tools, tool] };
			} else entries.push({ ...place, type: "tools", tools: [tool] });
			return false;
		}
		case "image":
			entries.push({ ...place, type: "image", itemId: id, picture: body });
			return false;
		default:
			entries.push({ ...place, type: "line", line: body, isOver });
			return false;
	}
}
