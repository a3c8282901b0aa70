import { describe, expect, test } from "vitest";
import { ATTACHMENT_BYTES_MAX, attachmentOf, checkAttachments, checkWaiting, cleanFileName } from "./attachment.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./test/refusal.ts";

/** A GIF of one pixel. */
const GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const text = (words: string) => ({ type: "text", text: words }) as const;

test("[ATT1] a file is what is in it, whatever its name says", () => {
	expect(attachmentOf("f-1", "notes.png", text("äh"))).toEqual({
		type: "text",
		id: "f-1",
		name: "notes.png",
		bytes: 3,
	});
	expect(attachmentOf("f-2", "shot.txt", { type: "image", data: GIF })).toEqual({
		type: "image",
		id: "f-2",
		name: "shot.txt",
		mimeType: "image/gif",
		width: 1,
		height: 1,
		bytes: 42,
	});
});

describe("[ATT2] what is refused, and how", () => {
	test.each([
		["no picture", { type: "image", data: "aGVsbG8=" }, "bad_input"],
		["no base64", { type: "image", data: "<svg>" }, "bad_input"],
		["a picture that is too large", { type: "image", data: GIF + "A".repeat(900_000) }, "bad_input"],
		["nothing", text(""), "text_empty"],
		["bytes that are no text", text("a\0b"), "text_invalid"],
		["half a character", text("\ud800"), "text_invalid"],
		["too much text", text("x".repeat(ATTACHMENT_BYTES_MAX + 1)), "text_too_long"],
		["text that would not fit a frame", text("\u0001".repeat(200_000)), "text_too_long"],
	] as const)("%s", (_, content, code) => {
		expect(refusal(() => attachmentOf("f-1", "a", content)).code).toBe(code);
	});
});

test.each([
	["../../etc/passwd", "passwd"],
	["C:\\Users\\ada\\plan.md", "plan.md"],
	["a\u202egnp.exe", "a_gnp.exe"],
	["..", "file"],
	["", "file"],
	["tab\there", "tab_here"],
	["half\ud800.txt", "half\ufffd.txt"],
	["Übersicht 2.md", "Übersicht 2.md"],
	[`${"x".repeat(300)}.json`, `${"x".repeat(89)}.json`],
])("[ATT3] %j is kept as %j", (raw, name) => {
	expect(cleanFileName(raw)).toBe(name);
});

test("[ATT4] a prompt takes so many files, together so large; so much waits in a workspace", () => {
	const file = (bytes: number) => ({ type: "text", id: "f-1", name: "a", bytes }) as const;
	checkAttachments(Array(10).fill(file(1)), LIMITS);
	expect(refusal(() => checkAttachments(Array(11).fill(file(1)), LIMITS))).toMatchObject({
		code: "bad_input",
		details: { attachmentsMax: 10 },
	});
	expect(refusal(() => checkAttachments(Array(10).fill(file(500_000)), LIMITS)).code).toBe("bad_input");
	checkWaiting({ all: 0, own: 0 }, file(100), LIMITS);
	const { attachmentsWaitingBytesMax: all, attachmentsWaitingBytesPerPersonMax: own } = LIMITS;
	expect(refusal(() => checkWaiting({ all, own: 0 }, file(1), LIMITS)).code).toBe("queue_full");
	expect(refusal(() => checkWaiting({ all: own, own }, file(1), LIMITS))).toMatchObject({
		code: "queue_full",
		details: { bytesMax: own },
	});
	checkWaiting({ all: own, own: 0 }, file(1), LIMITS);
});
