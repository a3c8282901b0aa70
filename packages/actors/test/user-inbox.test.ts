import type { InboxDraftRow } from "@bullpen/domain/draft";
import type { InboxRoomRow, InboxThreadsRow } from "@bullpen/domain/inbox";
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
			outboxAlarmMs: 300,
			inboxNoteRetryMs: 300,
			inboxPullMs: 0,
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
async function threadsOf(who: Who, roomId: string): Promise<InboxThreadsRow | undefined> {
	const { rows } = await town.as("userInbox", who.id, who).getInbox();
	return rows.find((row) => row.kind === "inboxThreads" && row.id === roomId) as InboxThreadsRow | undefined;
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
	test("[I1] [INB1] people who are away accumulate what others say, not what they said themselves", async () => {
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

	test("[I4] [INB13] devices hear what its person wants to be told, by level, mute and quiet hours", async () => {
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

	test("[DRAFT1] [DRAFT3] what is begun on one device is on the others, and gone from all when it was sent", async () => {
		const roomId = await roomOfTwo("drafts");
		const [laptop, phone] = [town.connect("userInbox", "bob", bob), town.connect("userInbox", "bob", bob)];
		const heard: InboxDraftRow[] = [];
		phone.on("inboxChanged", ({ rows }) => heard.push(...rows.filter((row) => row.kind === "inboxDraft")));
		await phone.getInbox();
		const write = (text: string, nth: number) =>
			laptop.saveDraft({ place: roomId, text, agoMs: 0, device: "laptop", nth });
		await write("hal", 1);
		const { draft } = await write("half a thought", 2);
		expect(draft).toMatchObject({ place: roomId, text: "half a thought" });
		await vi.waitFor(() => expect(heard.at(-1)).toEqual(draft));
		expect((await town.as("userInbox", "bob", bob).getInbox()).rows).toContainEqual(draft);
		const late = await phone.saveDraft({ place: roomId, text: "older", agoMs: 60_000, device: "phone", nth: 1 });
		expect(late.draft).toEqual(draft);
		await write("", 3);
		await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ place: roomId, text: "" }));
		const long = { place: roomId, text: "x".repeat(50_000), agoMs: 0, device: "laptop", nth: 4 };
		expect((await refused(laptop.saveDraft(long))).code).toBe("text_too_long");
	});

	test("[DRAFT5] nobody but their writer sees drafts, or writes there", async () => {
		const text = "a secret that was never sent";
		await town.as("userInbox", "bob", bob).saveDraft({ place: "general", text, agoMs: 0, device: "laptop", nth: 9 });
		const place = { place: "general", text: "x", agoMs: 0, device: "phone", nth: 1 };
		expect((await refused(town.as("userInbox", "bob", ada).saveDraft(place))).code).toBe("not_found");
		const others = await Promise.all([ada, cyn].map((who) => town.as("userInbox", who.id, who).getInbox()));
		expect(JSON.stringify(others)).not.toContain(text);
	});

	test("[INB17] [INB18] [INB19] a followed thread has its own unread replies, for who follows it, until they are read", async () => {
		const roomId = await roomOfTwo("threads");
		await town.as("chatRoom", roomId, cyn).join();
		await settles(cyn, roomId, { unread: 0, name: "threads" });
		const { connection } = await town.sit(roomId, ada);
		const root = await connection.sendMessage({ text: "a question" });
		const as = (who: Who) => town.as("chatRoom", roomId, who);
		const reply = (who: Who, text: string) => as(who).sendMessage({ text, threadOf: root.id });
		const first = await reply(bob, "one");
		const second = await reply(bob, "two");
		const waits = (who: Who, threads: InboxThreadsRow["threads"]) =>
			vi.waitFor(async () => expect((await threadsOf(who, roomId))?.threads ?? []).toEqual(threads), WAIT);
		const rootId = root.id;
		await waits(ada, [{ rootId, unread: 2, firstSeq: first.id, lastSeq: second.id }]);
		await town.as("userInbox", "ada", ada).markThreadRead({ roomId, rootId, seq: first.id });
		await waits(ada, [{ rootId, unread: 1, firstSeq: second.id, lastSeq: second.id }]);
		await waits(bob, []);

		const third = await reply(ada, "what does <@cyn> say?");
		await waits(ada, []);
		await waits(bob, [{ rootId, unread: 1, firstSeq: third.id, lastSeq: third.id }]);
		await waits(cyn, [{ rootId, unread: 1, firstSeq: third.id, lastSeq: third.id }]);
		await as(cyn).followThread({ id: rootId, isFollowing: false });
		await waits(cyn, []);
		const fourth = await reply(ada, "nobody?");
		await as(cyn).followThread({ id: rootId, isFollowing: true });
		await waits(bob, [{ rootId, unread: 2, firstSeq: third.id, lastSeq: fourth.id }]);
		await waits(cyn, []);
		const fifth = await reply(bob, "me");
		await waits(bob, []);
		await waits(cyn, [{ rootId, unread: 1, firstSeq: fifth.id, lastSeq: fifth.id }]);
		await as(bob).deleteMessage({ id: fifth.id });
		await waits(cyn, []);
		await waits(ada, []);

		// Who asks hears of answers also where somebody else followed the thread before there was one.
		const other = await connection.sendMessage({ text: "another question" });
		await as(cyn).followThread({ id: other.id, isFollowing: true });
		const answer = await as(bob).sendMessage({ text: "an answer", threadOf: other.id });
		const one = { rootId: other.id, unread: 1, firstSeq: answer.id, lastSeq: answer.id };
		for (const who of [ada, cyn]) await waits(who, [one]);

		const ahead = town.as("userInbox", "cyn", cyn).markThreadRead({ roomId, rootId, seq: 1e9 });
		expect((await refused(ahead)).code).toBe("bad_input");
		const elsewhere = town.as("userInbox", "cyn", cyn).markThreadRead({ roomId: "r-none", rootId, seq: 1 });
		expect((await refused(elsewhere)).code).toBe("not_found");
	});
});
