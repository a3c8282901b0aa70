import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import { Message, SendMessageInput } from "./message.ts";
import { checkDistinct, findableText, isPicture, MessageAttachment, wordsOf } from "./message-attachment.ts";
import { cleanMessageText, deleted, edited } from "./message-rules.ts";
import { canonicalMessage, roomHash } from "./room-hash.ts";
import { refusal } from "./test/refusal.ts";

const file = (digit: string, more: Partial<MessageAttachment> = {}): MessageAttachment => ({
	id: `f-${digit.repeat(30)}`,
	name: `${digit}.png`,
	mimeType: "image/png",
	bytes: 10,
	...more,
});
const said = (text: string, attachments?: MessageAttachment[]): Message =>
	Message.parse({
		...{ kind: "message", id: 1, version: 1, sender: "ada", text, timestamp: 1, reactions: [] },
		...(attachments && { attachments }),
	});

describe("[MAT1] beside files there need be no words", () => {
	test("in a message that is sent", () => {
		expect(cleanMessageText(" ", LIMITS, true)).toBe("");
		expect(cleanMessageText(" hi ", LIMITS, true)).toBe("hi");
		expect(refusal(() => cleanMessageText("", LIMITS)).code).toBe("text_empty");
		expect(refusal(() => cleanMessageText("\u200b", LIMITS, true)).code).toBe("text_empty");
	});

	test("in one that is edited", () => {
		expect(edited(said("look", [file("1")]), "ada", "", 2)).toMatchObject({ text: "", attachments: [file("1")] });
		expect(refusal(() => edited(said("look"), "ada", "", 2)).code).toBe("text_empty");
	});

	test("ten at most, and each once", () => {
		const tokens = Array.from({ length: 11 }, (_, at) => `token ${at}`);
		expect(SendMessageInput.safeParse({ text: "", attachments: tokens.slice(1) }).success).toBe(true);
		expect(SendMessageInput.safeParse({ text: "", attachments: tokens }).success).toBe(false);
		checkDistinct([file("1"), file("2")]);
		expect(refusal(() => checkDistinct([file("1"), file("2"), file("1")])).code).toBe("bad_input");
	});
});

test("[MAT5] nothing of its files stays with a tombstone", () => {
	expect(deleted(said("look", [file("1")]), "ada", "member", 2).attachments).toBeUndefined();
});

test("[MAT6] files are named where there are no words, and found by their names", () => {
	const files = [file("1"), file("2", { name: "plan.pdf", mimeType: "application/pdf" })];
	expect(wordsOf("", files)).toBe("📎 1.png, plan.pdf");
	expect(wordsOf("look", files)).toBe("look");
	expect(wordsOf("", undefined)).toBe("");
	expect(findableText("look", files)).toBe("look\n1.png\nplan.pdf");
	expect(findableText("", files)).toBe("1.png\nplan.pdf");
	expect(findableText("", [])).toBe("");
});

test("[HASH4] files change the hash of a message, and their absence leaves it as it always was", async () => {
	const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
	const hashOf = (message: Message): Promise<string> => roomHash([message], sha256);
	expect(canonicalMessage(said("look"))).toBe('[1,1,"ada","look",1,null,null,null,null,null,[]]');
	expect(canonicalMessage(said("look", [file("1", { width: 3, height: 4 })]))).toBe(
		`[1,1,"ada","look",1,null,null,null,null,null,[],[["attachments",[["f-${"1".repeat(30)}","1.png","image/png",10,3,4]]]]]`,
	);
	expect(await hashOf(said("look", [file("1")]))).not.toBe(await hashOf(said("look", [file("2")])));
	expect(await hashOf(said("look", [file("1"), file("2")]))).not.toBe(
		await hashOf(said("look", [file("2"), file("1")])),
	);
});

test("[MAT2] only raster pictures of a known size are shown", () => {
	expect(isPicture(file("1", { width: 1, height: 1 }))).toBe(true);
	expect(isPicture(file("1"))).toBe(false);
	expect(isPicture(file("1", { mimeType: "image/svg+xml", width: 1, height: 1 }))).toBe(false);
});

test.each([
	["an id that is a path", { id: "../../etc/passwd" }],
	["a type that ends a header", { mimeType: "text/html\r\nx: y" }],
	["no bytes", { bytes: 0 }],
	["no name", { name: "" }],
	["a field that is not ours", { url: "https://evil.example" }],
])("[MAT2] %s is no file", (_, wrong) => {
	expect(MessageAttachment.safeParse({ ...file("1"), ...wrong }).success).toBe(false);
});
