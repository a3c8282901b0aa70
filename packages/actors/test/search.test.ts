import { rmSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "rivetkit/client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
let rooms: ActorsProcess;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const WAIT = { timeout: 15_000, interval: 100 };
const LIMITS = {
	...NO_RATES,
	searchNoteGapMs: 50,
	outboxAlarmMs: 500,
	searchNoteRetryMs: 500,
	searchPlacesMs: 0,
	searchCallUpMs: 1,
	inboxNoteHereMs: 20,
};

beforeAll(async () => {
	house = await openHouse();
	rooms = await house.startActors("rooms", { limits: LIMITS });
	town = new Town(house);
	await town.register(ada, bob, cyn);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const look = (who: Who, query: string, more: { before?: string; limit?: number } = {}) =>
	town.as("search", "main", who).search({ query, ...more });
/** What somebody finds, as `seq text`, newest first. */
const finds = async (who: Who, query: string): Promise<string[]> =>
	(await look(who, query)).hits.map(({ id, snippet }) => `${id} ${snippet}`);
const settles = (who: Who, query: string, expected: string[]): Promise<void> =>
	vi.waitFor(async () => expect(await finds(who, query)).toEqual(expected), WAIT);

async function roomOfTwo(name: string, visibility: "public" | "private" = "private"): Promise<string> {
	const roomId = await town.open(ada, name, visibility);
	await town.as("chatRoom", roomId, ada).invite({ userId: "bob" });
	await town.as("chatRoom", roomId, bob).join();
	return roomId;
}

describe("search", () => {
	test("[SEARCH12] finds what was said in the caller's rooms, as it is now, and nothing of others'", async () => {
		const roomId = await roomOfTwo("engines");
		const { connection } = await town.sit(roomId, ada);
		await connection.sendMessage({ text: "the Ångström engine stalls" });
		await connection.sendMessage({ text: "an engine starts" });
		await settles(bob, "engine", ["2 an engine starts", "1 the Ångström engine stalls"]);
		const { hits, next } = await look(bob, "angstrom");
		expect(next).toBeNull();
		expect(hits).toMatchObject([
			{ roomId, roomName: "engines", id: 1, sender: "ada", ranges: [{ start: 4, length: 8 }] },
		]);
		expect(await finds(cyn, "engine")).toEqual([]);
		expect(await finds(bob, `engine in:${roomId} from:ada *tar*`)).toEqual(["2 an engine starts"]);
		expect(await finds(bob, "engine in:r-other")).toEqual([]);
		expect((await refused(look(bob, "  "))).code).toBe("text_empty");
		expect((await refused(look(bob, '""'))).code).toBe("text_empty");
		await connection.editMessage({ id: 1, text: "the motor stalls" });
		expect(await finds(bob, "angstrom")).toEqual([]);
		await settles(bob, "motor", ["1 the motor stalls"]);
		await connection.deleteMessage({ id: 2 });
		expect(await finds(bob, "engine")).toEqual([]);
	});

	test("[SEARCH13] whoever was removed finds nothing from then on, however the index hears of it", async () => {
		const roomId = await roomOfTwo("removals");
		const { connection } = await town.sit(roomId, ada);
		await connection.sendMessage({ text: "periwinkle" });
		await settles(bob, "periwinkle", ["1 periwinkle"]);
		const page = town.connect("search", "main", bob);
		expect((await page.search({ query: "periwinkle" })).hits).toHaveLength(1);
		await connection.kick({ userId: "bob" });
		expect((await page.search({ query: "periwinkle" })).hits).toEqual([]);
		expect(await finds(bob, "periwinkle")).toEqual([]);
		expect(await finds(ada, "periwinkle")).toEqual(["1 periwinkle"]);
		expect((await refused(town.as("chatRoom", roomId, bob).search({ query: "periwinkle" }))).code).toBe("not_member");
	});

	test("[SEARCH14] one room is searched by whoever may read it, joined or not", async () => {
		const roomId = await roomOfTwo("one-room", "public");
		const { connection } = await town.sit(roomId, ada);
		for (let index = 1; index <= 5; index++) await connection.sendMessage({ text: `marigold ${index}` });
		await settles(
			ada,
			"marigold",
			[5, 4, 3, 2, 1].map((index) => `${index} marigold ${index}`),
		);
		const room = town.as("chatRoom", roomId, cyn);
		const first = await room.search({ query: "marigold", limit: 2 });
		expect(first.hits.map(({ id }) => id)).toEqual([5, 4]);
		expect(first.scannedBackTo).toBeGreaterThan(0);
		const second = await room.search({ query: "marigold", limit: 10, before: first.next ?? "" });
		expect(second).toMatchObject({ next: null, scannedBackTo: null });
		expect(second.hits.map(({ id }) => id)).toEqual([3, 2, 1]);
		const hidden = await roomOfTwo("hidden-room");
		expect((await refused(town.as("chatRoom", hidden, cyn).search({ query: "x" }))).code).toBe("not_found");
	});

	test("[SEARCH14] nobody has more than a few searches of a room before the index, and others have theirs", async () => {
		const roomId = await roomOfTwo("crowded");
		const [bobs, adas] = [bob, ada].map((who) => town.connect("chatRoom", roomId, who));
		const many = await Promise.allSettled(Array.from({ length: 60 }, () => bobs?.search({ query: "nowhere" })));
		const refusals = many.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
		expect(new Set(refusals)).toEqual(new Set(["busy"]));
		expect(refusals.length).toBeLessThan(60);
		expect((await adas?.search({ query: "nowhere" }))?.hits).toEqual([]);
		expect((await bobs?.search({ query: "nowhere" }))?.hits).toEqual([]);
	});

	test("[SEARCH15] a note from anybody but the room itself is refused", async () => {
		const note = { roomId: "r-1", epoch: "e", from: 0, to: 1, floorSeq: 1, messages: [] };
		const forged = town.asService("search", "main", "chatRoom:r-2").noteMessages(note);
		expect((await refused(forged)).code).toBe("not_found");
		expect((await refused(town.as("search", "main", ada).noteMessages(note))).code).toBe("forbidden");
		const messages = [
			{ seq: 1, version: 1, sender: "ada", timestamp: 1_790_000_000_000, text: "told from afar", hasFile: false },
		];
		const client = createClient({ endpoint: house.engine.endpoint, disableMetadataLookup: true });
		const index = client.get("search", ["main"], {
			params: house.service("search", "main", "chatRoom:r-1"),
		});
		expect(await index.action({ name: "noteMessages", args: [{ ...note, messages }] })).toEqual({ version: 1 });
		await client.dispose();
		const asked = town.asService("search", "main", "chatRoom:r-2").findInRoom({
			...{ roomId: "r-1", userId: "bob", query: "x" },
		});
		expect((await refused(asked)).code).toBe("not_found");
	});

	test("[SEARCH16] killed between a message and its place in the index, it comes by itself; a lost index fills again", async () => {
		const roomId = await roomOfTwo("crashes");
		const { connection } = await town.sit(roomId, ada);
		const sent = await connection.sendMessage({ text: "quicksilver before" });
		await rooms.kill();
		await town.leave();
		rmSync(join(house.dataFolder, "search"), { recursive: true, force: true });
		rooms = await house.startActors("rooms", { limits: LIMITS });
		await settles(ada, "quicksilver", [`${sent.id} quicksilver before`]);
		// Also of rooms that sleep and have acknowledged everything long ago.
		await vi.waitFor(async () => expect(await finds(ada, "motor")).toHaveLength(1), WAIT);
	}, 60_000);
});
