import { expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { asSendInput, OutgoingMessage } from "./outgoing-message.ts";
import { RoomStore } from "./room-store.ts";

const attachment = {
	id: `f-${"0".repeat(30)}`,
	name: "plan.png",
	mimeType: "image/png",
	bytes: 3,
	width: 1,
	height: 2,
};
const files = [{ attachment, token: "a.b.c" }];

test("the room is told of files by their tokens, and of nothing where there are none", () => {
	expect(asSendInput({ nonce: "n", text: "", attachments: files })).toEqual({
		nonce: "n",
		text: "",
		attachments: ["a.b.c"],
	});
	expect(asSendInput({ nonce: "n", text: "hi", attachments: [] })).toEqual({ nonce: "n", text: "hi" });
	expect(asSendInput({ nonce: "n", text: "hi" })).toEqual({ nonce: "n", text: "hi" });
});

test("a message on its way shows its files, also after a reload, and what was kept without files is read", () => {
	const kept = new Map<string, string>();
	const storage = {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key),
	};
	const options = { roomId: "r-1", userId: "ada", storage, clock: new ManualClock() };
	const before = new RoomStore(options);
	before.send({ text: "", attachments: files });
	before.send({ text: "plain" });
	before.dispose();
	const after = new RoomStore(options);
	expect(after.getSnapshot().outgoing.map(({ input }) => input)).toEqual([
		{ text: "", attachments: files },
		{ text: "plain" },
	]);
	expect(OutgoingMessage.safeParse({ text: "", attachments: ["a.b.c"] }).success).toBe(false);
	after.dispose();
});
