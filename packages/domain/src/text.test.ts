import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import { cleanRoomName, nameKey } from "./room-name.ts";
import { refusal } from "./test/refusal.ts";
import { cleanName, cleanText, measure } from "./text.ts";

const text = (raw: string) => cleanText(raw, 100, 300);

describe("what people write", () => {
	test("[TXT1] a text is trimmed and keeps everything inside", () => {
		expect(text("  hello\n\tworld  \r\n")).toBe("hello\n\tworld");
		expect(text("a\r\nb")).toBe("a\nb");
		fc.assert(
			fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 50 }), (raw) => {
				fc.pre(raw.trim() !== "");
				expect(text(raw)).toBe(raw.trim());
			}),
		);
	});

	test.each([
		["nothing", ""],
		["spaces", " \u00A0\u2003\t\n"],
		["zero-width characters", "\u200B\u200D\u2060\uFEFF"],
		["fillers that draw nothing", "\u3164\u115F\u2800\u00AD"],
		["invisible tags", "\u{E0041}\u{E0042}"],
	])("[TXT2] %s is no text", (_, raw) => {
		expect(refusal(() => text(raw)).code).toBe("text_empty");
	});

	test.each([
		["NUL", "a\0b"],
		["an escape sequence", "a\u001b]52;c;cHduZWQ=\u0007b"],
		["a C1 control", "a\u009bb"],
		["a lone surrogate", "a\uD800b"],
		["5,000 combining marks", `a${"\u0301".repeat(5000)}`],
	])("[TXT3] %s is refused", (_, raw) => {
		expect(refusal(() => cleanText(raw, 10_000, 50_000)).code).toBe("text_invalid");
	});

	test("[TXT3] ordinary marks, emoji and right-to-left text are welcome", () => {
		for (const raw of ["क्षत्रिय", "a\u0301\u0302", "👩‍👩‍👧‍👦 ❤️", "\u2067שלום\u2069 abc"]) expect(text(raw)).toBe(raw);
	});

	test("[TXT4] too long is refused with the numbers, never cut", () => {
		expect(text("x".repeat(100))).toHaveLength(100);
		expect(refusal(() => text("x".repeat(101)))).toMatchObject({
			code: "text_too_long",
			details: { chars: 101, charsMax: 100 },
		});
		expect(refusal(() => text("😀".repeat(76)))).toMatchObject({
			code: "text_too_long",
			details: { chars: 76, bytes: 304, bytesMax: 300 },
		});
	});

	test("[TXT4] what is far too long is refused before anything reads it", () => {
		const raw = "\uFDFA".repeat(300_000);
		const startedAt = performance.now();
		const limits = { charsMax: 10_000, bytesMax: 50_000 };
		expect(refusal(() => cleanText(raw, 10_000, 50_000))).toMatchObject({ code: "text_too_long", details: limits });
		expect(refusal(() => cleanName(raw, 64))).toMatchObject({ code: "text_too_long", details: { charsMax: 64 } });
		expect(refusal(() => cleanRoomName(`#${raw}`, LIMITS)).code).toBe("text_too_long");
		expect(performance.now() - startedAt).toBeLessThan(200);
	});

	test("[TXT4] sizes are those of UTF-8 and of code points", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (raw) => {
				expect(measure(raw)).toEqual({ chars: [...raw].length, bytes: Buffer.byteLength(raw) });
			}),
		);
	});
});

describe("names", () => {
	test.each([
		["a line break", "gen\neral"],
		["a trailing line break", "general\n"],
		["a direction override", "gen\u202Elareneg"],
		["a zero-width space", "gen\u200Beral"],
		["a lone surrogate", "gen\uDFFF"],
		["Cyrillic among Latin letters", "gеneral"],
		["Greek among Latin letters", "gοogle"],
	])("[NAM1] %s is refused", (_, raw) => {
		expect(refusal(() => cleanName(raw, 64)).code).toBe("text_invalid");
	});

	test("[NAM1] names in one script each are welcome", () => {
		for (const raw of ["Общий", "Δ team", "設計 team", "デザインteam", "design ❤️", "O'Brien & co", "v2.0/api"]) {
			expect(cleanName(raw, 64)).toBe(raw);
		}
	});

	test("[NAM2] a name is its compatibility form with single spaces, and at most so long", () => {
		expect(cleanName("  ｄｅｓｉｇｎ   room ", 64)).toBe("design room");
		expect(refusal(() => cleanName("x".repeat(65), 64)).code).toBe("text_too_long");
		expect(refusal(() => cleanName(" \u200B", 64)).code).toBe("text_empty");
	});

	test("[NAM3] a room's name has no #, and none that passes for the server", () => {
		expect(cleanRoomName("#general", LIMITS)).toBe("general");
		for (const raw of ["admin", "ADMIN", "#Here", "ｓｙｓｔｅｍ"]) {
			expect(refusal(() => cleanRoomName(raw, LIMITS)).code).toBe("name_taken");
		}
	});

	test("[NAM4] case and composition do not tell names apart", () => {
		expect(nameKey("Straße")).toBe(nameKey("STRASSE"));
		expect(nameKey("STRAẞE")).toBe(nameKey("strasse"));
		expect(nameKey("caf\u00e9")).toBe(nameKey("CAFE\u0301"));
		expect(nameKey("Σας")).toBe(nameKey("σασ"));
		fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => nameKey(nameKey(name)) === nameKey(name)));
	});
});
