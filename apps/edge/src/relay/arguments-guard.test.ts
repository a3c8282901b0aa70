import { LIMITS } from "@bullpen/domain/limits";
import fc from "fast-check";
import { expect, test } from "vitest";
import { faultIn } from "./arguments-guard.ts";

const limits = { ...LIMITS, edgeArgumentsDepthMax: 5, edgeArgumentsValuesMax: 50 };
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);

test("what people's clients send passes", () => {
	const input = { text: "hello $BigInt ['$x']", nonce: "n", list: [1, null, true, ["$BigInt", "-7"], ["$$x", "y"]] };
	for (const args of [
		[],
		[input],
		[["$Uint8Array", "AAE="]],
		[["$Set", [1, 2]]],
		[["$Undefined", 0]],
		[["$x"], ["$x", 1, 2]],
	])
		expect(faultIn(args, limits)).toBeUndefined();
});

test("depth and number of values are bounded, however they are spread", () => {
	expect(faultIn([nested(4)], limits)).toBeUndefined();
	expect(faultIn([nested(6)], limits)).toMatchObject({ type: "refused" });
	expect(faultIn([Array.from({ length: 49 }, () => 0)], limits)).toBeUndefined();
	expect(faultIn([Array.from({ length: 51 }, () => 0)], limits)).toMatchObject({ type: "refused" });
	const keys = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 0]));
	expect(faultIn([keys], limits)).toMatchObject({ type: "refused" });
	const spread = Array.from({ length: 10 }, () => [1, 2, 3, 4, 5]);
	expect(faultIn([spread], limits)).toMatchObject({ type: "refused" });
});

test.each([
	[["$BigInt", 7]],
	[["$BigInt", "1e9"]],
	[["$BigInt", "1".repeat(1_001)]],
	[["$Uint8Array", 1]],
	[["$ArrayBuffer", null]],
	[["$Set", "x"]],
	[["$", 1]],
	[["$Date", "x"]],
	[{ deep: [["$Date", "x"]] }],
])("%j would break RivetKit's reader", (value) => {
	expect(faultIn([value], limits)).toMatchObject({ type: "refused" });
});

test("half a character anywhere makes the frame none, as for RivetKit", () => {
	for (const value of ["\ud800", { a: ["x\udc00"] }, { "\ud800": 1 }])
		expect(faultIn([value], limits)).toEqual({ type: "ill" });
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(faultIn([text], limits) === undefined).toBe(text.isWellFormed());
		}),
	);
});
