import { expect, test } from "vitest";
import { FrameBoundary } from "../frame-boundary.ts";
import { answerFrame, errorFrame, eventFrame, initFrame, textFrame } from "./json-frame.ts";

const payload = (frame: Buffer): unknown => {
	const header = frame[1]! < 126 ? 2 : frame[1] === 126 ? 4 : 10;
	return JSON.parse(frame.subarray(header).toString());
};

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])("a text of %i bytes is one whole frame", (length) => {
	const frame = textFrame("x".repeat(length));
	const boundary = new FrameBoundary();
	boundary.read(frame);
	expect([boundary.frames, boundary.isReached, frame[0]]).toEqual([1, true, 0x81]);
	expect(frame.length - length).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10);
});

test("frames say what RivetKit's do, characters of any length included", () => {
	expect(payload(initFrame("a", "c"))).toEqual({ body: { tag: "Init", val: { actorId: "a", connectionId: "c" } } });
	expect(payload(answerFrame('["$BigInt","7"]', { text: "é🙂" }))).toEqual({
		body: { tag: "ActionResponse", val: { id: ["$BigInt", "7"], output: { text: "é🙂" } } },
	});
	expect(payload(answerFrame("[]", undefined))).toMatchObject({ body: { val: { output: null } } });
	expect(payload(eventFrame("typing", [1]))).toEqual({ body: { tag: "Event", val: { name: "typing", args: [1] } } });
	const refusal = { group: "user", code: "busy", message: "Later." };
	expect(payload(errorFrame(null, refusal))).toEqual({
		body: { tag: "Error", val: { actionId: null, ...refusal, metadata: {} } },
	});
	const actor = { actorId: "a", generation: 1, key: "k" };
	expect(payload(errorFrame("[]", { ...refusal, metadata: { waitMs: 1 } }, actor))).toEqual({
		body: { tag: "Error", val: { actionId: [], actor, ...refusal, metadata: { waitMs: 1 } } },
	});
});
