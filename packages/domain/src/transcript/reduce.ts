import { isNewer } from "../feed.ts";
import type { RuleRow } from "../permission.ts";
import { inRunOrder } from "../prompt-rules.ts";
import { unreachable } from "../unreachable.ts";
import type {
	PermissionRow,
	PromptRow,
	SessionRow,
	Tail,
	TurnRow,
	WorkspaceFeedRow,
	WorkspaceMemberRow,
} from "../workspace.ts";
import type { ItemBody, ItemRow } from "./item.ts";

/** Text of a streamed item from UTF-16 offset `start` on, as far as it was heard. */
interface Heard {
	readonly turnId: string;
	readonly type: Tail["type"];
	readonly start: number;
	readonly text: string;
}

/** What a client knows of a workspace: committed rows, and the words it heard before their commit. */
export interface TranscriptState {
	readonly session: SessionRow | null;
	/** In the order of their ids. */
	readonly items: readonly ItemRow[];
	readonly members: ReadonlyMap<string, WorkspaceMemberRow>;
	readonly prompts: ReadonlyMap<string, PromptRow>;
	readonly turns: ReadonlyMap<string, TurnRow>;
	readonly permissions: ReadonlyMap<string, PermissionRow>;
	readonly rules: ReadonlyMap<string, RuleRow>;
	readonly heard: ReadonlyMap<number, Heard>;
}

/** What a screen shows. An item with `version` 0 is not committed yet. Unchanged rows keep their identity. */
export interface TranscriptView {
	readonly session: SessionRow | null;
	readonly items: readonly ItemRow[];
	readonly members: readonly WorkspaceMemberRow[];
	readonly turns: ReadonlyMap<string, TurnRow>;
	readonly runningTurn: TurnRow | null;
	/** Prompts that wait, in the order in which they will run. */
	readonly queue: readonly PromptRow[];
	/** Oldest first, answered ones included. */
	readonly permissions: readonly PermissionRow[];
	readonly pendingPermissions: readonly PermissionRow[];
	/** Remembered answers that were not taken back, oldest first. */
	readonly rules: readonly RuleRow[];
}

export const EMPTY_TRANSCRIPT: TranscriptState = {
	session: null,
	items: [],
	members: new Map(),
	prompts: new Map(),
	turns: new Map(),
	permissions: new Map(),
	rules: new Map(),
	heard: new Map(),
};

/** Merges committed rows, in any order and any number of times. What is heard of them before is superseded. */
export const applyRows = (state: TranscriptState, rows: readonly WorkspaceFeedRow[], floorSeq = 1): TranscriptState => {
	let { session } = state;
	const items: ItemRow[] = [];
	const members: WorkspaceMemberRow[] = [];
	const prompts: PromptRow[] = [];
	const turns: TurnRow[] = [];
	const permissions: PermissionRow[] = [];
	const rules: RuleRow[] = [];
	for (const row of rows) {
		switch (row.kind) {
			case "session":
				if (isNewer(row, session ?? undefined)) session = row;
				break;
			case "item":
				items.push(row);
				break;
			case "member":
				members.push(row);
				break;
			case "prompt":
				prompts.push(row);
				break;
			case "turn":
				turns.push(row);
				break;
			case "permission":
				permissions.push(row);
				break;
			case "rule":
				rules.push(row);
				break;
			case "chat":
				break; // held apart, page by page: it is no part of the transcript
			default:
				return unreachable(row);
		}
	}
	const next: TranscriptState = {
		session,
		items: mergeItems(state.items, items, floorSeq),
		members: mergeRows(state.members, members),
		prompts: mergeRows(state.prompts, prompts),
		turns: mergeRows(state.turns, turns),
		permissions: mergeRows(state.permissions, permissions),
		rules: mergeRows(state.rules, rules),
		heard: state.heard,
	};
	return { ...next, heard: stillHeard(next) };
};

const mergeRows = <Row extends { readonly id: string; readonly version: number }>(
	known: ReadonlyMap<string, Row>,
	rows: readonly Row[],
): ReadonlyMap<string, Row> => {
	if (rows.length === 0) return known;
	const merged = new Map(known);
	for (const row of rows) if (isNewer(row, merged.get(row.id))) merged.set(row.id, row);
	return merged;
};

const mergeItems = (known: readonly ItemRow[], rows: readonly ItemRow[], floorSeq: number): readonly ItemRow[] => {
	const fresh = new Map<number, ItemRow>();
	for (const row of rows) if (isNewer(row, fresh.get(row.id))) fresh.set(row.id, row);
	const kept = known.map((row) => {
		const other = fresh.get(row.id);
		fresh.delete(row.id);
		return other !== undefined && isNewer(other, row) ? other : row;
	});
	const added = [...fresh.values()].sort((a, b) => a.id - b.id);
	const [first] = added;
	const merged = [...kept, ...added];
	if (first !== undefined && first.id < (kept.at(-1)?.id ?? 0)) merged.sort((a, b) => a.id - b.id);
	return merged[0] !== undefined && merged[0].id < floorSeq ? merged.filter(({ id }) => id >= floorSeq) : merged;
};

/** Adds words that were heard before their commit. Lost, doubled or late ones never show anything that was not said. */
export const applyTail = (state: TranscriptState, tail: Tail): TranscriptState => {
	const known = state.heard.get(tail.itemId);
	const isSame = known !== undefined && known.turnId === tail.turnId && known.type === tail.type;
	const heard = isSame ? join(known, tail) : begin(tail);
	if (heard === known || !isAhead(state, tail.itemId, heard)) return state;
	return { ...state, heard: new Map(state.heard).set(tail.itemId, heard) };
};

const begin = ({ turnId, type, offset, append }: Tail): Heard => ({ turnId, type, start: offset, text: append });

const join = (known: Heard, tail: Tail): Heard => {
	const end = known.start + known.text.length;
	if (tail.offset > end) return begin(tail); // something between was lost: the commit will bring it
	if (tail.offset < known.start || tail.offset + tail.append.length <= end) return known;
	return { ...known, text: known.text + tail.append.slice(end - tail.offset) };
};

const stillHeard = (state: TranscriptState): ReadonlyMap<number, Heard> => {
	const ahead = [...state.heard].filter(([itemId, heard]) => isAhead(state, itemId, heard));
	return ahead.length === state.heard.size ? state.heard : new Map(ahead);
};

const isAhead = (state: TranscriptState, itemId: number, heard: Heard): boolean => {
	const turn = state.turns.get(heard.turnId);
	if (turn !== undefined && turn.status !== "running") return false;
	const row = itemOf(state.items, itemId);
	if (row === undefined) return true;
	if (row.turnId !== heard.turnId || row.body.type !== heard.type) return false;
	return !row.body.isSealed && heard.start + heard.text.length > row.body.text.length;
};

const itemOf = (items: readonly ItemRow[], id: number): ItemRow | undefined => {
	let low = 0;
	let high = items.length - 1;
	while (low <= high) {
		const middle = (low + high) >>> 1;
		const row = items[middle];
		if (row === undefined || row.id === id) return row;
		if (row.id < id) low = middle + 1;
		else high = middle - 1;
	}
	return undefined;
};

/** The state as a screen shows it. */
export const viewOf = (state: TranscriptState): TranscriptView => {
	const prompts = [...state.prompts.values()];
	const permissions = [...state.permissions.values()].sort((a, b) => a.askedAt - b.askedAt || compare(a.id, b.id));
	return {
		session: state.session,
		items: withHeard(state),
		members: [...state.members.values()],
		turns: state.turns,
		runningTurn: [...state.turns.values()].find((turn) => turn.status === "running") ?? null,
		queue: prompts.filter((prompt) => prompt.status === "queued").sort(inRunOrder),
		permissions,
		pendingPermissions: permissions.filter((permission) => permission.status === "pending"),
		rules: [...state.rules.values()]
			.filter((rule) => rule.revokedAt === undefined)
			.sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id)),
	};
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const withHeard = (state: TranscriptState): readonly ItemRow[] => {
	if (state.heard.size === 0) return state.items;
	const rows = new Map(state.items.map((row) => [row.id, row]));
	for (const [id, heard] of state.heard) {
		const row = rows.get(id) ?? provisional(id, heard);
		const { body } = row;
		if ((body.type !== "text" && body.type !== "thought") || heard.start > body.text.length) continue;
		const text = body.text + heard.text.slice(body.text.length - heard.start);
		rows.set(id, { ...row, body: { ...body, text } });
	}
	return [...rows.values()].sort((a, b) => a.id - b.id);
};

/** The clock of a line that is not committed is not known; it takes its place by its id. */
const provisional = (id: number, { turnId, type }: Heard): ItemRow => {
	const body: ItemBody = { type, text: "", isSealed: false };
	return { kind: "item", id, version: 0, turnId, at: 0, body };
};
