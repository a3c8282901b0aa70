import type { InboxRoomRow } from "@bullpen/domain/inbox";
import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { type Answers, FakeConnection, never } from "../test/fake-connection.ts";
import { ManualClock } from "../test/manual-clock.ts";
import { InboxStore } from "./inbox-store.ts";
import { CLIENT_LIMITS } from "./limits.ts";

const room = (id: string, version: number, headSeq: number, readSeq = 0): InboxRoomRow => {
	const counts = { headSeq, readSeq, unread: headSeq - readSeq };
	return {
		kind: "inboxRoom",
		id,
		version,
		name: id,
		visibility: "public",
		...counts,
		lastAt: version,
		mentions: 0,
		readEpoch: 0,
	};
};
const head = { seq: 0, version: 2, epoch: "e1" };

const start = (markRead?: Answers<"userInbox">["markRead"]) => {
	const clock = new ManualClock();
	const store = new InboxStore({ clock });
	const connect = async (): Promise<FakeConnection<"userInbox">> => {
		const connection = new FakeConnection<"userInbox">({
			getInbox: () => ({ rows: [room("general", 1, 5), room("tea", 2, 3)], head }),
			changesSince: () => ({ rows: [], to: 2, caughtUp: true, floorSeq: 1 }),
			markRead: markRead ?? (() => ({ ok: true })),
		});
		store.attach(connection);
		connection.open();
		await clock.pass(CLIENT_LIMITS.notifyMs);
		return connection;
	};
	return { clock, store, connect };
};
const { markReadMs } = CLIENT_LIMITS;

describe("an inbox over any number of connections", () => {
	test("it shows rooms and what is unread, and follows changes", async () => {
		const { clock, store, connect } = start();
		const connection = await connect();
		expect(store.getSnapshot()).toMatchObject({ isLoaded: true, unread: 8, rooms: [{ id: "tea" }, { id: "general" }] });
		connection.emit("inboxChanged", { from: 2, to: 3, rows: [room("general", 3, 6, 6)], floorSeq: 1 });
		await clock.pass(CLIENT_LIMITS.notifyMs);
		expect(store.getSnapshot().unread).toBe(3);
	});

	test("reading is told once for a burst, only forward, and only where something is unread", async () => {
		const { clock, store, connect } = start();
		const connection = await connect();
		for (const seq of [1, 3, 5, 4]) store.markRead("general", seq);
		store.markRead("tea", 0);
		await clock.pass(markReadMs);
		expect(connection.callsOf("markRead")).toEqual([{ roomId: "general", seq: 5, readEpoch: 0 }]);
	});

	test("what was read without an acknowledgement is told on the next connection", async () => {
		let isLost = true;
		const { clock, store, connect } = start(() => (isLost ? never() : { ok: true }));
		const first = await connect();
		store.markRead("general", 5);
		await clock.pass(markReadMs);
		first.close();
		isLost = false;
		const second = await connect();
		expect(second.callsOf("markRead")).toEqual([{ roomId: "general", seq: 5, readEpoch: 0 }]);
		const third = await connect();
		expect(third.callsOf("markRead")).toEqual([]);
	});

	test("a refusal that passes is waited for, a final one ends it", async () => {
		const answers = [new Problem("rate_limited", "slow down", { waitMs: 900 }), new Problem("not_member", "no")];
		const { clock, store, connect } = start(() => Promise.reject(answers.shift()));
		const connection = await connect();
		store.markRead("general", 5);
		await clock.pass(markReadMs + 899);
		expect(connection.callsOf("markRead").length).toBe(1);
		await clock.pass(60_000);
		expect(connection.callsOf("markRead").length).toBe(2);
	});

	test("[INB19] a thread that was on the screen is told as read once, over a lost connection too", async () => {
		const { clock, store, connect } = start();
		const connection = await connect();
		for (const seq of [7, 9, 8, 9]) store.markThreadRead("tea", 3, seq);
		await clock.pass(markReadMs);
		store.markThreadRead("tea", 3, 9);
		await clock.pass(markReadMs);
		expect(connection.callsOf("markThreadRead")).toEqual([{ roomId: "tea", rootId: 3, seq: 9 }]);
		const next = await connect(); // nobody answered
		expect(next.callsOf("markThreadRead")).toEqual([{ roomId: "tea", rootId: 3, seq: 9 }]);
	});

	test("[INB17] it shows the threads that wait, and marks them with everything else", async () => {
		const { clock, store, connect } = start();
		const connection = await connect();
		const threads = [{ rootId: 3, unread: 2, firstSeq: 7, lastSeq: 9 }];
		const row = { kind: "inboxThreads" as const, id: "tea", version: 3, unread: 2, threads };
		connection.emit("inboxChanged", { from: 2, to: 3, rows: [row], floorSeq: 1 });
		await clock.pass(CLIENT_LIMITS.notifyMs);
		expect(store.getSnapshot().threads).toMatchObject([{ rootId: 3, unread: 2, room: { id: "tea" } }]);
		await store.markAllRead().catch(() => undefined);
		expect(connection.callsOf("markAllRead")).toMatchObject([{ threads: [{ roomId: "tea", rootId: 3, seq: 9 }] }]);
	});
});
