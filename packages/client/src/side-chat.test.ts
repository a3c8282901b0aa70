import type { ChatRow } from "@bullpen/domain/side-chat";
import { expect, test } from "vitest";
import { FakeConnection } from "../test/fake-connection.ts";
import { ManualClock } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { Line } from "./line.ts";
import { SideChat } from "./side-chat.ts";

const PAGE = 3;
const row = (id: number, more: Partial<ChatRow> = {}): ChatRow => ({
	kind: "chat",
	id,
	version: id,
	userId: "bob",
	text: `said ${id}`,
	at: id,
	...more,
});

/** A talk of so many messages on the server. */
const start = (count: number) => {
	const rows = new Map(Array.from({ length: count }, (_, index) => [index + 1, row(index + 1)]));
	const sent: string[] = [];
	const connection = new FakeConnection<"workspace">({
		getChat: (input) => {
			const below = [...rows.values()].filter(({ id }) => id < (input?.before ?? 1e9));
			const head = { seq: 0, version: count, epoch: "e" };
			return { messages: below.slice(-PAGE), head, hasMore: below.length > PAGE };
		},
		sendChat: ({ text, nonce }) => {
			sent.push(text);
			const id = rows.size + 1;
			rows.set(id, row(id, { userId: "ada", text, ...(nonce ? { nonce } : {}) }));
			return { id };
		},
	});
	const line = new Line<"workspace">({ listen: () => [], opened: () => chat.opened(), closed: () => chat.closed() });
	const chat: SideChat = new SideChat({
		userId: "ada",
		line,
		limits: { ...CLIENT_LIMITS, windowMax: 6 },
		clock: new ManualClock(),
		changed: () => undefined,
		expect: () => undefined,
	});
	line.attach(connection);
	connection.open();
	const newest = rows.get(count);
	chat.replaced(newest === undefined ? [] : [newest]);
	return { chat, rows, sent };
};
const ids = (chat: SideChat): number[] => chat.shown.messages.map(({ id }) => id);

test("before anybody looks only the newest is known, and nothing is read", () => {
	const { chat } = start(5);
	expect(chat.shown).toMatchObject({ isLoaded: false, messages: [], newest: { id: 5 } });
	chat.heard([row(6)]);
	expect(chat.shown).toMatchObject({ messages: [], newest: { id: 6 } });
});

test("pages are read backwards, and what comes meanwhile is not lost to them", async () => {
	const { chat } = start(5);
	await chat.load();
	expect([ids(chat), chat.shown.hasOlder]).toEqual([[3, 4, 5], true]);
	chat.heard([row(1, { version: 9, text: "edited" })]);
	expect(ids(chat)).toEqual([3, 4, 5]);
	const older = chat.loadOlder();
	chat.heard([row(2, { version: 10, text: "edited" })]);
	await older;
	expect([ids(chat), chat.shown.hasOlder]).toEqual([[1, 2, 3, 4, 5], false]);
	expect(chat.shown.messages[1]).toMatchObject({ text: "edited" });
});

test("a newer version replaces a message, an older one does not", async () => {
	const { chat } = start(2);
	await chat.load();
	chat.heard([row(2, { version: 8, text: "", deletedAt: 8 }), row(2)]);
	expect(chat.shown.messages[1]).toMatchObject({ text: "", deletedAt: 8 });
	expect(chat.shown.newest).toMatchObject({ deletedAt: 8 });
});

test("a fresh snapshot makes it read again what somebody looks at", async () => {
	const { chat, rows } = start(2);
	await chat.load();
	for (const id of [3, 4, 5, 6]) rows.set(id, row(id));
	chat.replaced([row(6)]);
	await expect.poll(() => ids(chat)).toEqual([4, 5, 6]);
});

test("[CHAT2] one's own message waits in the outbox until it is seen, by its nonce", async () => {
	const { chat, rows, sent } = start(0);
	await chat.load();
	const nonce = chat.send("hello");
	expect(chat.shown.outgoing).toMatchObject([{ nonce, input: { text: "hello" } }]);
	await expect.poll(() => sent).toEqual(["hello"]);
	chat.heard([...rows.values()]);
	expect(chat.shown).toMatchObject({ outgoing: [], messages: [{ text: "hello", userId: "ada" }] });
});

test("it lets go of its oldest when it has grown too large", async () => {
	const { chat } = start(3);
	await chat.load();
	for (let id = 4; id <= 9; id++) chat.heard([row(id)]);
	expect([ids(chat), chat.shown.hasOlder]).toEqual([[4, 5, 6, 7, 8, 9], true]);
});
