import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, type Seat, Town } from "./room-client.ts";

let house: House;
let town: Town;
let roomId: string;
let seat: Seat;
let version: number;
const ids = { others: 0, own: 0 };

const ada = { id: "ada" };
const bob = { id: "bob" };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: NO_RATES });
	town = new Town(house);
	await town.register(ada, bob);
	roomId = await town.open(ada, "target");
	ids.others = (await (await town.sit(roomId, ada)).send("ada's")).id;
	seat = await town.sit(roomId, bob);
	ids.own = (await seat.send("bob's", "used")).id;
	version = (await seat.connection.getHistory()).head.version;
});
beforeEach(() => {
	seat.isClosed = false;
});
afterAll(async () => {
	await town?.leave();
	await house?.stop();
});

const deep = (depth: number): unknown => (depth === 0 ? "x" : { x: deep(depth - 1) });
const text = (value: unknown): unknown[] => [{ text: value }];

/** What somebody sends, and the refusal it deserves. */
const SENDS: [what: string, args: unknown[], code: string][] = [
	["nothing", [], "bad_input"],
	["null", [null], "bad_input"],
	["a bare string", ["hello"], "bad_input"],
	["a number", [5], "bad_input"],
	["an array", [["hello"]], "bad_input"],
	["no text", [{}], "bad_input"],
	["text null", text(null), "bad_input"],
	["text a number", text(5), "bad_input"],
	["text NaN", text(Number.NaN), "bad_input"],
	["text an array", text(["a"]), "bad_input"],
	["text an object", text({ toString: "a" }), "bad_input"],
	["text a date", [{ text: { $date: 5 } }], "bad_input"],
	["a magic array", text(["$BigInt", "7"]), "bad_input"],
	["an unknown magic array", text(["$Nope", "7"]), "bad_input"],
	["two arguments", [{ text: "a" }, { text: "b" }], "bad_input"],
	["an unknown field", [{ text: "a", sender: "ada" }], "bad_input"],
	["a prototype", [JSON.parse('{"text":"a","__proto__":{"admin":true}}')], "bad_input"],
	["100 levels", [{ text: "a", more: deep(100) }], "bad_input"],
	["no nonce", [{ text: "a", nonce: "" }], "bad_input"],
	["a long nonce", [{ text: "a", nonce: "n".repeat(65) }], "bad_input"],
	["a nonce with a space", [{ text: "a", nonce: "a b" }], "bad_input"],
	["a nonce used for another text", [{ text: "a", nonce: "used" }], "nonce_reused"],
	["an answer to nothing", [{ text: "a", replyTo: 0 }], "bad_input"],
	["an answer to the future", [{ text: "a", replyTo: 1e9 }], "not_found"],
	["an answer beyond numbers", [{ text: "a", replyTo: 2 ** 60 }], "bad_input"],
	["a thread of a fraction", [{ text: "a", threadOf: 1.5 }], "bad_input"],
	["a thread of nothing", [{ text: "a", threadOf: 1e9 }], "not_found"],
	["into the room without a thread", [{ text: "a", alsoInRoom: true }], "bad_input"],
	["no characters", text(""), "text_empty"],
	["spaces", text(" \n\t\u00a0"), "text_empty"],
	["zero-width characters", text("\u200b\u200d\ufeff"), "text_empty"],
	["NUL", text("a\0b"), "text_invalid"],
	["an OSC 52 sequence", text("\u001b]52;c;cHduZWQ=\u0007"), "text_invalid"],
	["cursor moves", text("a\u001b[2A\u001b[0K"), "text_invalid"],
	["5,000 combining marks", text(`a${"\u0301".repeat(5_000)}`), "text_invalid"],
	["10,001 characters", text("x".repeat(10_001)), "text_too_long"],
	["60 KiB", text("x".repeat(60 * 1024)), "text_too_long"],
	["900 KiB", text("x".repeat(900 * 1024)), "text_too_long"],
	["10,000 mentions", text("@ada ".repeat(10_000)), "text_too_long"],
];

const CALLS: [what: string, name: string, args: () => unknown[], code: string][] = [
	["a page before -1", "getHistory", () => [{ before: -1 }], "bad_input"],
	["a page before 1.5", "getHistory", () => [{ before: 1.5 }], "bad_input"],
	["a page before '10'", "getHistory", () => [{ before: "10" }], "bad_input"],
	["a page before and after", "getHistory", () => [{ before: 5, after: 1 }], "bad_input"],
	["a page of 0", "getHistory", () => [{ limit: 0 }], "bad_input"],
	["a page of -5", "getHistory", () => [{ limit: -5 }], "bad_input"],
	["a page of a million", "getHistory", () => [{ limit: 1e6 }], "bad_input"],
	["a page of '10'", "getHistory", () => [{ limit: "10" }], "bad_input"],
	["changes since -1", "changesSince", () => [{ version: -1 }], "bad_input"],
	["changes since a fraction", "changesSince", () => [{ version: 0.5 }], "bad_input"],
	["changes since nothing", "changesSince", () => [], "bad_input"],
	["editing another's", "editMessage", () => [{ id: ids.others, text: "mine" }], "forbidden"],
	["editing nothing", "editMessage", () => [{ id: 1e9, text: "a" }], "not_found"],
	["editing a magic id", "editMessage", () => [{ id: ["$BigInt", "1"], text: "a" }], "bad_input"],
	["editing to nothing", "editMessage", () => [{ id: ids.own, text: " " }], "text_empty"],
	["deleting another's", "deleteMessage", () => [{ id: ids.others }], "forbidden"],
	["deleting -1", "deleteMessage", () => [{ id: -1 }], "bad_input"],
	["a word as reaction", "toggleReaction", () => [{ id: ids.others, emoji: "lol" }], "bad_input"],
	["10 KB of reaction", "toggleReaction", () => [{ id: ids.others, emoji: "👍".repeat(2_500) }], "bad_input"],
	["markup as reaction", "toggleReaction", () => [{ id: ids.others, emoji: "<img>" }], "bad_input"],
	["pinning nothing", "setPinned", () => [{ id: 1e9, pinned: true }], "not_found"],
	["pinning with a word", "setPinned", () => [{ id: ids.own, pinned: "yes" }], "bad_input"],
	["following a thread of nothing", "followThread", () => [{ id: 1e9, isFollowing: true }], "not_found"],
	["following for another", "followThread", () => [{ id: ids.own, isFollowing: true, userId: "ada" }], "bad_input"],
	["no messages", "getMessages", () => [{ ids: [] }], "bad_input"],
	["101 messages", "getMessages", () => [{ ids: Array.from({ length: 101 }, () => 1) }], "bad_input"],
	["messages of text", "getMessages", () => [{ ids: ["1"] }], "bad_input"],
	["a page of a thread of -1", "getHistory", () => [{ threadOf: -1 }], "bad_input"],
	["typing a word", "setTyping", () => [{ isTyping: "yes" }], "bad_input"],
	["a role from nowhere", "invite", () => [{ userId: "cyn", role: "root" }], "bad_input"],
	["a role for oneself", "setRole", () => [{ userId: "bob", role: "owner" }], "forbidden"],
	["inviting a name with a comma", "invite", () => [{ userId: "a,b" }], "bad_input"],
	["inviting above oneself", "invite", () => [{ userId: "cyn", role: "owner" }], "forbidden"],
	["kicking the owner", "kick", () => [{ userId: "ada" }], "forbidden"],
	["banning the owner", "ban", () => [{ userId: "ada" }], "forbidden"],
	["changing the room", "updateRoom", () => [{ topic: "mine" }], "forbidden"],
	[
		"initialising it again",
		"init",
		() => [{ name: "x", visibility: "public", createdBy: null, members: [] }],
		"forbidden",
	],
	["asking as the directory", "canEnter", () => [{ userId: "ada" }], "forbidden"],
	["ringing its alarm", "outboxAlarm", () => [], "forbidden"],
	["ringing its other alarm", "pruneAlarm", () => [], "forbidden"],
];

async function nothingHappened(): Promise<void> {
	expect(seat.connection.connStatus).toBe("connected");
	expect(seat.isClosed).toBe(false);
	expect((await seat.connection.changesSince({ version })).rows).toEqual([]);
}

describe("hostile input gets a typed refusal, the connection stays and nothing is stored", () => {
	test.each(SENDS)("[R9] sending %s", async (_, args, code) => {
		expect((await refused(seat.connection.action({ name: "sendMessage", args }))).code).toBe(code);
		await nothingHappened();
	});

	test.each(CALLS)("[R8] %s", async (_, name, args, code) => {
		expect((await refused(seat.connection.action({ name, args: args() }))).code).toBe(code);
		await nothingHappened();
	});

	test("[R8] actions that are not there", async () => {
		for (const name of ["nope", "__proto__", "constructor", "toString", "", "getHistory.x"]) {
			const error = await seat.connection.action({ name, args: [] }).catch((reason: unknown) => reason);
			expect(error).toMatchObject({ group: "actor", code: "action_not_found" });
		}
		await nothingHappened();
	});

	test("cursors from elsewhere answer harmlessly", async () => {
		expect((await seat.connection.getHistory({ before: 1e9 })).messages).toHaveLength(2);
		expect((await seat.connection.getHistory({ after: 1e9 })).messages).toEqual([]);
		expect((await seat.connection.changesSince({ version: 1e9 })).reset).toBe(true);
		await nothingHappened();
	});

	test("subscribing to events that are not there, and 5,000 times", async () => {
		const on = seat.connection.on as (event: string, listener: () => void) => () => void;
		for (let count = 0; count < 5_000; count++) on.call(seat.connection, `nope-${count % 50}`, () => undefined)();
		await nothingHappened();
	});

	test("keys that are not a room's, and connection params of 60 KiB", async () => {
		for (const key of [["a,b"], ["r-1", "r-2"], ["Ü"], [`${roomId} `], ["../general"]]) {
			const params = house.ticket("chatRoom", key.join(","), bob);
			await expect(town.client.chatRoom.get(key, { params }).getRoom()).rejects.toMatchObject({
				code: "not_found",
			});
		}
		const params = { ticket: "x".repeat(60 * 1024) };
		await expect(town.client.chatRoom.get([roomId], { params }).getRoom()).rejects.toThrow();
		await nothingHappened();
	});

	test("[R9] what only looks dangerous is kept as it was written", async () => {
		const room = await town.open(ada, "markup");
		const { connection } = await town.sit(room, ada);
		const texts = [
			"<script>alert(1)</script>",
			"[x](javascript:alert(1)) ![y](data:text/html;base64,AAAA)",
			`${"[".repeat(2_000)}a${"](b)".repeat(1_000)}`,
			"'; DROP TABLE messages; --",
			"http://169.254.169.254/latest/meta-data",
			"\u202Ereversed",
		];
		for (const one of texts) expect((await connection.sendMessage({ text: one })).text).toBe(one);
		expect((await connection.getHistory()).messages.map((message) => message.text)).toEqual(texts);
	});

	test("[R12] every value that reaches a statement is bound", async () => {
		const quote = "x'); DELETE FROM messages; SELECT ('";
		const room = await town.open(ada, "x'); DELETE FROM rooms; --");
		const { connection } = await town.sit(room, ada);
		await connection.sendMessage({ text: quote });
		await connection.updateRoom({ topic: quote });
		expect((await connection.getRoom()).room).toMatchObject({ topic: quote, name: "x'); DELETE FROM rooms; --" });
		expect((await connection.getHistory()).messages).toHaveLength(1);
	});

	// RivetKit 2.3.19 reads frames with a strict JSON parser: half a character is a malformed frame to it.
	test.each([
		["above 1 MiB", "x".repeat(2 * 1024 * 1024)],
		["with a lone surrogate", "a\ud800b"],
	])("a frame %s closes only the connection that sent it", async (_, body) => {
		const other = await town.sit(roomId, bob, { joins: false });
		other.connection.sendMessage({ text: body }).catch(() => undefined); // its fate is the claim
		await expect.poll(() => other.isClosed, { timeout: 10_000 }).toBe(true);
		await nothingHappened();
	});
});

describe("names of rooms", () => {
	test.each([
		["a line break", "gen\neral", "text_invalid"],
		["a direction override", "a\u202Eb", "text_invalid"],
		["a zero-width space", "gen\u200Beral", "text_invalid"],
		["a look-alike letter", "gеneral", "text_invalid"],
		["NUL", "a\0", "text_invalid"],
		["nothing", "", "text_empty"],
		["a lone #", "#", "text_empty"],
		["65 characters", "x".repeat(65), "text_too_long"],
		["the server's voice", "Admin", "name_taken"],
	])("[NAM1] %s is refused", async (_, name, code) => {
		expect((await refused(town.as("directory", "main", bob).openRoom({ name }))).code).toBe(code);
	});

	test("[NAM4] twins in another case or composition are the same room", async () => {
		const roomId = await town.open(ada, "café straße");
		for (const name of ["CAFÉ STRASSE", "cafe\u0301 straße", "ｃａｆé straße"]) {
			expect(await town.open(bob, name)).toBe(roomId);
		}
	});
});
