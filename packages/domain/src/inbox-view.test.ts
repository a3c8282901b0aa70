import { describe, expect, test } from "vitest";
import type { DirectoryFeedRow } from "./directory.ts";
import { directoryRooms, people, personOf } from "./directory-view.ts";
import type { InboxFeedRow, InboxRoomRow } from "./inbox.ts";
import { firstUnread, inboxRooms, inboxWorkspaces, nextUnread, totalsOf } from "./inbox-view.ts";
import type { Message } from "./message.ts";
import { mergeRows, type RowMap } from "./row-map.ts";

const inbox = (...rows: InboxFeedRow[]): RowMap<InboxFeedRow> => mergeRows(new Map(), rows);
const room = (id: string, version: number, lastAt: number, unread = 0, leftAt?: number): InboxRoomRow => ({
	kind: "inboxRoom",
	id,
	version,
	name: id,
	visibility: "public",
	headSeq: unread,
	readSeq: 0,
	unread,
	mentions: 0,
	readEpoch: 0,
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
		expect(totalsOf(inboxRooms(rows), 0)).toEqual({ unread: 5, calls: 0 });
	});

	test("[INB12] muted rooms and those one wants nothing of count for no total; all of a direct room calls", () => {
		const muted: InboxRoomRow = { ...room("a", 1, 1, 2), mentions: 1, mutedUntil: 10 };
		const silent: InboxRoomRow = { ...room("b", 1, 1, 4), mentions: 3, level: "nothing" };
		const direct: InboxRoomRow = { ...room("c", 1, 1, 5), visibility: "direct" };
		expect(totalsOf([muted, silent, direct], 9)).toEqual({ unread: 5, calls: 5 });
		expect(totalsOf([muted, silent, direct], 10)).toEqual({ unread: 7, calls: 6 });
	});

	test("[INB14] the next unread room lies below the open one, around the end, and one that calls comes first", () => {
		const rooms = [room("a", 1, 9, 1), room("b", 1, 8), room("c", 1, 7, 2), { ...room("d", 1, 6, 3), mentions: 1 }];
		expect(nextUnread(rooms.slice(0, 3), "b", 1, 0)?.id).toBe("c");
		expect(nextUnread(rooms.slice(0, 3), "b", -1, 0)?.id).toBe("a");
		expect(nextUnread(rooms.slice(0, 3), "c", 1, 0)?.id).toBe("a");
		expect(nextUnread(rooms, "b", -1, 0)?.id).toBe("d");
		expect(nextUnread(rooms.slice(0, 1), "a", 1, 0)).toBeUndefined();
		expect(nextUnread(rooms.slice(0, 3), null, 1, 0)?.id).toBe("a");
	});

	test("[INB15] what is new begins at the first message of others above the read mark", () => {
		const say = (id: number, sender: string, more: object = {}): Message => ({
			...{ kind: "message", id, version: id, sender, text: "x", timestamp: id, reactions: [] },
			...more,
		});
		const messages = [
			say(1, "bob"),
			say(2, "ada"),
			say(3, "bob", { threadOf: 1 }),
			say(4, "bob", { deletedAt: 4 }),
			say(5, "bob"),
		];
		expect(firstUnread(messages, 0, "ada")).toBe(1);
		expect(firstUnread(messages, 1, "ada")).toBe(5);
		expect(firstUnread(messages, 5, "ada")).toBeNull();
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
