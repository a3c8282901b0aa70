import { isNewer } from "./feed.ts";
import type { Message } from "./message.ts";
import type { History, MemberRow, RoomFeedRow, RoomRow, RoomView } from "./room.ts";

/** What two reads bring. `history` is null for someone who may not read it (yet): a visitor of a public room. */
export interface RoomSnapshot {
	readonly view: RoomView;
	readonly history: History | null;
}

/** A room as one client knows it. */
export interface RoomState {
	readonly room: RoomRow;
	readonly members: ReadonlyMap<string, MemberRow>;
	/** Oldest first, without a hole: every message from `windowFrom` to the newest, tombstones included. */
	readonly messages: readonly Message[];
	readonly windowFrom: number;
	readonly hasOlder: boolean;
	readonly floorSeq: number;
	/** Changes below the window, kept only while an older page is being read: the page may be older than they are. */
	readonly aside: ReadonlyMap<number, Message> | null;
}

/** A visitor's window is empty and stays so. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

export const roomFrom = ({ view, history }: RoomSnapshot): RoomState => ({
	room: view.room,
	members: new Map([...view.members, ...(view.me ? [view.me] : [])].map((member) => [member.id, member])),
	messages: history?.messages ?? [],
	windowFrom: history === null ? NOWHERE : bottomOf(history, history.head.seq + 1),
	hasOlder: history?.hasMore ?? false,
	floorSeq: Math.max(view.floorSeq, history?.floorSeq ?? 1),
	aside: null,
});

/** Merges changed rows and drops what was pruned. The same state comes back when nothing was new. */
export const changeRoom = (state: RoomState, rows: readonly RoomFeedRow[], floorSeq: number): RoomState => {
	let { room, aside } = state;
	const messages = new Window(state.messages);
	let members: Map<string, MemberRow> | null = null;
	for (const row of rows) {
		if (row.kind === "message") {
			if (row.id >= state.windowFrom) messages.put(row);
			else if (aside !== null && isNewer(row, aside.get(row.id))) aside = new Map(aside).set(row.id, row);
		} else if (row.kind === "member") {
			members ??= new Map(state.members);
			if (isNewer(row, members.get(row.id))) members.set(row.id, row);
		} else if (row.kind === "room" && isNewer(row, room)) {
			room = row;
		}
		// Any other kind comes from a newer server and is nothing this client can show.
	}
	const isSame = !messages.isChanged && members === null && room === state.room && aside === state.aside;
	if (isSame && floorSeq <= state.floorSeq) return state;
	const next = { ...state, room, aside, members: members ?? state.members, messages: messages.rows };
	return dropBelow(next, Math.max(state.floorSeq, floorSeq));
};

/** An older page is about to be read: changes below the window are kept until it is there. */
export const beginOlder = (state: RoomState): RoomState => (state.aside ? state : { ...state, aside: new Map() });
export const abandonOlder = (state: RoomState): RoomState => ({ ...state, aside: null });

/** Puts the page read with `before` in front. A page for another window (a reset came in between) is ignored. */
export const prependOlder = (state: RoomState, before: number, history: History): RoomState => {
	if (before !== state.windowFrom || state.aside === null) return state;
	const newer = state.aside;
	const older = history.messages.map((message) => {
		const changed = newer.get(message.id);
		return changed && isNewer(changed, message) ? changed : message;
	});
	const next: RoomState = {
		...state,
		messages: [...older, ...state.messages],
		windowFrom: bottomOf(history, before),
		hasOlder: history.hasMore,
		aside: null,
	};
	return dropBelow(next, Math.max(state.floorSeq, history.floorSeq));
};

/** Lets go of the oldest messages of a window that has grown too large. They can be loaded again. */
export const trimRoom = (state: RoomState, messagesMax: number): RoomState => {
	const first = state.messages[state.messages.length - messagesMax];
	if (state.messages.length <= messagesMax * 1.1 || first === undefined || state.aside !== null) return state;
	return { ...state, messages: state.messages.slice(-messagesMax), windowFrom: first.id, hasOlder: true };
};

export const memberIn = (state: RoomState, userId: string): MemberRow | undefined => state.members.get(userId);
export const isJoined = (state: RoomState, userId: string): boolean => memberIn(state, userId)?.status === "joined";
export const joinedMembers = (state: RoomState): MemberRow[] =>
	[...state.members.values()].filter((member) => member.status === "joined");
/** The newest seq that is known, 0 in an empty room. */
export const headSeqOf = (state: RoomState): number => state.messages.at(-1)?.id ?? 0;
export const messageIn = (state: RoomState, seq: number): Message | undefined => {
	const at = placeOf(state.messages, seq);
	return state.messages[at]?.id === seq ? state.messages[at] : undefined;
};

/** Where the window begins: at the oldest message of the page, or at the floor when there is nothing older. */
const bottomOf = (history: History, otherwise: number): number =>
	history.hasMore ? (history.messages[0]?.id ?? otherwise) : Math.min(history.floorSeq, otherwise);

const dropBelow = (state: RoomState, floorSeq: number): RoomState => {
	const cut = placeOf(state.messages, floorSeq);
	return {
		...state,
		floorSeq,
		messages: cut === 0 ? state.messages : state.messages.slice(cut),
		windowFrom: Math.max(state.windowFrom, floorSeq),
		hasOlder: state.hasOlder && state.windowFrom > floorSeq,
	};
};

/** Index of the first message whose id is at least `seq`. */
const placeOf = (messages: readonly Message[], seq: number): number => {
	let low = 0;
	let high = messages.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const message = messages[middle];
		if (message !== undefined && message.id < seq) low = middle + 1;
		else high = middle;
	}
	return low;
};

/** Messages in order of id, copied on the first change. */
class Window {
	#rows: readonly Message[];
	#copy: Message[] | null = null;

	constructor(rows: readonly Message[]) {
		this.#rows = rows;
	}

	get rows(): readonly Message[] {
		return this.#copy ?? this.#rows;
	}

	get isChanged(): boolean {
		return this.#copy !== null;
	}

	put(message: Message): void {
		const at = placeOf(this.rows, message.id);
		const known = this.rows[at]?.id === message.id ? this.rows[at] : undefined;
		if (!isNewer(message, known)) return;
		this.#copy ??= [...this.#rows];
		this.#copy.splice(at, known ? 1 : 0, message);
	}
}
