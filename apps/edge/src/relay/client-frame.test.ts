import fc from "fast-check";
import { expect, test } from "vitest";
import { readClientFrame } from "./client-frame.ts";

const read = (frame: unknown) => readClientFrame(Buffer.from(JSON.stringify(frame)));
const call = (val: object) => read({ body: { tag: "ActionRequest", val: { id: 1, name: "join", args: [], ...val } } });

test("a call is read with its id as it goes back", () => {
	for (const id of [7, ["$BigInt", "7"]])
		expect(call({ id, extra: 1 })).toEqual({ type: "call", id: '["$BigInt","7"]', name: "join", args: [] });
	expect(call({ id: ["$BigInt", "18446744073709551615"] })?.type).toBe("call");
});

test.each([
	-1,
	1.5,
	"1",
	null,
	true,
	[],
	["$BigInt", "-1"],
	["$BigInt", "x"],
	["$BigInt", 7],
	["$BigInt", "18446744073709551616"],
])("%j is no id", (id) => {
	expect(call({ id })).toBeUndefined();
});

test("arguments are a list, or as if there were none; an escaped value is no list", () => {
	for (const args of [{}, null, "text", 7, ["$BigInt", "1"], ["$Uint8Array", "AA=="]])
		expect(call({ args })).toMatchObject({ args: [] });
	for (const args of [[], ["a", "b"], ["$$BigInt", "1"], ["$BigInt", "1", 2]])
		expect(call({ args })).toMatchObject({ args });
	expect(call({ args: undefined })).toBeUndefined();
});

test("a subscription is read", () => {
	const val = { eventName: "typing", subscribe: false };
	expect(read({ body: { tag: "SubscriptionRequest", val } })).toEqual({
		type: "subscription",
		event: "typing",
		isWanted: false,
	});
});

test("nothing else is a frame, and nothing makes the reader throw", () => {
	const near = fc.record(
		{
			body: fc.record(
				{
					tag: fc.oneof(fc.constantFrom("ActionRequest", "SubscriptionRequest", "Init"), fc.jsonValue()),
					val: fc.oneof(fc.jsonValue(), fc.record({ id: fc.jsonValue(), name: fc.jsonValue(), args: fc.jsonValue() })),
				},
				{ requiredKeys: [] },
			),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(fc.oneof(near, fc.jsonValue()), (frame) => {
			const isRead = read(frame);
			if (isRead?.type === "call") expect(JSON.parse(isRead.id)[0]).toBe("$BigInt");
		}),
	);
	fc.assert(
		fc.property(fc.uint8Array(), (bytes) => {
			readClientFrame(Buffer.from(bytes));
		}),
	);
});
