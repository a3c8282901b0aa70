import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Message } from "./message.ts";
import {
	addToHash,
	canonicalMessage,
	digestPrefix,
	hashText,
	parseHash,
	removeFromHash,
	roomHash,
} from "./room-hash.ts";

const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const message = fc.record({
	id: fc.integer({ min: 1, max: 1000 }),
	version: fc.nat(1000),
	sender: fc.constantFrom("ada", "bob"),
	text: fc.string({ unit: "grapheme" }),
	timestamp: fc.nat(),
	editedAt: fc.option(fc.nat(), { nil: undefined }),
	reactions: fc.constantFrom([], [{ emoji: "👍", userIds: ["ada"] }]),
});
const messages = fc
	.uniqueArray(message, { selector: ({ id }) => id, maxLength: 20 })
	.map((rows) => rows.map((row) => Message.parse({ kind: "message", ...row })));

test("[HASH1] the hash of a room does not depend on the order of its messages", async () => {
	await fc.assert(
		fc.asyncProperty(messages, async (rows) => {
			expect(await roomHash([...rows].reverse(), sha256)).toBe(await roomHash(rows, sha256));
		}),
	);
});

test("[HASH2] adding and taking away one row at a time gives the same as all at once", async () => {
	await fc.assert(
		fc.asyncProperty(messages, fc.nat(20), async (rows, cut) => {
			const prefix = (row: Message): bigint => digestPrefix(sha256(canonicalMessage(row)));
			let sum = 0n;
			for (const row of rows) sum = addToHash(sum, prefix(row));
			for (const row of rows.slice(0, cut)) sum = removeFromHash(parseHash(hashText(sum)), prefix(row));
			expect(hashText(sum)).toBe(await roomHash(rows.slice(cut), sha256));
		}),
	);
});

test("[HASH3] any difference in a message shows, and an absent field is not an empty one", async () => {
	const row: Message = { kind: "message", id: 1, version: 1, sender: "ada", text: "hi", timestamp: 5, reactions: [] };
	const thread = { count: 2, lastId: 5, lastAt: 6, userIds: ["ada"], followerIds: [] };
	const variants: Message[] = [
		row,
		{ ...row, version: 2 },
		{ ...row, text: "hi " },
		{ ...row, sender: "bob" },
		{ ...row, editedAt: 5 },
		{ ...row, deletedAt: 5 },
		{ ...row, replyTo: 1 },
		{ ...row, threadOf: 1 },
		{ ...row, nonce: "n" },
		{ ...row, reactions: [{ emoji: "👍", userIds: ["ada"] }] },
		{ ...row, threadOf: 1, alsoInRoom: true },
		{ ...row, thread },
		{ ...row, thread: { ...thread, count: 3 } },
		{ ...row, thread: { ...thread, userIds: [], followerIds: ["ada"] } },
		{ ...row, pinned: { by: "ada", at: 5 } },
		{ ...row, pinned: { by: "ada", at: 6 } },
	];
	const hashes = await Promise.all(variants.map((variant) => roomHash([variant], sha256)));
	expect(new Set(hashes).size).toBe(variants.length);
	expect(await roomHash([], sha256)).toBe("0000000000000000");
});

test("[HASH4] what was written before a field was there keeps its canonical text", () => {
	const row: Message = { kind: "message", id: 1, version: 1, sender: "ada", text: "hi", timestamp: 5, reactions: [] };
	expect(canonicalMessage(row)).toBe('[1,1,"ada","hi",5,null,null,null,null,null,[]]');
	expect(canonicalMessage({ ...row, pinned: { by: "bob", at: 7 } })).toBe(
		'[1,1,"ada","hi",5,null,null,null,null,null,[],[["pinned","bob",7]]]',
	);
});
