import { expect, test } from "vitest";
import { LINE_CHARS_MAX, shortLine, visibleText } from "./visible-text.ts";

test("what reorders or hides a part of a command is spelled out", () => {
	expect(visibleText("rm \u202e/pmt/ fr-\u2066 x")).toBe("rm ⟨U+202E⟩/pmt/ fr-⟨U+2066⟩ x");
	expect(visibleText("a\u200bb\ufeff")).toBe("a⟨U+200B⟩b⟨U+FEFF⟩");
	expect(visibleText("שלום 日本 👩‍👩‍👧")).toBe("שלום 日本 👩‍👩‍👧");
});

test("a giant line is cut and says by how much", () => {
	expect(shortLine("x".repeat(LINE_CHARS_MAX))).toHaveLength(LINE_CHARS_MAX);
	expect(shortLine("x".repeat(1_000_000))).toMatch(/x … 998,000 more characters$/);
	expect(shortLine("😀".repeat(LINE_CHARS_MAX)).isWellFormed()).toBe(true);
});
