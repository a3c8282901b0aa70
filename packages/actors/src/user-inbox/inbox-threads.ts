import type { InboxThreadsRow, MarkThreadReadInput, NoteRoomInput } from "@bullpen/domain/inbox";
import type { RoomPosition } from "@bullpen/domain/inbox-rules";
import {
	isThreadOver,
	type ThreadState,
	threadReadUpTo,
	unreadThreads,
	withThreadNote,
} from "@bullpen/domain/inbox-threads";
import type { Limits } from "@bullpen/domain/limits";
import type { RawAccess } from "rivetkit/db";
import type { InboxDraft } from "./inbox-rooms.ts";
import { readThreadRows, readThreadStates, type ThreadsEntry } from "./thread-store.ts";

type Stored = Omit<ThreadsEntry, "row"> & { readonly row: InboxThreadsRow };

/** The threads that an inbox's person follows, room by room; read when a room is first heard of. */
export class InboxThreads {
	readonly #db: () => RawAccess;
	readonly #limits: Limits;
	/** As committed: what the feed shows. */
	readonly #rows = new Map<string, InboxThreadsRow>();
	/** As in the tables and the batch being written. */
	readonly #states = new Map<string, Map<number, ThreadState>>();

	constructor(db: () => RawAccess, limits: Limits) {
		this.#db = db;
		this.#limits = limits;
	}

	async stored(): Promise<Stored[]> {
		const rows = await readThreadRows(this.#db());
		return rows.map((row) => ({ ...nothingOf(row.id), row }));
	}

	keep({ row }: ThreadsEntry): void {
		if (row !== undefined) this.#rows.set(row.id, row);
	}

	/** The tables may differ from what was thought: they are read again. */
	forget(): void {
		this.#states.clear();
	}

	/** What a note says of threads, and what of them changed with the room: its floor, and coming into it. */
	async take(
		draft: InboxDraft,
		before: RoomPosition | undefined,
		after: RoomPosition,
		{ threads }: NoteRoomInput,
	): Promise<void> {
		const isMoved = MOVED_BY.some((field) => before?.[field] !== after[field]);
		if (threads.length === 0 && !(isMoved && this.#rowOf(draft, after.roomId) !== undefined)) return;
		const states = await this.#statesOf(after.roomId);
		const next = threads.map((note) => withThreadNote(states.get(note.rootId), note));
		this.#put(draft, after, states, next);
	}

	/** @throws Problem `not_found` `bad_input` */
	async markRead(draft: InboxDraft, position: RoomPosition | undefined, mark: MarkThreadReadInput): Promise<void> {
		if (position === undefined) threadReadUpTo(undefined, undefined, mark, this.#limits);
		const states = await this.#statesOf(mark.roomId);
		const next = threadReadUpTo(states.get(mark.rootId), position, mark, this.#limits);
		if (position !== undefined) this.#put(draft, position, states, [next]);
	}

	#put(
		draft: InboxDraft,
		position: RoomPosition,
		states: Map<number, ThreadState>,
		next: readonly ThreadState[],
	): void {
		const { roomId, floorSeq } = position;
		const noted = this.#noted(draft, roomId);
		const changed = new Map(noted?.changed);
		const fresh = new Map(noted?.fresh);
		for (const state of next) {
			const known = states.get(state.rootId);
			if (known === state) continue;
			for (const [seq, reply] of state.replies) {
				if (known?.replies.get(seq) !== reply) fresh.set(seq, { ...reply, rootId: state.rootId });
			}
			states.set(state.rootId, state);
			changed.set(state.rootId, state);
		}
		const gone = new Set(noted?.gone);
		for (const [rootId, state] of states) {
			if (!isThreadOver(state, floorSeq)) continue;
			states.delete(rootId);
			changed.delete(rootId);
			gone.add(rootId);
		}
		const before = this.#rowOf(draft, roomId);
		const shown = unreadThreads(states.values(), position, this.#limits.inboxThreadsShown);
		const isNew = before === undefined ? shown.unread > 0 : !looksSame(before, shown);
		if (changed.size === 0 && gone.size === 0 && !isNew) return;
		const row = isNew ? draft.put<InboxThreadsRow>({ kind: "inboxThreads", id: roomId, ...shown }) : before;
		draft.note(keyOf(roomId), { kind: "threads", roomId, row, changed, fresh, gone });
	}

	async #statesOf(roomId: string): Promise<Map<number, ThreadState>> {
		const known = this.#states.get(roomId) ?? (await readThreadStates(this.#db(), roomId));
		this.#states.set(roomId, known);
		return known;
	}

	#rowOf(draft: InboxDraft, roomId: string): InboxThreadsRow | undefined {
		return this.#noted(draft, roomId)?.row ?? this.#rows.get(roomId);
	}

	#noted(draft: InboxDraft, roomId: string): ThreadsEntry | undefined {
		const noted = draft.noted(keyOf(roomId));
		return noted?.kind === "threads" ? noted : undefined;
	}
}

const keyOf = (roomId: string): string => `threads ${roomId}`;
const nothingOf = (roomId: string) => ({
	...{ kind: "threads" as const, roomId, changed: new Map(), fresh: new Map(), gone: new Set<number>() },
});

/** What of a room decides what is unread in its threads. */
const MOVED_BY = ["floorSeq", "joinedAtSeq", "isMember"] as const satisfies (keyof RoomPosition)[];

type Shown = Pick<InboxThreadsRow, "unread" | "threads">;
const looksSame = (one: Shown, other: Shown): boolean =>
	one.unread === other.unread && JSON.stringify(one.threads) === JSON.stringify(other.threads);
