import { describe, expect, test } from "vitest";
import { ArchivedMessages } from "./archived-messages.ts";
import { peopleTable, withPeople } from "./archived-people.ts";
import { LIMITS, type Limits } from "./limits.ts";
import type { Message } from "./message.ts";
import { Problem } from "./problem.ts";
import { importedName, readRoomArchive } from "./room-archive.ts";

const NOW = 1_790_000_000_000;
const file = { id: `f-${"0".repeat(30)}`, name: "a.txt", mimeType: "text/plain", bytes: 3 };
const thread = { count: 1, lastId: 3, lastAt: NOW, userIds: ["bob"], followerIds: ["ada"] };
const rows: Message[] = [
	{ kind: "message", id: 2, version: 9, sender: "ada", text: "one", timestamp: NOW - 3, reactions: [], thread },
	{ kind: "message", id: 3, version: 4, sender: "bob", text: "two", timestamp: NOW - 3, threadOf: 2, reactions: [] },
	{ kind: "message", id: 4, version: 5, sender: "bob", text: "", timestamp: NOW, deletedAt: NOW, reactions: [] },
	{
		kind: "message",
		id: 5,
		version: 7,
		sender: "cyn",
		text: "",
		timestamp: NOW,
		replyTo: 1,
		reactions: [{ emoji: "👍", userIds: ["dora"] }],
		pinned: { by: "ada", at: NOW },
		attachments: [file],
	},
];
const archive = { head: { seq: 5, version: 9 }, floorSeq: 2 };
const begin = () => new ArchivedMessages(archive, NOW, LIMITS);

/** What is wrong with these lines, as `line code`. */
function refusal(lines: readonly unknown[], limits: Limits = LIMITS): string {
	const messages = new ArchivedMessages(archive, NOW, limits);
	try {
		for (const line of lines) messages.read(typeof line === "string" ? line : JSON.stringify(line));
		messages.end();
		return "none";
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return `${error.details.line} ${error.message}`;
	}
}
const changed = (at: number, fields: object): unknown[] =>
	rows.map((row, index) => (index === at ? { ...row, ...fields } : row));

describe("the messages of an archive", () => {
	test("[EXP6] what a room has kept is taken as it is, and says whom and what it names", () => {
		const messages = begin();
		expect(rows.map((row) => messages.read(JSON.stringify(row)))).toEqual(rows);
		messages.end();
		expect([...messages.people].sort()).toEqual(["ada", "bob", "cyn", "dora"]);
		expect([...messages.files.keys()]).toEqual([file.id]);
	});

	test.each<[string, readonly unknown[], RegExp]>([
		["no JSON", ["{"], /^1 .*not JSON/],
		["another shape", [{ ...rows[0], colour: "red" }], /^1 .*colour/],
		["an id twice", [rows[0], rows[0]], /^2 .*was there before/],
		["an order of its own", [rows[1], rows[0]], /^1 .*2 to 2 are missing/],
		["a gap", [rows[0], rows[2]], /^2 .*3 to 3 are missing/],
		["an end too early", rows.slice(0, 2), /^2 .*2 messages are missing at its end/],
		["more than it says", [...rows, { ...rows[3], id: 6, version: 8 }], /^5 .*after the last/],
		["a version twice", changed(1, { version: 9 }), /^2 .*this version/],
		["a version that never was", changed(0, { version: 10 }), /^1 .*never had/],
		["time that runs back", changed(1, { timestamp: NOW - 4 }), /^2 .*older/],
		["a time to come", changed(3, { timestamp: NOW + 2 * 86_400_000 }), /^4 .*still to come/],
		["a reply to what comes", changed(0, { replyTo: 3 }), /^1 .*no such message/],
		["a thread of no thread", changed(3, { threadOf: 3 }), /^4 .*begins no thread/],
		["a thread in a thread", changed(1, { thread }), /^2 .*begins no thread/],
		["a thread of too many", changed(0, { thread: { ...thread, userIds: Array(9).fill("u") } }), /^1 .*No thread/],
		["a deleted one that speaks", changed(2, { text: "still here" }), /^3 .*deleted/],
		["an empty one", changed(1, { text: "" }), /^2 .*nothing to see/],
		["a text that no room keeps so", changed(1, { text: " two " }), /^2 .*does not keep/],
		["a text too long", changed(1, { text: "x".repeat(10_001) }), /^2 .*longer/],
		["a control character", changed(1, { text: "a\u0007" }), /^2 .*control/],
		["a reaction that is none", changed(3, { reactions: [{ emoji: "ok", userIds: ["a"] }] }), /^4 .*emoji/],
		["a reaction twice", changed(3, { reactions: [{ emoji: "👍", userIds: ["a", "a"] }] }), /^4 .*reactions/],
		["a reaction of nobody", changed(3, { reactions: [{ emoji: "👍", userIds: [] }] }), /^4 .*reactions/],
		["a file twice", changed(1, { attachments: [file] }), /^4 .*one of its files/],
	])("[EXP6] %s is refused with its line", (_, lines, expected) => {
		expect(refusal(lines)).toMatch(expected);
	});

	test("[EXP6] more pins, or more people, than there may be are refused", () => {
		const pinned = changed(0, { pinned: { by: "ada", at: NOW } });
		expect(refusal(pinned, { ...LIMITS, pinsPerRoomMax: 1 })).toMatch(/^4 .*pinned/);
		expect(refusal(rows, { ...LIMITS, archivePeopleMax: 2 })).toMatch(/^4 .*people/);
	});

	test("[EXP7] a table gives people their ids of this server, also in mentions, and never makes two of them one", () => {
		const table = peopleTable({ ada: "u-1" }, ["ada", "bob"]);
		const said = "<@ada> and `<@ada>`, <@bob>, <@room>";
		expect(withPeople({ ...rows[0]!, text: said }, table)).toMatchObject({
			sender: "u-1",
			text: "<@u-1> and `<@ada>`, <@bob>, <@room>",
			thread: { userIds: ["bob"], followerIds: ["u-1"] },
		});
		expect(withPeople(rows[3]!, table).pinned?.by).toBe("u-1");
		expect(() => peopleTable({ ada: "bob" }, ["ada", "bob"])).toThrow("one person");
		expect(() => peopleTable({ ada: "x", bob: "x" }, [])).toThrow("one person");
	});
});

describe("the description of an archive", () => {
	const description = {
		format: "bullpen-room",
		formatVersion: 1,
		exportedAt: NOW,
		exportedBy: "ada",
		room: { id: "r-1", name: "tea", topic: "", visibility: "public", createdAt: NOW },
		members: [],
		people: [{ id: "ada", name: "Ada" }],
		...archive,
	};
	const read =
		(fields: object, limits: Limits = LIMITS) =>
		() =>
			readRoomArchive(JSON.stringify({ ...description, ...fields }), limits);

	test("[EXP6] it is read, and what does not fit is refused by its name", () => {
		expect(read({})()).toEqual(description);
		expect(() => readRoomArchive("nothing", LIMITS)).toThrow(/room\.json/);
		expect(read({ formatVersion: 2 })).toThrow(/formatVersion/);
		expect(read({ floorSeq: 7 })).toThrow(/floorSeq/);
		expect(read({ people: [...description.people, ...description.people] })).toThrow(/twice/);
		expect(read({ head: { seq: 2 ** 40, version: 9 } })).toThrow(/head/);
		expect(read({}, { ...LIMITS, archiveMessagesMax: 3 })).toThrow(/more messages/);
	});

	test("[EXP5] whoever has a name that people do not have here is called by their id", () => {
		expect(importedName({ id: "u-1", name: "Dora" }, LIMITS)).toBe("Dora");
		expect(importedName({ id: "u-1", name: "\u202eevil" }, LIMITS)).toBe("u-1");
	});
});
