import { createHash } from "node:crypto";
import { roomHash } from "@bullpen/domain/room-hash";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, type Seat, Town } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const GRACE_MS = 400;

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", {
		limits: { ...NO_RATES, presenceGraceMs: GRACE_MS, typingEveryMs: 300, retentionEveryMs: 500, pinsPerRoomMax: 3 },
	});
	town = new Town(house);
	await town.register(ada, bob, cyn);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

/** A new room with ada (its owner) and bob in it. */
async function twoIn(name: string): Promise<{ roomId: string; a: Seat; b: Seat }> {
	const roomId = await town.open(ada, name);
	return { roomId, a: await town.sit(roomId, ada), b: await town.sit(roomId, bob) };
}

describe("one room", () => {
	test("[R1] general is there from the start; naming a new room opens one, naming it again finds it", async () => {
		const view = await town.as("directory", "main", ada).list();
		expect(view.rows).toContainEqual(
			expect.objectContaining({ kind: "directoryRoom", id: "general", name: "general" }),
		);
		const opened = await town.as("directory", "main", ada).openRoom({ name: "Design" });
		expect(opened).toMatchObject({ name: "Design", created: true, roomId: expect.stringMatching(/^r-[0-9a-f]{30}$/) });
		expect(await town.as("directory", "main", bob).openRoom({ name: " #ｄｅｓｉｇｎ " })).toEqual({
			...opened,
			created: false,
		});
	});

	test("[R1] who opens a new room is in it; whoever finds it is offered it and joins by an act of their own", async () => {
		const roomId = await town.open(ada, "offers");
		expect((await town.as("chatRoom", roomId, ada).getRoom()).me).toMatchObject({ role: "owner", status: "joined" });
		const visitor = await town.sit(roomId, bob, { joins: false });
		expect((await visitor.connection.getRoom()).me).toBeNull();
		expect((await visitor.connection.getHistory()).messages).toEqual([]);
		expect((await refused(visitor.send("hi"))).code).toBe("not_member");
		expect((await visitor.connection.join()).me).toMatchObject({ role: "member", status: "joined" });
		await visitor.send("hi");
	});

	test("[R2] order is the room's own gapless numbers, and pages follow them", async () => {
		const { a, b } = await twoIn("order");
		const sent = await Promise.all(
			Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? a : b).send(`m${index}`)),
		);
		expect(sent.map(({ id }) => id).sort((x, y) => x - y)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
		const newest = await a.connection.getHistory();
		expect(newest.messages.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
		expect(newest).toMatchObject({ hasMore: true, floorSeq: 1, head: { seq: 60 } });
		const older = await a.connection.getHistory({ before: 11, limit: 200 });
		expect(older.messages.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => index + 1));
		expect(older.hasMore).toBe(false);
		const forward = await a.connection.getHistory({ after: 10, limit: 5 });
		expect(forward.messages.map(({ id }) => id)).toEqual([11, 12, 13, 14, 15]);
		expect(forward.hasMore).toBe(true);
		const times = newest.messages.map(({ timestamp }) => timestamp);
		expect(times).toEqual([...times].sort((x, y) => x - y));
	});

	test("[R3] a message is stamped by the server, told to everybody and returned", async () => {
		const { a, b } = await twoIn("told");
		const sent = await a.send("  hello  ", "n1");
		expect(sent).toMatchObject({ id: 1, sender: "ada", text: "hello", nonce: "n1" });
		expect(Math.abs(sent.timestamp - Date.now())).toBeLessThan(60_000);
		await vi.waitFor(() => {
			expect(a.messages).toEqual([sent]);
			expect(b.messages).toEqual([sent]);
			expect(b.batches.at(-1)?.rows).toEqual([sent]);
		});
	});

	test("[R4] nothing falls between subscribing and reading", async () => {
		const { roomId, a } = await twoIn("race");
		const sending = Array.from({ length: 200 }, (_, index) => a.send(`m${index}`));
		const late = await town.sit(roomId, bob, { joins: false });
		const history = await late.connection.getHistory({ limit: 200 });
		await Promise.all([...sending, a.send("the last")]);
		await vi.waitFor(() => {
			const heard = late.batches.filter(({ to }) => to > history.head.version);
			const ids = new Set([...history.messages, ...heard.flatMap(({ rows }) => rows)].map(({ id }) => id));
			expect([...ids].filter((id) => typeof id === "number")).toHaveLength(201);
		});
		const chain = late.batches.filter(({ to }) => to > history.head.version);
		expect(chain[0]?.from).toBeLessThanOrEqual(history.head.version);
		for (const [index, batch] of chain.entries()) if (index > 0) expect(batch.from).toBe(chain[index - 1]?.to);
	});

	test("[R5] what is said to one person reaches only them", async () => {
		const { a, b } = await twoIn("single");
		await refused(a.send(""));
		await a.connection.getRoom();
		await b.send("a sign that all arrived");
		await vi.waitFor(() => expect(b.messages).toHaveLength(1));
		expect(b.batches.flatMap(({ rows }) => rows).filter(({ kind }) => kind === "message")).toHaveLength(1);
	});

	test("[R6] typing reaches the others only, is not repeated within its time, and leaves nothing behind", async () => {
		const { a, b } = await twoIn("typing");
		await b.connection.getRoom();
		for (const isTyping of [true, true, true, false]) await a.connection.setTyping({ isTyping });
		await vi.waitFor(() =>
			expect(b.signs.filter((sign) => "isTyping" in sign)).toEqual([
				{ userId: "ada", isTyping: true },
				{ userId: "ada", isTyping: false },
			]),
		);
		expect(a.signs.filter((sign) => "isTyping" in sign)).toEqual([]);
		const { rows } = await a.connection.changesSince({ version: 0 });
		expect(rows.map(({ kind }) => kind).sort()).toEqual(["member", "member", "room"]);
	});

	test("[R7] presence counts people: two tabs are one, a reload goes unseen, leaving is told", async () => {
		const { roomId, a } = await twoIn("presence");
		await vi.waitFor(async () => expect((await a.connection.getRoom()).onlineUserIds.sort()).toEqual(["ada", "bob"]));
		a.signs.length = 0;
		const tab = await town.sit(roomId, bob);
		await tab.connection.dispose();
		const reloaded = await town.sit(roomId, bob);
		await town.as("chatRoom", roomId, ada).getRoom();
		expect(a.signs.filter((sign) => "isOnline" in sign && sign.userId === "bob")).toEqual([]);
		await reloaded.connection.dispose();
		await town.leaveSeats(roomId, bob);
		await vi.waitFor(() => expect(a.signs).toContainEqual({ userId: "bob", isOnline: false }), 5_000);
		expect((await a.connection.getRoom()).onlineUserIds).toEqual(["ada"]);
	});

	test("[R8] nobody connects without a ticket for this very room, and no action takes a sender", async () => {
		const roomId = await town.open(ada, "doors");
		for (const params of [
			undefined,
			{},
			{ ticket: "" },
			{ ticket: "a.b.c" },
			{ ticket: house.ticket("chatRoom", "general", ada).ticket },
			{ ticket: house.ticket("userInbox", roomId, ada).ticket },
			{ ticket: house.service("chatRoom", roomId, "directory:main").service },
			{ service: house.ticket("chatRoom", roomId, ada).ticket },
			{ ...house.ticket("chatRoom", roomId, ada), extra: 1 },
		]) {
			const handle = town.client.chatRoom.get([roomId], { params });
			expect((await refused(handle.getRoom())).code).toBe("unauthenticated");
		}
		const a = await town.sit(roomId, ada);
		const forged = a.connection.action({ name: "sendMessage", args: [{ text: "hi", sender: "bob" }] });
		expect((await refused(forged)).code).toBe("bad_input");
	});
});

describe("changing what was said", () => {
	test("[MSG4] [MSG5] edits, deletions and reactions reach everybody and whoever reads later", async () => {
		const { a, b } = await twoIn("changes");
		const first = await a.send("helo");
		const second = await a.send("secret");
		const { version } = (await b.connection.getHistory()).head;
		const edited = await a.connection.editMessage({ id: first.id, text: "hello" });
		await b.connection.toggleReaction({ id: first.id, emoji: "❤" });
		const deleted = await a.connection.deleteMessage({ id: second.id });
		expect(edited).toMatchObject({ text: "hello", editedAt: expect.any(Number), version: version + 1 });
		expect(deleted).toMatchObject({ text: "", deletedAt: expect.any(Number), reactions: [] });
		const current = [{ ...edited, version: version + 2, reactions: [{ emoji: "❤️", userIds: ["bob"] }] }, deleted];
		await vi.waitFor(() => {
			const rows = b.batches.filter(({ from }) => from >= version).flatMap((batch) => batch.rows);
			expect(new Map(rows.map((row) => [row.id, row]))).toEqual(new Map(current.map((row) => [row.id, row])));
		});
		expect((await b.connection.getHistory()).messages).toEqual(current);
		expect((await b.connection.changesSince({ version })).rows).toEqual(current);
		expect(JSON.stringify(await b.connection.changesSince({ version: 0 }))).not.toContain("secret");
		expect((await refused(b.connection.editMessage({ id: first.id, text: "mine" }))).code).toBe("forbidden");
		expect((await refused(b.connection.deleteMessage({ id: first.id }))).code).toBe("forbidden");
		expect((await refused(b.connection.toggleReaction({ id: second.id, emoji: "👍" }))).code).toBe("not_found");
	});

	test("[MSG8] the same send again answers with the first message, in whatever form it has by now", async () => {
		const { a, b } = await twoIn("nonces");
		const texts = Array.from({ length: 40 }, (_, index) => index);
		const replays = [...texts, ...texts.toReversed(), ...texts.map((index) => (index * 7) % 40)];
		const answers = await Promise.all(replays.map((index) => a.send(`m${index}`, `n${index}`)));
		for (const [at, index] of replays.entries()) expect(answers[at]?.text).toBe(`m${index}`);
		expect(new Set(answers.map(({ id }) => id)).size).toBe(40);
		expect((await a.connection.getRoom()).head.seq).toBe(40);
		expect((await refused(a.send("other", "n1"))).code).toBe("nonce_reused");
		const others = await b.send("m1", "n1");
		expect(others.id).toBe(41);
		const first = answers[0]!;
		const edited = await a.connection.editMessage({ id: first.id, text: "edited" });
		expect(await a.send("m0", "n0")).toEqual(edited);
	});

	test("[FEED7] a reader ahead of the room or of another epoch is told to start over", async () => {
		const { a } = await twoIn("epochs");
		const { head } = await a.connection.getHistory();
		expect((await a.connection.changesSince({ version: head.version, epoch: head.epoch })).reset).toBeUndefined();
		expect((await a.connection.changesSince({ version: head.version + 1 })).reset).toBe(true);
		expect((await a.connection.changesSince({ version: 0, epoch: "another" })).reset).toBe(true);
	});

	test("[FEED3] missed changes are read in pages until caught up", async () => {
		const { a, b } = await twoIn("pages");
		const { version } = (await b.connection.getHistory()).head;
		await Promise.all(Array.from({ length: 30 }, (_, index) => a.send(`m${index}`)));
		await a.connection.updateRoom({ topic: "new" });
		const seen = new Set<string>();
		let at = version;
		for (let pages = 1; ; pages++) {
			const page = await b.connection.changesSince({ version: at, limit: 7 });
			for (const row of page.rows) seen.add(`${row.kind} ${row.id}`);
			at = page.to;
			if (!page.caughtUp) continue;
			expect(pages).toBe(5);
			break;
		}
		expect(seen.size).toBe(31);
	});
});

describe("threads and pins", () => {
	test("[THR1] [THR2] replies change their thread's first message in the same commit, and one level is all", async () => {
		const { a, b } = await twoIn("threads");
		const root = await a.send("question");
		const other = await a.send("something else");
		const { version } = (await b.connection.getHistory()).head;
		const reply = await b.connection.sendMessage({ text: "answer", threadOf: root.id, nonce: "t1" });
		const shown = await a.connection.sendMessage({ text: "and here", threadOf: root.id, alsoInRoom: true });
		expect(reply).toMatchObject({ threadOf: root.id });
		expect(shown).toMatchObject({ threadOf: root.id, alsoInRoom: true });
		await vi.waitFor(() => {
			expect(a.messages.map(({ id }) => id)).toEqual([root.id, other.id, reply.id, shown.id]);
			const batch = a.batches.find(({ from }) => from === version);
			expect(batch?.rows.map(({ id }) => id)).toEqual([reply.id, root.id]);
		});
		const thread = { count: 2, lastId: shown.id, userIds: ["ada", "bob"], followerIds: ["ada", "bob"] };
		const read = await b.connection.getMessages({ ids: [root.id, 999, root.id] });
		expect(read).toMatchObject({ messages: [{ id: root.id, thread }], isWhole: true });
		expect((await b.connection.getHistory({ threadOf: root.id })).messages).toEqual([reply, shown]);
		const page = await b.connection.getHistory({ threadOf: root.id, before: shown.id, limit: 1 });
		expect(page).toMatchObject({ messages: [reply], hasMore: false });
		expect((await b.connection.getHistory({ threadOf: root.id, after: reply.id })).messages).toEqual([shown]);

		expect(await b.connection.sendMessage({ text: "answer", threadOf: root.id, nonce: "t1" })).toEqual(reply);
		const inRoom = { text: "answer", threadOf: root.id, alsoInRoom: true };
		expect((await refused(b.connection.sendMessage({ ...inRoom, nonce: "t1" }))).code).toBe("nonce_reused");
		const refuse = async (input: Parameters<typeof b.connection.sendMessage>[0]): Promise<string> =>
			(await refused(b.connection.sendMessage(input))).code;
		expect(await refuse({ text: "deeper", threadOf: reply.id })).toBe("bad_input");
		expect(await refuse({ text: "nowhere", threadOf: 999 })).toBe("not_found");
		expect(await refuse({ text: "no thread", alsoInRoom: true })).toBe("bad_input");
		await b.connection.deleteMessage({ id: reply.id });
		await b.connection.followThread({ id: root.id, isFollowing: false });
		const [left] = (await b.connection.getMessages({ ids: [root.id] })).messages;
		expect(left?.thread).toMatchObject({ count: 1, followerIds: ["ada"] });
		await a.connection.deleteMessage({ id: root.id });
		expect(await refuse({ text: "too late", threadOf: root.id })).toBe("not_found");
		const history = await b.connection.getHistory({ limit: 200 });
		expect((await b.connection.getHash()).hash).toBe(await roomHash(history.messages, sha256));
	});

	test("[MSG9] what is pinned is known to whoever comes, up to a limit, and not by a guest", async () => {
		const { roomId, a, b } = await twoIn("pins");
		const sent = await Promise.all(Array.from({ length: 4 }, (_, index) => a.send(`m${index}`)));
		const pin = (seat: Seat, index: number, pinned = true) =>
			seat.connection.setPinned({ id: sent[index]!.id, pinned });
		expect(await pin(b, 0)).toMatchObject({ text: "m0", pinned: { by: "bob", at: expect.any(Number) } });
		const tries = await Promise.allSettled([pin(a, 1), pin(a, 2), pin(a, 3)]);
		expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
		expect((await refused(pin(a, 3))).metadata).toEqual({ pinsMax: 3 });
		expect((await a.connection.getRoom()).pinnedIds).toEqual(sent.slice(0, 3).map(({ id }) => id));
		await pin(a, 0, false);
		await pin(a, 3);
		await a.connection.deleteMessage({ id: sent[1]!.id });
		expect((await a.connection.getRoom()).pinnedIds).toEqual([sent[2]!.id, sent[3]!.id]);
		const history = await b.connection.getHistory({ limit: 200 });
		expect((await b.connection.getHash()).hash).toBe(await roomHash(history.messages, sha256));
		await a.connection.setRole({ userId: "bob", role: "guest" });
		expect((await refused(pin(b, 2, false))).code).toBe("forbidden");
		const visitor = await town.sit(roomId, cyn, { joins: false });
		expect((await refused(visitor.connection.setPinned({ id: sent[2]!.id, pinned: false }))).code).toBe("not_member");
	});
});

describe("limits", () => {
	test("[R9] a page is cut to its bytes, and a single message always fits", async () => {
		const { a } = await twoIn("bytes");
		const text = "字".repeat(9_000);
		for (let count = 0; count < 12; count++) await a.send(`${count}${text}`);
		const page = await a.connection.getHistory({ limit: 200 });
		expect(page.messages.length).toBeGreaterThan(5);
		expect(page.messages.length).toBeLessThan(12);
		expect(page.hasMore).toBe(true);
		const changes = await a.connection.changesSince({ version: 0 });
		expect(changes.caughtUp).toBe(false);
		expect(Buffer.byteLength(JSON.stringify(changes))).toBeLessThan(300 * 1024);
	});

	test("[R11] retention prunes in batches, may empty the room, and no number comes back", async () => {
		const { a, b } = await twoIn("retention");
		for (let index = 0; index < 20; index++) await a.send(`m${index}`, `keep${index}`);
		await a.connection.updateRoom({ retentionMessages: 5 });
		const before = b.batches.length - 1;
		await a.send("one more");
		await vi.waitFor(async () => expect((await b.connection.getRoom()).floorSeq).toBe(17), WAIT);
		await vi.waitFor(() => expect(b.batches.slice(before).at(-1)?.floorSeq).toBe(17));
		const history = await b.connection.getHistory({ limit: 200 });
		expect(history).toMatchObject({ floorSeq: 17, hasMore: false });
		expect(history.messages.map(({ id }) => id)).toEqual([17, 18, 19, 20, 21]);
		expect(await b.connection.getHash()).toMatchObject({ hash: await roomHash(history.messages, sha256) });
		await a.send("the last");
		await a.connection.updateRoom({ retentionMessages: 0 });
		await vi.waitFor(async () => expect((await b.connection.getRoom()).floorSeq).toBe(23), WAIT);
		expect((await b.connection.getHistory()).messages).toEqual([]);
		expect(await b.connection.getHash()).toMatchObject({ hash: "0000000000000000" });
		const repeated = await a.send("m3", "keep3");
		expect(repeated).toMatchObject({ id: 4, text: "m3", sender: "ada" });
		expect((await a.send("after")).id).toBe(23);
	});

	test("[HASH2] the room's hash is what a client computes from its own rows", async () => {
		const { a, b } = await twoIn("hash");
		const sent = await Promise.all(Array.from({ length: 30 }, (_, index) => a.send(`m${index}`)));
		await a.connection.editMessage({ id: sent[3]!.id, text: "edited" });
		await Promise.all([
			b.connection.toggleReaction({ id: sent[4]!.id, emoji: "🎉" }),
			a.connection.toggleReaction({ id: sent[4]!.id, emoji: "🎉" }),
			a.connection.deleteMessage({ id: sent[5]!.id }),
		]);
		const history = await b.connection.getHistory({ limit: 200 });
		expect(await b.connection.getHash()).toEqual({
			hash: await roomHash(history.messages, sha256),
			head: history.head,
			floorSeq: 1,
		});
	});
});

const WAIT = { timeout: 10_000, interval: 100 };
const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
