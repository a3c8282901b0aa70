import { describe, expect, test } from "vitest";
import type { DirectoryFeedRow } from "./directory.ts";
import { directoryRooms, people, personOf } from "./directory-view.ts";
import type { InboxFeedRow } from "./inbox.ts";
import { inboxRooms, inboxWorkspaces, unreadTotal } from "./inbox-view.ts";
import { mergeRows, type RowMap } from "./row-map.ts";

const inbox = (...rows: InboxFeedRow[]): RowMap<InboxFeedRow> => mergeRows(new Map(), rows);
const room = (id: string, version: number, lastAt: number, unread = 0, leftAt?: number): InboxFeedRow => ({
	kind: "inboxRoom",
	id,
	version,
	name: id,
	visibility: "public",
	headSeq: unread,
	readSeq: 0,
	unread,
	lastAt,
	...(leftAt === undefined ? {} : { leftAt }),
});
const workspace = (id: string, lastAt: number, needsYou: boolean): InboxFeedRow => ({
	kind: "inboxWorkspace",
	id,
	version: 1,
	name: id,
	agent: "demo",
	state: "idle",
	needsYou,
	lastAt,
});

describe("rows held whole", () => {
	test("[ROWS1] rows merge by version in any order, and nothing new keeps the same map", () => {
		const rows = inbox(room("a", 2, 5), room("a", 1, 1));
		expect(inboxRooms(rows).map(({ version }) => version)).toEqual([2]);
		expect(mergeRows(rows, [room("a", 2, 9)])).toBe(rows);
	});

	test("[ROWS2] an inbox shows the latest room first, none that was left, and counts the unread of the rest", () => {
		const rows = inbox(room("a", 1, 1, 2), room("b", 1, 3, 3), room("c", 1, 9, 7, 9));
		expect(inboxRooms(rows).map(({ id }) => id)).toEqual(["b", "a"]);
		expect(unreadTotal(rows)).toBe(5);
	});

	test("[ROWS2] a workspace that needs an answer comes before one that was active later", () => {
		const rows = inbox(workspace("w", 9, false), workspace("v", 1, true));
		expect(inboxWorkspaces(rows).map(({ id }) => id)).toEqual(["v", "w"]);
	});

	test("[ROWS3] a directory is sorted by name and finds a person by id", () => {
		const person = (id: string, name: string) => ({ kind: "person", id, version: 1, name, role: "member" }) as const;
		const rows = mergeRows<DirectoryFeedRow>(new Map(), [person("u2", "Ada"), person("u1", "Bob")]);
		expect(people(rows).map(({ name }) => name)).toEqual(["Ada", "Bob"]);
		expect(personOf(rows, "u1")?.name).toBe("Bob");
		expect(personOf(rows, "u3")).toBeUndefined();
		expect(directoryRooms(rows)).toEqual([]);
	});
});
