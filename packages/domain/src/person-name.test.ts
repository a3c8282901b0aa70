import { expect, test } from "vitest";
import { cleanPersonName } from "./person-name.ts";

const LIMITS = { personNameCharsMax: 40 };

test.each([
	["  Ada   Lovelace ", "Ada Lovelace"],
	["Ａｄａ", "Ada"],
	["Zoë", "Zoë"],
	["李雷", "李雷"],
	["👩‍💻 Grace", "👩‍💻 Grace"],
	["a".repeat(40), "a".repeat(40)],
])("a name is kept as people read it: %j", (raw, name) => {
	expect(cleanPersonName(raw, LIMITS)).toBe(name);
});

test.each([
	["", "text_empty"],
	[" \u200b ", "text_empty"],
	["Ada\u200b", "text_invalid"],
	["Ada\u202egnihton", "text_invalid"],
	["Ada\nLovelace", "text_invalid"],
	["Ada\u0000", "text_invalid"],
	["\ud800", "text_invalid"],
	["a".repeat(41), "text_too_long"],
	["ＡＤＭＩＮ", "name_taken"],
	["Everyone", "name_taken"],
])("a name that would mislead is refused: %j", (raw, code) => {
	expect(() => cleanPersonName(raw, LIMITS)).toThrow(expect.objectContaining({ code }));
});
