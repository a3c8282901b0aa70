import type { Message } from "@bullpen/domain/message";
import { expect, test } from "vitest";
import { timelineOf } from "./timeline.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const dayOf = (at: number) => Math.floor(at / DAY);
const message = (id: number, sender: string, timestamp: number, more: Partial<Message> = {}): Message => ({
	kind: "message",
	id,
	version: id,
	sender,
	text: "x",
	timestamp,
	reactions: [],
	...more,
});
const drawn = (...args: Parameters<typeof timelineOf>) =>
	timelineOf(...args).map((entry) => `${entry.key}${entry.startsDay ? " day" : ""}${entry.isHead ? " head" : ""}`);

test("messages of one person within five minutes are one group", () => {
	const messages = [message(1, "ada", 0), message(2, "ada", 4 * MINUTE), message(3, "ada", 10 * MINUTE)];
	expect(drawn(messages, [], "ada", dayOf)).toEqual(["1 day head", "2", "3 head"]);
});

test("another person and another day each start a group; a deleted message stays in its own", () => {
	const messages = [
		message(1, "ada", 0),
		message(2, "bob", 1),
		message(3, "bob", DAY),
		message(4, "bob", DAY + 1, { deletedAt: DAY + 2 }),
		message(5, "bob", DAY + 3),
	];
	expect(drawn(messages, [], "ada", dayOf)).toEqual(["1 day head", "2 head", "3 day head", "4", "5"]);
});

test("what is on its way comes last and keeps its key when it arrives", () => {
	const outgoing = { nonce: "n1", text: "x", files: [], createdAt: 5, status: "sending" } as const;
	const before = drawn([message(1, "bob", 1)], [outgoing], "ada", dayOf);
	const after = drawn([message(1, "bob", 1), message(2, "ada", 6, { nonce: "n1" })], [], "ada", dayOf);
	expect(before).toEqual(["1 day head", "ada:n1 head"]);
	expect(after).toEqual(before);
});

test("a slow clock on this device does not tear groups apart", () => {
	const outgoing = { nonce: "n1", text: "x", files: [], createdAt: 0, status: "sending" } as const;
	expect(drawn([message(1, "ada", 3 * DAY)], [outgoing], "ada", dayOf)).toEqual(["1 day head", "ada:n1"]);
});
