import { text } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyFilter } from "./key-filter.ts";

const KEY = "sk-aab-aab-aac";
const STARS = "*".repeat(KEY.length);

async function filter(parts: readonly string[], key = KEY): Promise<string> {
	const passing = new KeyFilter(key);
	const read = text(passing);
	for (const part of parts) passing.write(part);
	passing.end();
	return read;
}

test("hides the key wherever the network cuts", async () => {
	const whole = `a ${KEY} b ${KEY}${KEY} sk-aab-aab-aab ${KEY.slice(0, -1)}`;
	const hidden = `a ${STARS} b ${STARS}${STARS} sk-aab-aab-aab ${KEY.slice(0, -1)}`;
	for (let first = 0; first <= whole.length; first++) {
		for (const second of [first, first + 1, first + 5, whole.length]) {
			const parts = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)];
			expect(await filter(parts)).toBe(hidden);
		}
	}
});

test("passes everything else on, byte for byte, and never the key", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 })), async (parts) => {
			const passed = await filter(parts, "aab");
			expect(passed).toHaveLength(parts.join("").length);
			expect(passed).toBe(parts.join("").replaceAll("aab", "***"));
		}),
	);
});

test("holds nothing back that cannot begin a key", async () => {
	const passing = new KeyFilter(KEY);
	passing.write("data: hello\n\n");
	expect(String(passing.read())).toBe("data: hello\n\n");
	passing.write("sk-a");
	expect(passing.read()).toBeNull();
	passing.write("x");
	expect(String(passing.read())).toBe("sk-ax");
});
