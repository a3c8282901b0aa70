import type { InboxRoomRow } from "@bullpen/domain/inbox";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const CROWD = process.env.NIGHTLY === "1" ? 200 : 40;
const WAIT = { timeout: 10_000, interval: 50 };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", {
		limits: {
			...NO_RATES,
			inboxNoteHereMs: 20,
			inboxNoteAwayMs: 200,
			inboxNoteRetryMs: 300,
			heldConnectionIdleMs: 100,
		},
	});
	town = new Town(house);
	await town.register(ada, bob, cyn);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

async function rowOf(who: Who, roomId: string): Promise<InboxRoomRow | undefined> {
	const { rows } = await town.as("userInbox", who.id, who).getInbox();
	const row = rows.find(({ id }) => id === roomId);
	return row?.kind === "inboxRoom" ? row : undefined;
}
const settles = (who: Who, roomId: string, fields: Partial<InboxRoomRow>): Promise<void> =>
	vi.waitFor(async () => expect(await rowOf(who, roomId)).toMatchObject(fields), WAIT);

/** A new room with ada and bob in it, as both their inboxes know. */
async function roomOfTwo(name: string): Promise<string> {
	const roomId = await town.open(ada, name);
	await town.as("chatRoom", roomId, bob).join();
	await settles(ada, roomId, { unread: 0, name });
	await settles(bob, roomId, { unread: 0, name });
	return roomId;
}

describe("an inbox", () => {
	test("[INB1] people who are away accumulate what others say, not what they said themselves", async () => {
		const roomId = await roomOfTwo("away");
		const { connection } = await town.sit(roomId, ada);
		for (const text of ["one", "two", "three"]) await connection.sendMessage({ text });
		await town.as("chatRoom", roomId, bob).sendMessage({ text: "four" });
		await settles(bob, roomId, { unread: 3, headSeq: 4 });
		await settles(ada, roomId, { unread: 1, headSeq: 4 });
	});

	test("[INB6] reading clears what was read, everywhere, and what is said after counts again", async () => {
		const roomId = await roomOfTwo("reading");
		const inbox = town.connect("userInbox", "bob", bob);
		const batches: unknown[] = [];
		inbox.on("inboxChanged", (batch) => batches.push(...batch.rows));
		await inbox.getInbox();
		const { connection } = await town.sit(roomId, ada);
		for (const text of ["one", "two", "three"]) await connection.sendMessage({ text });
		await settles(bob, roomId, { unread: 3 });
		await inbox.markRead({ roomId, seq: 2 });
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 1, readSeq: 2 });
		await inbox.markRead({ roomId, seq: 1 });
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 1, readSeq: 2 });
		await vi.waitFor(() => expect(batches.at(-1)).toMatchObject({ id: roomId, unread: 1 }));
		await connection.sendMessage({ text: "four" });
		await settles(bob, roomId, { unread: 2 });
		expect((await refused(inbox.markRead({ roomId, seq: 1e9 }))).code).toBe("bad_input");
		expect((await refused(inbox.markRead({ roomId: "r-unknown", seq: 1 }))).code).toBe("not_found");
	});

	test("[INB1] what was deleted or pruned is not unread", async () => {
		const roomId = await roomOfTwo("deleting");
		const { connection } = await town.sit(roomId, ada);
		const sent = await connection.sendMessage({ text: "one" });
		await connection.sendMessage({ text: "two" });
		await settles(bob, roomId, { unread: 2 });
		await connection.deleteMessage({ id: sent.id });
		await settles(bob, roomId, { unread: 1 });
	});

	test("[INB2] leaving takes the room away, coming back starts at the head", async () => {
		const roomId = await roomOfTwo("returning");
		const { connection } = await town.sit(roomId, ada);
		await connection.sendMessage({ text: "one" });
		await town.as("chatRoom", roomId, bob).leave();
		await vi.waitFor(async () => expect((await rowOf(bob, roomId))?.leftAt).toBeDefined(), WAIT);
		await connection.sendMessage({ text: "two" });
		await town.as("chatRoom", roomId, bob).join();
		await settles(bob, roomId, { unread: 0, headSeq: 2 });
		expect((await rowOf(bob, roomId))?.leftAt).toBeUndefined();
		await connection.sendMessage({ text: "three" });
		await settles(bob, roomId, { unread: 1 });
		await connection.kick({ userId: "bob" });
		await vi.waitFor(async () => expect((await rowOf(bob, roomId))?.leftAt).toBeDefined(), WAIT);
	});

	test("an invitation shows a private room, and nothing of it", async () => {
		const roomId = await town.open(ada, "invites", "private");
		const { connection } = await town.sit(roomId, ada);
		await connection.invite({ userId: "bob" });
		await settles(bob, roomId, { visibility: "private", unread: 0 });
		await connection.sendMessage({ text: "secret" });
		await settles(ada, roomId, { headSeq: 1 });
		expect(await rowOf(bob, roomId)).toMatchObject({ headSeq: 0, unread: 0 });
	});

	test("[INB10] mentions are counted beside the unread, and go when they are edited away or deleted", async () => {
		const roomId = await roomOfTwo("mentions");
		const { connection } = await town.sit(roomId, ada);
		const first = await connection.sendMessage({ text: "look, <@bob>" });
		const second = await connection.sendMessage({ text: "<@room> and `<@bob>`" });
		await connection.sendMessage({ text: "`<@bob>` and <@cyn>" });
		const reply = await connection.sendMessage({ text: "aside", threadOf: first.id });
		await settles(bob, roomId, { unread: 3, mentions: 2, headSeq: reply.id });
		await connection.editMessage({ id: first.id, text: "look" });
		await settles(bob, roomId, { unread: 3, mentions: 1 });
		await connection.deleteMessage({ id: second.id });
		await settles(bob, roomId, { unread: 2, mentions: 0 });
		expect(await town.as("userInbox", "bob", bob).explainUnread({ roomId })).toEqual({
			...{ readSeq: 0, headSeq: 4, unread: 2, seqs: [1, 3], mentions: [], hasMore: false },
		});
		expect((await refused(town.as("userInbox", "cyn", cyn).explainUnread({ roomId }))).code).toBe("not_found");
	});

	test("[INB9] marking unread goes back behind what was forgotten, and older marks change nothing", async () => {
		const roomId = await roomOfTwo("going back");
		const { connection } = await town.sit(roomId, ada);
		await connection.sendMessage({ text: "one" });
		await town.as("chatRoom", roomId, bob).sendMessage({ text: "mine" });
		const gone = await connection.sendMessage({ text: "gone" });
		await connection.deleteMessage({ id: gone.id });
		await connection.sendMessage({ text: "<@bob>" });
		await settles(bob, roomId, { unread: 2, mentions: 1, headSeq: 4 });
		const inbox = town.as("userInbox", "bob", bob);
		await inbox.markRead({ roomId, seq: 4, readEpoch: 0 });
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 0, mentions: 0 });
		await inbox.markUnread({ roomId, seq: 1 });
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 2, mentions: 1, readSeq: 0, readEpoch: 1 });
		await inbox.markRead({ roomId, seq: 4, readEpoch: 0 });
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 2, readSeq: 0 });
		await inbox.markAllRead({
			rooms: [
				{ roomId, seq: 4, readEpoch: 1 },
				{ roomId: "r-unknown", seq: 1 },
			],
		});
		expect(await rowOf(bob, roomId)).toMatchObject({ unread: 0, readSeq: 4 });
		expect((await refused(inbox.markUnread({ roomId, seq: 9 }))).code).toBe("bad_input");
		expect((await refused(town.as("userInbox", "cyn", cyn).markUnread({ roomId, seq: 1 }))).code).toBe("not_found");
	});

	test("[INB16] whoever opens their inbox sees at once what the room has not told yet", async () => {
		const roomId = await roomOfTwo("pulled");
		const { connection } = await town.sit(roomId, ada);
		await connection.sendMessage({ text: "told" });
		await settles(bob, roomId, { unread: 1 });
		for (let index = 2; index < 6; index++) await connection.sendMessage({ text: `m${index}` });
		expect(await rowOf(bob, roomId)).toMatchObject({ headSeq: 5, unread: 5 });
	});

	test("[INB13] devices hear what its person wants to be told, by level, mute and quiet hours", async () => {
		const roomId = await roomOfTwo("told");
		const inbox = town.connect("userInbox", "bob", bob);
		const heard: string[] = [];
		inbox.on("notified", (notice) => heard.push(notice.about === "room" ? `${notice.reason} ${notice.text}` : "work"));
		await inbox.getInbox();
		const { connection } = await town.sit(roomId, ada);
		const says = async (text: string): Promise<void> => {
			const { id } = await connection.sendMessage({ text });
			await settles(bob, roomId, { headSeq: id });
		};
		await says("nothing special");
		await says("you, <@bob>");
		await inbox.setLevel({ roomId, level: "all" });
		await says("all of it");
		await inbox.setMute({ roomId, minutes: 60 });
		await says("muted <@bob>");
		await inbox.setMute({ roomId, minutes: null });
		const quietHours = { fromMinute: 0, toMinute: 1439, timeZone: "UTC" };
		await inbox.setQuietHours({ quietHours: { ...quietHours, fromMinute: 1, toMinute: 0 } });
		await says("quiet <@bob>");
		await inbox.setQuietHours({ quietHours: null });
		await says("again <@bob>");
		await vi.waitFor(() => expect(heard.at(-1)).toBe("mention again <@bob>"), WAIT);
		expect(heard).toEqual(["mention you, <@bob>", "message all of it", "mention again <@bob>"]);
		expect(await rowOf(bob, roomId)).toMatchObject({ level: "all" });
		expect((await refused(inbox.setLevel({ roomId: "r-unknown", level: "all" }))).code).toBe("not_found");
	});

	test("[P6] an inbox that cannot be told keeps nobody else waiting", async () => {
		const roomId = await roomOfTwo("poison");
		const { connection } = await town.sit(roomId, ada);
		await Promise.all(Array.from({ length: 20 }, (_, index) => connection.invite({ userId: `ghost-${index}` })));
		for (let index = 0; index < 5; index++) {
			await connection.sendMessage({ text: `m${index}` });
			await settles(bob, roomId, { unread: index + 1 });
		}
		await town.register({ id: "ghost-1" });
		await town.as("chatRoom", roomId, { id: "ghost-1" }).join();
		await settles({ id: "ghost-1" }, roomId, { unread: 0, headSeq: 5 });
	});

	test("[P4] it is open to its own person and to what they are in", async () => {
		const roomId = await roomOfTwo("own");
		expect((await refused(town.as("userInbox", "bob", ada).getInbox())).code).toBe("not_found");
		const note = {
			userId: "bob",
			roomId,
			name: "forged",
			visibility: "public" as const,
			version: 1e9,
			headSeq: 1e9,
			floorSeq: 1,
			lastAt: 0,
			facts: [],
			joinedAtSeq: null,
			isMember: true,
		};
		const other = await town.open(ada, "another");
		const forged = town.asService("userInbox", "bob", `chatRoom:${other}`).noteRoom(note);
		expect((await refused(forged)).code).toBe("forbidden");
		const misled = town.asService("userInbox", "cyn", `chatRoom:${roomId}`).noteRoom(note);
		expect((await refused(misled)).code).toBe("forbidden");
		expect(await rowOf(bob, roomId)).toMatchObject({ name: "own", headSeq: 0 });
	});

	test(`[I2] ${CROWD} people's unread counts are exact, and the sender does not wait for them`, async () => {
		const roomId = await town.open(ada, "hall");
		const crowd = Array.from({ length: CROWD }, (_, index) => ({ id: `p${index}` }));
		for (let at = 0; at < crowd.length; at += 20) await town.register(...crowd.slice(at, at + 20));
		for (let at = 0; at < crowd.length; at += 20) {
			await Promise.all(crowd.slice(at, at + 20).map((who) => town.as("chatRoom", roomId, who).join()));
		}
		const { connection } = await town.sit(roomId, ada);
		for (let index = 0; index < 10; index++) await connection.sendMessage({ text: `m${index}` });
		const TIME = { timeout: 60_000, interval: 500 };
		await vi.waitFor(async () => expect((await rowOf(crowd[7]!, roomId))?.unread).toBe(10), TIME);
		for (const who of [crowd[0]!, crowd[CROWD / 2]!, crowd.at(-1)!])
			await settles(who, roomId, { unread: 10, headSeq: 10 });
	}, 120_000);
});
