import type { ItemBody, ItemRow } from "@bullpen/domain/transcript/item";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";

type Body<Type extends ItemBody["type"]> = Extract<ItemBody, { type: Type }>;

interface Place {
	/** Stable while it grows: the id of its first item. */
	key: string;
	/** Unix ms; 0 while nothing of it is committed. */
	at: number;
}
/** One thing of the transcript as it is drawn. */
export type TranscriptEntry =
	| (Place & { type: "prompt"; userId: string; text: string })
	| (Place & { type: "words"; text: string; isStreaming: boolean })
	| (Place & { type: "thought"; text: string; isStreaming: boolean })
	| (Place & { type: "tool"; itemId: number; tool: Body<"tool">; isStopped: boolean; isAsked: boolean })
	| (Place & { type: "plan"; plan: Body<"plan"> })
	| (Place & { type: "notice"; notice: Body<"notice"> })
	| (Place & { type: "unknown"; unknown: Body<"unknown"> })
	| (Place & { type: "permission"; permission: PermissionRow })
	| (Place & { type: "turn-ended"; turn: TurnRow });

interface Source {
	items: readonly ItemRow[];
	turns: ReadonlyMap<string, TurnRow>;
	permissions: readonly PermissionRow[];
}

/**
 * The transcript as it is drawn, oldest first: segments of one answer joined, each question after the call it is about, and
 * how a turn ended where that is not a matter of course.
 */
export function transcriptEntries({ items, turns, permissions }: Source): TranscriptEntry[] {
	const entries: TranscriptEntry[] = [];
	const questions = Map.groupBy(permissions, (permission) => permission.turnId);
	const lastOfTurn = new Map(items.map((item) => [item.turnId, item.id]));
	let isOpen = false;
	for (const item of items) {
		const turn = turns.get(item.turnId);
		const isLast = lastOfTurn.get(item.turnId) === item.id;
		const isStreaming = isLast && turn?.status === "running";
		isOpen = put(entries, item, isOpen, isStreaming, turn);
		const asked = questions.get(item.turnId) ?? [];
		const about = asked.filter((one) => isLast || one.toolCallId === callIdOf(item.body));
		const entry = entries.at(-1);
		if (entry?.type === "tool") entry.isAsked = about.some((one) => one.status === "pending");
		for (const permission of about) {
			entries.push({ type: "permission", key: `permission-${permission.id}`, at: permission.askedAt, permission });
		}
		questions.set(
			item.turnId,
			asked.filter((one) => !about.includes(one)),
		);
		if (isLast && turn && isWorthSaying(turn)) {
			entries.push({ type: "turn-ended", key: `turn-${turn.id}`, at: turn.endedAt ?? item.at, turn });
		}
	}
	return entries;
}

const callIdOf = (body: ItemBody) => (body.type === "tool" ? body.toolCallId : null);

const isWorthSaying = (turn: TurnRow) =>
	turn.status === "cancelled" || turn.status === "failed" || turn.status === "interrupted";

/** Adds an item; the answer says whether the next one may go on in the middle of it. */
function put(
	entries: TranscriptEntry[],
	{ id, at, body }: ItemRow,
	isOpen: boolean,
	isStreaming: boolean,
	turn: TurnRow | undefined,
): boolean {
	const place = { key: String(id), at };
	const last = entries.at(-1);
	switch (body.type) {
		case "text":
		case "thought": {
			const type = body.type === "text" ? "words" : "thought";
			if (isOpen && last?.type === type) {
				entries[entries.length - 1] = { ...last, text: last.text + body.text, isStreaming };
			} else entries.push({ ...place, type, text: body.text, isStreaming });
			return body.isSealed;
		}
		case "user":
			entries.push({ ...place, type: "prompt", userId: body.userId, text: body.text });
			return false;
		case "tool":
			entries.push({
				...place,
				type: "tool",
				itemId: id,
				tool: body,
				isStopped: turn !== undefined && turn.status !== "running",
				isAsked: false,
			});
			return false;
		case "plan":
			entries.push({ ...place, type: "plan", plan: body });
			return false;
		case "notice":
			entries.push({ ...place, type: "notice", notice: body });
			return false;
		case "unknown":
			entries.push({ ...place, type: "unknown", unknown: body });
			return false;
	}
}
