import { jsonParseCompat } from "rivetkit/utils";
import { expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

test.each([
	["nothing", undefined],
	["null", null],
	["a big int", 2n ** 80n],
	["big ints within", [{ deep: [1n, { negative: -7n }] }]],
	["bytes", new Uint8Array([0, 1, 254, 255])],
	["bytes within", { a: [new Uint8Array([7]), new Uint8Array()] }],
	["a part of a buffer", Buffer.from("hello").subarray(1, 3)],
	["a buffer", new Uint8Array([1, 2]).buffer],
	["a set", new Set([1, "a", 3n])],
	["nothing in a list", [1, undefined, 2]],
	["a field without a value", { a: undefined, b: 1 }],
	["what looks like a sign", [["$BigInt", "7"], ["$$BigInt", "8"], ["$Undefined", 0], ["$"], "$BigInt"]],
	["what looks like a sign, beside a big int", [["$BigInt", "7"], 7n]],
	["magic names", { constructor: 1, toString: "x", tag: "Event", body: {} }],
	["everything else", [{ a: [1, { b: null }], c: 'é\u0000\u2028🙂"\\', d: 1e-7, e: -0.5, f: true }]],
])("RivetKit reads %s as it was", (_, value) => {
	const read: unknown = jsonParseCompat(jsonText(value));
	const plain = Buffer.isBuffer(value) ? new Uint8Array(value) : value;
	expect(read).toStrictEqual(plain);
});

test("what cannot be sent is an error", () => {
	const ring: unknown[] = [];
	ring.push(ring);
	expect(() => jsonText(ring)).toThrow(RangeError);
});
