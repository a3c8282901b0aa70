import type { NoteRoomInput, RoomNews } from "@bullpen/domain/inbox";
import { type Countable, factOf, factsFor } from "@bullpen/domain/inbox-facts";
import { newsText } from "@bullpen/domain/inbox-notices";
import type { Room } from "./room.ts";
import { type Counted, countableAbove, countableSince, type Said, saidAt } from "./store/countable.ts";
import type { Member } from "./store/room-store.ts";
import { readThreads, type ThreadWindow, threadNotesFor } from "./thread-notes.ts";

/** Changes read for one note; what lies beyond goes into the next. */
const WINDOW = 1_000;

interface Window {
	readonly from: number;
	readonly version: number;
	readonly counted: Promise<Counted>;
	said: Promise<Said[]> | undefined;
	threads: Promise<ThreadWindow> | undefined;
}

/** What a room says of itself to one member's inbox: absolute facts up to one version. */
export class Notes {
	readonly #room: Room;
	#window: Window | undefined;

	constructor(room: Room) {
		this.#room = room;
	}

	/** Of what changed since `from`, with its news: also for the away, whose devices may be told of them. */
	async since(member: Member, from: number): Promise<NoteRoomInput> {
		if (member.row.status !== "joined") return this.#outside(member);
		const about = this.#about(member);
		const window = this.#read(from, about);
		try {
			const { rows, isWhole } = await window.counted;
			const version = isWhole ? about.version : Math.min(about.version, rows.at(-1)?.version ?? about.version);
			const news = await this.#news(window, rows, member.row.id);
			window.threads ??= readThreads(this.#room, rows, { from, to: version });
			const threads = threadNotesFor(await window.threads, member);
			return { ...about, version, facts: factsFor(rows, member.row.id), news, threads };
		} catch (error) {
			if (this.#window === window) this.#window = undefined; // what failed to be read is read again for the next one
			throw error;
		}
	}

	/** Of every message above `seq`, of which there are at most `markUnreadMax` and what came meanwhile. */
	async above(member: Member, seq: number): Promise<NoteRoomInput> {
		if (member.row.status !== "joined") return this.#outside(member);
		const about = this.#about(member);
		const facts: NoteRoomInput["facts"] = [];
		for (let after = seq, isWhole = false; !isWhole && after < seq + this.#room.limits.readAheadMax; ) {
			const page = await countableAbove(this.#room.db, after, WINDOW, this.#room.limits.inboxNoteTextBytesMax);
			facts.push(...factsFor(upTo(about.headSeq, page.rows), member.row.id));
			after = page.rows.at(-1)?.seq ?? after;
			isWhole = page.isWhole;
		}
		return { ...about, facts: facts.slice(0, this.#room.limits.readAheadMax) };
	}

	#about({ row, place }: Member): NoteRoomInput {
		const { room, version, headSeq, floorSeq, lastAt } = this.#room;
		return {
			userId: row.id,
			roomId: room.id,
			name: room.name,
			visibility: room.visibility,
			version,
			headSeq,
			floorSeq,
			lastAt,
			facts: [],
			joinedAtSeq: place.joinedAtSeq < 0 ? null : place.joinedAtSeq,
			joinedVersion: place.joinedAtVersion,
			isMember: row.status === "joined" || row.status === "invited",
			news: [],
			threads: [],
		};
	}

	/** What somebody outside may know is that they are outside. */
	#outside(member: Member): NoteRoomInput {
		const about = this.#about(member);
		return { ...about, headSeq: about.joinedAtSeq ?? 0, floorSeq: 1, lastAt: member.row.changedAt };
	}

	/** Most members were told the same last, so that one read serves them all. */
	#read(from: number, { version, headSeq }: Pick<NoteRoomInput, "version" | "headSeq">): Window {
		if (this.#window?.from !== from || this.#window.version !== version) {
			const { inboxNoteTextBytesMax } = this.#room.limits;
			const counted = countableSince(this.#room.db, from, WINDOW, inboxNoteTextBytesMax).then(({ rows, isWhole }) => ({
				rows: upTo(headSeq, rows),
				isWhole,
			}));
			this.#window = { from, version, counted, said: undefined, threads: undefined };
		}
		return this.#window;
	}

	async #news(window: Window, rows: readonly Countable[], userId: string): Promise<RoomNews[]> {
		const newest = rows.filter(({ isDeleted }) => !isDeleted).slice(-this.#room.limits.newsMax);
		if (newest.every((row) => factOf(row, userId) === "silent")) return [];
		window.said ??= this.#said(newest);
		const texts = new Map((await window.said).map((one) => [one.seq, one]));
		return newest.flatMap((row) => {
			const fact = factOf(row, userId);
			const said = texts.get(row.seq);
			if (fact === "silent" || said === undefined) return [];
			return [{ ...said, isMention: fact === "mention" }];
		});
	}

	async #said(newest: readonly Countable[]): Promise<Said[]> {
		const said = await saidAt(
			this.#room.db,
			newest.map(({ seq }) => seq),
		);
		return said.map((one) => ({ ...one, text: newsText(one.text, this.#room.limits.newsTextCharsMax) }));
	}
}

/** What was said between a note's beginning and the read for it is the next one's: this one's head does not know of it. */
const upTo = (headSeq: number, rows: readonly Countable[]): Countable[] => rows.filter(({ seq }) => seq <= headSeq);
