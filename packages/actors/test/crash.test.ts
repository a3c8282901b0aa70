import { fileURLToPath } from "node:url";
import type { InboxRoomRow } from "@bullpen/domain/inbox";
import type { Message } from "@bullpen/domain/message";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { type StockConnection, Town, type Who } from "./room-client.ts";

const isNightly = process.env.NIGHTLY === "1";
const CLIENTS = isNightly ? 20 : 5;
const SENDS = isNightly ? 10_000 : 400;
const CALL_MS = 4_000;
const MINUTES = 60_000;
const REMEMBERING = fileURLToPath(new URL("./fixture/remembering-server.ts", import.meta.url));

let house: House;
let town: Town;
let actors: ActorsProcess;

const ada = { id: "ada" };
const bob = { id: "bob" };
const limits = {
	...NO_RATES,
	inboxNoteHereMs: 20,
	inboxNoteAwayMs: 500,
	outboxAlarmMs: 1_000,
	inboxNoteRetryMs: 1_000,
	retentionEveryMs: 1_500,
	// Nothing of what was acknowledged is kept but before sleep: whatever is killed tells everything again.
	inboxNoteKeepMs: 10 * MINUTES,
	searchNoteKeepMs: 10 * MINUTES,
};

beforeAll(async () => {
	house = await openHouse();
	actors = await house.startActors("rooms", { limits });
	town = new Town(house);
	await town.register(ada, bob, ...Array.from({ length: CLIENTS }, (_, index) => ({ id: `client-${index}` })));
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

/** Somebody whose connections break: every send is repeated with its nonce until it is acknowledged. */
class Stubborn {
	readonly #who: Who;
	readonly #roomId: string;
	readonly acknowledged: Message[] = [];
	#connection: StockConnection<"chatRoom"> | undefined;

	constructor(roomId: string, who: Who) {
		this.#roomId = roomId;
		this.#who = who;
	}

	async send(text: string, nonce: string): Promise<void> {
		for (;;) {
			this.#connection ??= town.connect("chatRoom", this.#roomId, this.#who);
			try {
				this.acknowledged.push(await within(CALL_MS, this.#connection.sendMessage({ text, nonce })));
				return;
			} catch {
				await this.hangUp(); // whatever it was, only the acknowledgement counts
			}
		}
	}

	async hangUp(): Promise<void> {
		const connection = this.#connection;
		this.#connection = undefined;
		await connection?.dispose().catch(() => undefined); // broken already
	}
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error("no answer in time")), ms);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function everythingIn(roomId: string): Promise<Message[]> {
	const messages: Message[] = [];
	for (let after = 0; ; after = messages.at(-1)?.id ?? 0) {
		const page = await town.as("chatRoom", roomId, ada).getHistory({ after, limit: 200 });
		messages.push(...page.messages);
		if (!page.hasMore) return messages;
	}
}

async function crash(): Promise<void> {
	await actors.kill("SIGKILL");
	actors = await house.startActors("rooms", { limits });
}

async function rowOf(who: Who, roomId: string): Promise<InboxRoomRow | undefined> {
	const { rows } = await town.as("userInbox", who.id, who).getInbox();
	const row = rows.find(({ id }) => id === roomId);
	return row?.kind === "inboxRoom" ? row : undefined;
}

describe("kill -9 of the actors", () => {
	test(
		`[P1] [P2] ${SENDS} sends through crashes, cut connections and repeats are ${SENDS} messages in one order`,
		async () => {
			const roomId = await town.open(ada, "chaos");
			const clients = Array.from({ length: CLIENTS }, (_, index) => new Stubborn(roomId, { id: `client-${index}` }));
			for (let index = 0; index < CLIENTS; index++) await town.as("chatRoom", roomId, { id: `client-${index}` }).join();
			await town.as("chatRoom", roomId, bob).join();
			const perClient = SENDS / CLIENTS;
			let sent = 0;
			const traffic = clients.map(async (client, index) => {
				for (let count = 0; count < perClient; count++) {
					if ((index + count * 7) % 41 === 0) await client.hangUp();
					const send = client.send(`${index}:${count}`, `n${count}`);
					if (count % 5 === 0) await Promise.all([send, client.send(`${index}:${count}`, `n${count}`)]);
					await send;
					sent++;
				}
			});
			await vi.waitFor(() => expect(sent).toBeGreaterThan(SENDS / 4), { timeout: 2 * MINUTES, interval: 10 });
			await crash();
			await Promise.all(traffic);

			const messages = await everythingIn(roomId);
			expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: SENDS }, (_, index) => index + 1));
			expect(new Set(messages.map(({ text }) => text)).size).toBe(SENDS);
			const byId = new Map(messages.map((message) => [message.id, message]));
			for (const { acknowledged } of clients) {
				for (const message of acknowledged) expect(byId.get(message.id)).toEqual(message);
			}
			for (const [index] of clients.entries()) {
				const own = messages.filter(({ sender }) => sender === `client-${index}`).map(({ text }) => text);
				expect(own).toEqual(Array.from({ length: perClient }, (_, count) => `${index}:${count}`));
			}

			const truth = (who: string): number => messages.filter(({ sender }) => sender !== who).length;
			for (const id of ["bob", "client-0", "client-1"]) {
				await vi.waitFor(async () => expect((await rowOf({ id }, roomId))?.unread).toBe(truth(id)), {
					timeout: MINUTES,
					interval: 200,
				});
			}
		},
		isNightly ? 15 * MINUTES : 3 * MINUTES,
	);
});

describe("a crash in the middle of making a room", () => {
	test.each([2, 25])(
		"[R1] after %i ms: the next who opens it finds it whole, and its opener in it",
		async (delayMs) => {
			const name = `cut short after ${delayMs}`;
			const opening = town.open(ada, name).catch(() => undefined); // answered or not: both may be
			await new Promise((resolve) => setTimeout(resolve, delayMs));
			await crash();
			const roomId = await vi.waitFor(() => within(CALL_MS, town.open(bob, name)), { timeout: MINUTES, interval: 200 });
			const view = await town.as("chatRoom", roomId, bob).join();
			const first = (await opening) === undefined ? view.room.createdBy : "ada";
			expect(view.members).toContainEqual(expect.objectContaining({ id: first, role: "owner", status: "joined" }));
			expect((await town.as("directory", "main", bob).list()).rows).toContainEqual(
				expect.objectContaining({ id: roomId, name }),
			);
		},
		2 * MINUTES,
	);
});

describe("a restart", () => {
	test(
		"[P3] connections outlive the process: they hear on, count as present, and can be shown out; so does what inboxes acknowledged",
		async () => {
			const roomId = await town.open(ada, "survivors");
			const seat = await town.sit(roomId, bob);
			const before = await town.as("chatRoom", roomId, ada).sendMessage({ text: "before the restart" });
			await vi.waitFor(async () => expect(await rowOf(bob, roomId)).toMatchObject({ unread: 1 }), 10_000);
			await actors.kill("SIGTERM");
			actors = await house.startActors("rooms", { entry: REMEMBERING, limits });
			const first = await town.as("chatRoom", roomId, ada).sendMessage({ text: "after the restart" });
			const acknowledged = new RegExp(`^remembered .*"bob":${before.version}\\b`);
			expect(actors.lines).toContainEqual(expect.stringMatching(acknowledged));
			// They hear of it, or where the feed stands now: either way they know that it is there.
			await vi.waitFor(() => expect(seat.batches.at(-1)?.to).toBeGreaterThanOrEqual(first.version), {
				timeout: MINUTES,
				interval: 50,
			});
			const second = await town.as("chatRoom", roomId, ada).sendMessage({ text: "and on" });
			await vi.waitFor(() => expect(seat.messages).toContainEqual(second), { timeout: 5_000, interval: 50 });
			expect(seat.isClosed).toBe(false);
			expect((await town.as("chatRoom", roomId, ada).getRoom()).onlineUserIds).toContain("bob");
			await town.as("chatRoom", roomId, ada).kick({ userId: "bob" });
			seat.connection.onClose(() => void seat.connection.dispose());
			await vi.waitFor(() => expect(seat.isClosed).toBe(true), 2_000);
		},
		2 * MINUTES,
	);
});

describe("the wake rule: kill -9 with nobody connected, then only wait", () => {
	beforeAll(async () => {
		await actors.kill("SIGTERM");
		// Nothing is told but by the alarm.
		const timers = { inboxNoteHereMs: 10 * MINUTES, searchNoteGapMs: 10 * MINUTES };
		actors = await house.startActors("rooms", { limits: { ...limits, ...timers } });
	});
	const unreadOfBob = (roomId: string, unread: number): Promise<void> =>
		vi.waitFor(async () => expect(await rowOf(bob, roomId)).toMatchObject({ unread }), {
			timeout: MINUTES,
			interval: 200,
		});

	test(
		"[SEARCH16] where no timer would, the alarm of a commit tells inboxes and the index",
		async () => {
			const roomId = await town.open(ada, "ringing");
			await town.as("chatRoom", roomId, bob).join();
			const inbox = town.connect("userInbox", "bob", bob);
			await inbox.getInbox(); // asking again would ask the room
			const heads: number[] = [];
			inbox.on("inboxChanged", ({ rows }) => {
				for (const row of rows) if (row.kind === "inboxRoom" && row.id === roomId) heads.push(row.headSeq);
			});
			// The first is told in any case: the index calls up rooms that it never heard of.
			for (const said of [1, 2]) {
				await town.as("chatRoom", roomId, ada).sendMessage({ text: "quetzalcoatl" });
				await vi.waitFor(() => expect(heads).toContain(said), { timeout: MINUTES / 4, interval: 50 });
				await vi.waitFor(
					async () =>
						expect((await town.as("search", "main", bob).search({ query: "quetzalcoatl" })).hits).toHaveLength(said),
					{ timeout: MINUTES / 4, interval: 200 },
				);
			}
		},
		2 * MINUTES,
	);

	test(
		"inboxes are told",
		async () => {
			const roomId = await town.open(ada, "forgotten notes");
			await town.as("chatRoom", roomId, bob).join();
			await unreadOfBob(roomId, 0);
			await town.as("chatRoom", roomId, ada).sendMessage({ text: "do tell bob" });
			await crash();
			await unreadOfBob(roomId, 1);
		},
		2 * MINUTES,
	);

	test(
		"[R11] a room is pruned, and what was pruned is no longer unread",
		async () => {
			const roomId = await town.open(ada, "forgotten rows");
			await town.as("chatRoom", roomId, bob).join();
			const owner = town.as("chatRoom", roomId, ada);
			for (let index = 0; index < 5; index++) await owner.sendMessage({ text: `m${index}` });
			await owner.updateRoom({ retentionMessages: 2 });
			await crash();
			await unreadOfBob(roomId, 2);
			expect(await owner.getRoom()).toMatchObject({ floorSeq: 4, head: { seq: 5 } });
		},
		2 * MINUTES,
	);
});
