import { expect, test } from "vitest";
import { recallText } from "./recall.ts";

const many = Array.from({ length: 500 }, (_, i) => ({ asked: `request ${i}`, answered: `answer ${i}` }));

test("nothing was said: nothing is told", () => {
	expect(recallText([], 1_000)).toBeUndefined();
});

test("everything that fits is told in its order, marked as a record and not a request", () => {
	const text = recallText(many.slice(0, 3), 4_000) ?? "";
	expect(text).toMatch(/not a request/);
	expect(text.indexOf("request 0")).toBeLessThan(text.indexOf("answer 0"));
	expect(text.indexOf("answer 0")).toBeLessThan(text.indexOf("request 1"));
	expect(text).not.toContain("left out");
	expect(text).toMatch(/answer 2\n\n-----$/);
});

test("of much, the first request and the newest are told, and that something is missing", () => {
	const text = recallText(many, 4_000) ?? "";
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
	expect(text).toContain("request 0\n");
	expect(text).toContain("request 499\n");
	expect(text).toContain("left out");
	expect(text).not.toContain("request 200\n");
});

test("a long text keeps its beginning and its end, and no half characters", () => {
	const text = recallText([{ asked: `start ${"ä€😀".repeat(5_000)} end`, answered: "" }], 4_000) ?? "";
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000);
	expect(text).toMatch(/start .* \.\.\. .* end\nAnswered: \(nothing\)/s);
	expect(text).not.toContain("\uFFFD");
});
