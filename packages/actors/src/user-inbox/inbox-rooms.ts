import type { InboxFeedRow, InboxRoomRow, SeqFact } from "@bullpen/domain/inbox";
import { freshFacts, tally } from "@bullpen/domain/inbox-facts";
import { type RoomPosition, settledSeq } from "@bullpen/domain/inbox-rules";
import type { Draft } from "../feed-draft.ts";
import { type InboxExtra, type InboxStore, positionOf, type RoomEntry } from "./inbox-store.ts";

export type InboxDraft = Draft<InboxFeedRow, InboxExtra>;
type Facts = Map<number, { version: number; fact: SeqFact[2] }>;

/** The rooms of an inbox: where each stands, and what is known of messages that are not settled. */
export class InboxRooms {
	readonly #store: InboxStore;
	readonly #now: () => number;
	readonly #entries = new Map<string, RoomEntry>();
	/** As in the tables and the batch being written. */
	readonly #facts = new Map<string, Facts>();

	constructor(store: InboxStore, now: () => number) {
		this.#store = store;
		this.#now = now;
	}

	/** As committed. */
	get all(): IterableIterator<RoomEntry> {
		return this.#entries.values();
	}

	keep(entry: RoomEntry): void {
		this.#entries.set(entry.row.id, { ...entry, facts: [] });
	}

	/** The tables may differ from what was thought: they are read again. */
	forgetFacts(): void {
		this.#facts.clear();
	}

	positionOf(roomId: string, draft?: InboxDraft): RoomPosition | undefined {
		const entry = this.#entryOf(roomId, draft);
		return entry && positionOf(entry);
	}

	async factsOf(position: RoomPosition): Promise<Facts> {
		const known = this.#facts.get(position.roomId);
		if (known !== undefined) return known;
		const read = await this.#store.facts(position.roomId, settledSeq(position));
		const facts: Facts = new Map(read.map(([seq, version, fact]) => [seq, { version, fact }]));
		this.#facts.set(position.roomId, facts);
		return facts;
	}

	/**
	 * A room's next position, with what else is known of its messages. A change that nobody sees (a newer note that says the
	 * same) is kept without a new version.
	 */
	async put(
		draft: InboxDraft,
		before: RoomPosition | undefined,
		after: RoomPosition,
		told: readonly SeqFact[] = [],
	): Promise<void> {
		const entry = this.#entryOf(after.roomId, draft);
		const known = await this.factsOf(before ?? after);
		const settled = settledSeq(after);
		const fresh = freshFacts(known, told, settled);
		if (after === before && fresh.length === 0) return;
		for (const [seq, version, fact] of fresh) known.set(seq, { version, fact });
		for (const seq of known.keys()) if (seq <= settled) known.delete(seq);
		const row = this.#rowOf(after, tally(known, settled, after.headSeq), entry);
		draft.note(`room ${after.roomId}`, {
			kind: "room",
			row: entry !== undefined && looksSame(entry.row, row) ? entry.row : draft.put<InboxRoomRow>(row),
			floorSeq: after.floorSeq,
			noteVersion: after.noteVersion,
			joinedVersion: after.joinedVersion,
			joinedAtSeq: after.joinedAtSeq,
			facts: [...(entry?.facts ?? []), ...fresh],
		});
	}

	#entryOf(roomId: string, draft: InboxDraft | undefined): RoomEntry | undefined {
		const noted = draft?.noted(`room ${roomId}`);
		return noted?.kind === "room" ? noted : this.#entries.get(roomId);
	}

	#rowOf(position: RoomPosition, counts: ReturnType<typeof tally>, entry: RoomEntry | undefined) {
		const { roomId: id, name, visibility, isMember, headSeq, readSeq, readEpoch, lastAt, level, mutedUntil } = position;
		const { unread, mentions } = isMember ? counts : { unread: 0, mentions: 0 };
		return {
			...{ kind: "inboxRoom" as const, id, name, visibility, headSeq, readSeq, readEpoch, unread, mentions, lastAt },
			...(level === undefined ? {} : { level }),
			...(mutedUntil === undefined ? {} : { mutedUntil }),
			...(isMember ? {} : { leftAt: entry?.row.leftAt ?? this.#now() }),
		};
	}
}

type Shown = Omit<InboxRoomRow, "version">;
const SHOWN = [
	"name",
	"visibility",
	"headSeq",
	"readSeq",
	"readEpoch",
	"unread",
	"mentions",
	"level",
	"mutedUntil",
	"lastAt",
	"leftAt",
] as const satisfies (keyof Shown)[];
const looksSame = (one: Shown, other: Shown): boolean => SHOWN.every((field) => one[field] === other[field]);
