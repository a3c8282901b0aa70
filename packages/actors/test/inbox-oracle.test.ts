import type { InboxRoomRow, InboxThreadsRow } from "@bullpen/domain/inbox";
import { type Countable, factOf } from "@bullpen/domain/inbox-facts";
import { LIMITS } from "@bullpen/domain/limits";
import { mentionsIn } from "@bullpen/domain/mention";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town, type Who } from "./room-client.ts";

const isNightly = process.env.NIGHTLY === "1";
const OPERATIONS = isNightly ? 100_000 : 200;
const ROUND = isNightly ? 1_000 : 100;
const SEED = Number(process.env.SEED ?? 7);
const PEOPLE = Array.from({ length: isNightly ? 30 : 12 }, (_, index): Who => ({ id: `p${index}` }));
const limits = {
	...NO_RATES,
	inboxNoteHereMs: 20,
	inboxNoteAwayMs: 300,
	outboxAlarmMs: 1_000,
	inboxNoteRetryMs: 1_000,
};

let house: House;
let town: Town;
let actors: ActorsProcess;

beforeAll(async () => {
	house = await openHouse();
	actors = await house.startActors("rooms", { limits });
	town = new Town(house);
	await town.register(...PEOPLE);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

interface Place {
	isIn: boolean;
	readSeq: number;
	readEpoch: number;
	joinedAtSeq: number;
	/** By the thread's first message: replies above it concern them, null for none. */
	readonly follows: Map<number, number | null>;
	readonly threadsRead: Map<number, number>;
}

/** A room by definition: what was acknowledged, and where each person has read to. */
class Truth {
	readonly roomId: string;
	readonly said: (Omit<Countable, "version"> & { text: string })[] = [];
	readonly #places = new Map<string, Place>();
	/** Threads that somebody chose to follow or not before they had a reply. */
	readonly #chosen = new Set<number>();

	constructor(roomId: string) {
		this.roomId = roomId;
	}

	place(who: Who): Place {
		const place = this.#places.get(who.id) ?? {
			...{ isIn: false, readSeq: 0, readEpoch: 0, joinedAtSeq: 0 },
			...{ follows: new Map(), threadsRead: new Map() },
		};
		this.#places.set(who.id, place);
		return place;
	}

	/** Somebody replied: it may be the first, and it may call people. */
	replied(rootId: number, seq: number, who: Who, calledIds: readonly string[]): void {
		const author = this.said[rootId - 1]!.sender;
		const isFirst =
			!this.said.some((message) => message.threadOf === rootId && message.seq !== seq) && !this.#chosen.has(rootId);
		const follow = ({ id }: Who, from: number): void => {
			const { follows } = this.place({ id });
			if ((follows.get(rootId) ?? null) === null) follows.set(rootId, from);
		};
		if (isFirst && author !== who.id) follow({ id: author }, rootId);
		follow(who, seq);
		for (const id of calledIds) if (this.place({ id }).isIn) follow({ id }, seq - 1);
	}

	/** By their own choice; a message's author follows its thread before there is one. */
	choose(rootId: number, who: Who, isFollowing: boolean): void {
		const author = this.said[rootId - 1]!.sender;
		const hasThread = this.#chosen.has(rootId) || this.said.some(({ threadOf }) => threadOf === rootId);
		const { follows } = this.place(who);
		const isAlready = hasThread ? (follows.get(rootId) ?? null) !== null : author === who.id;
		if (isAlready === isFollowing) return;
		if (!hasThread && author !== who.id) this.place({ id: author }).follows.set(rootId, rootId);
		this.#chosen.add(rootId);
		const last = this.said.findLast(({ threadOf }) => threadOf === rootId)?.seq ?? rootId;
		follows.set(rootId, isFollowing ? last : null);
	}

	/** Unread replies by thread, of those that have some. */
	threads(who: Who): { rootId: number; unread: number }[] {
		const { joinedAtSeq, follows, threadsRead } = this.place(who);
		return [...follows]
			.flatMap(([rootId, from]) => {
				const replies = this.said.filter(({ threadOf }) => threadOf === rootId);
				const own = replies.findLast(({ sender }) => sender === who.id)?.seq ?? 0;
				const settled = Math.max(from ?? Number.POSITIVE_INFINITY, joinedAtSeq, own, threadsRead.get(rootId) ?? 0);
				const unread = replies.filter(({ seq, sender, isDeleted }) => seq > settled && sender !== who.id && !isDeleted);
				return unread.length === 0 ? [] : [{ rootId, unread: unread.length }];
			})
			.sort((one, other) => one.rootId - other.rootId);
	}

	/** What the inbox of `who` has to say of this room. */
	row(who: Who): Partial<InboxRoomRow> {
		const { readSeq, readEpoch } = this.place(who);
		const facts = this.said.filter(({ seq }) => seq > readSeq).map((message) => factOf(message, who.id));
		const unread = facts.filter((fact) => fact !== "silent").length;
		const mentions = facts.filter((fact) => fact === "mention").length;
		return { headSeq: this.said.length, unread, mentions, readSeq, readEpoch };
	}
}

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
function chance(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const random = chance(SEED);
const upTo = (count: number): number => Math.floor(random() * count);
const one = <One>(all: readonly One[]): One => all[upTo(all.length)]!;

function text(): string {
	const roll = random();
	if (roll < 0.6) return "well";
	return roll < 0.7 ? "<@room> and `<@p1>`" : `ask <@${one(PEOPLE).id}>`;
}

async function act(truth: Truth): Promise<void> {
	const who = one(PEOPLE);
	const room = town.as("chatRoom", truth.roomId, who);
	const inbox = town.as("userInbox", who.id, who);
	const place = truth.place(who);
	const head = truth.said.length;
	const roll = random() * 100;
	if (!place.isIn || head === 0) {
		await room.join();
		if (!place.isIn) Object.assign(place, { isIn: true, readSeq: Math.max(place.readSeq, head), joinedAtSeq: head });
		if (head > 0) return;
	}
	if (roll < 45 || head === 0) {
		const root = random() < 0.2 ? truth.said.find((message) => !message.isThreadOnly && !message.isDeleted) : undefined;
		const sent = await room.sendMessage({ text: text(), ...(root === undefined ? {} : { threadOf: root.seq }) });
		const flags = { isEdited: false, isDeleted: false, isThreadOnly: root !== undefined };
		const mentions = mentionsIn(sent.text);
		truth.said.push({ seq: sent.id, sender: who.id, text: sent.text, mentions, ...flags, threadOf: root?.seq });
		if (root !== undefined) truth.replied(root.seq, sent.id, who, mentions.userIds);
	} else if (roll < 58) {
		const own = truth.said.filter(({ sender, isDeleted }) => sender === who.id && !isDeleted);
		const message = own[upTo(own.length)];
		if (message === undefined) return;
		if (roll < 52) {
			const edited = await room.editMessage({ id: message.seq, text: text() });
			truth.said[message.seq - 1] = {
				...message,
				text: edited.text,
				mentions: mentionsIn(edited.text),
				isEdited: true,
			};
		} else {
			await room.deleteMessage({ id: message.seq });
			truth.said[message.seq - 1] = { ...message, isDeleted: true };
		}
	} else if (roll < 61) {
		const message = one(truth.said);
		if (!message.isDeleted) await room.toggleReaction({ id: message.seq, emoji: "👍" });
	} else if (roll < 64) {
		const root = one(truth.said);
		if (root.isDeleted || root.threadOf !== undefined) return;
		const isFollowing = random() < 0.5;
		await room.followThread({ id: root.seq, isFollowing });
		truth.choose(root.seq, who, isFollowing);
	} else if (roll < 68) {
		await comes(who, truth);
		const { rootId } = one([...truth.threads(who), { rootId: 0 }]);
		if (rootId === 0) return;
		const seq = rootId + 1 + upTo(head - rootId);
		await inbox.markThreadRead({ roomId: truth.roomId, rootId, seq });
		place.threadsRead.set(rootId, Math.max(seq, place.threadsRead.get(rootId) ?? 0));
	} else if (roll < 80) {
		await comes(who, truth);
		const seq = 1 + upTo(head);
		const isStale = random() < 0.2 && place.readEpoch > 0;
		await inbox.markRead({ roomId: truth.roomId, seq, readEpoch: place.readEpoch - (isStale ? 1 : 0) });
		if (!isStale) place.readSeq = Math.max(place.readSeq, seq);
	} else if (roll < 90) {
		await comes(who, truth);
		const seq = head - upTo(Math.min(head, LIMITS.markUnreadMax));
		await inbox.markUnread({ roomId: truth.roomId, seq });
		Object.assign(place, { readSeq: seq - 1, readEpoch: place.readEpoch + 1 });
	} else if (roll < 95) {
		await comes(who, truth);
	} else {
		await room.leave();
		place.isIn = false;
	}
}

async function shownTo(who: Who): Promise<{ rooms: InboxRoomRow[]; threads: InboxThreadsRow[] }> {
	const { rows } = await town.as("userInbox", who.id, who).getInbox();
	return {
		rooms: rows.flatMap((row) => (row.kind === "inboxRoom" && row.leftAt === undefined ? [row] : [])),
		threads: rows.flatMap((row) => (row.kind === "inboxThreads" ? [row] : [])),
	};
}

/** What is shown of a room is what is true of it: its counts, and those of its threads. */
function expectTrue(shown: Awaited<ReturnType<typeof shownTo>>, who: Who, truth: Truth): void {
	expect(shown.rooms.find(({ id }) => id === truth.roomId)).toMatchObject(truth.row(who));
	const told = shown.threads.find(({ id }) => id === truth.roomId)?.threads ?? [];
	const threads = told.map(({ rootId, unread }) => ({ rootId, unread }));
	expect(threads.sort((one, other) => one.rootId - other.rootId)).toEqual(truth.threads(who));
}

/** Somebody opens their inbox: it is right at once, whatever was still to be told. A room that is new to it may need a moment. */
async function comes(who: Who, truth: Truth): Promise<void> {
	const isListed = async () => (await shownTo(who)).rooms.some(({ id }) => id === truth.roomId);
	await vi.waitFor(async () => expect(await isListed()).toBe(true), 10_000);
	expectTrue(await shownTo(who), who, truth);
}

/** Everybody's rooms and counts, on a device that reads all and on one that reads changes. */
async function agree(truths: readonly Truth[]): Promise<void> {
	for (const who of PEOPLE) {
		const mine = truths.filter((truth) => truth.place(who).isIn);
		await vi.waitFor(
			async () => {
				const shown = await shownTo(who);
				expect(shown.rooms.map(({ id }) => id).sort()).toEqual(mine.map(({ roomId }) => roomId).sort());
				for (const truth of mine) expectTrue(shown, who, truth);
				const changes = await town.as("userInbox", who.id, who).changesSince({ version: 0, limit: 500 });
				for (const row of [...shown.rooms, ...shown.threads]) expect(changes.rows).toContainEqual(row);
			},
			{ timeout: 15_000, interval: 100 },
		);
	}
}

test(
	`[I2] [INB16] [INB17] after ${OPERATIONS} random acts and kill -9 every count is true on every device (seed ${SEED})`,
	async () => {
		const truths = [
			new Truth(await town.open(PEOPLE[0]!, "oracle a")),
			new Truth(await town.open(PEOPLE[0]!, "oracle b")),
		];
		for (const truth of truths) truth.place(PEOPLE[0]!).isIn = true;
		for (let count = 1; count <= OPERATIONS; count++) {
			await act(one(truths));
			if (count % ROUND === 0) {
				await actors.kill("SIGKILL");
				actors = await house.startActors("rooms", { limits });
				await agree(truths);
			}
		}
	},
	isNightly ? 8 * 3_600_000 : 120_000,
);
