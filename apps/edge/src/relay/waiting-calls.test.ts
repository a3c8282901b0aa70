import fc from "fast-check";
import { expect, test } from "vitest";
import { type Lane, newLane, WaitingCalls } from "./waiting-calls.ts";

interface Call {
	readonly from: string;
	readonly at: number;
	readonly bytes: number;
}
const openLane = (calls: WaitingCalls<Call>, userId: string): Lane<Call> => {
	const lane = newLane<Call>(userId);
	calls.release(lane);
	return lane;
};
const fill = (calls: WaitingCalls<Call>, lane: Lane<Call>, from: string, count: number, bytes = 1): void => {
	for (let at = 0; at < count; at++) calls.add(lane, { from, at, bytes });
};

test("people take turns, and within a person their connections do", () => {
	const calls = new WaitingCalls<Call>();
	fill(calls, openLane(calls, "ada"), "ada 1", 100);
	fill(calls, openLane(calls, "ada"), "ada 2", 100);
	fill(calls, openLane(calls, "bob"), "bob", 3);
	expect(calls.take(8, 1e9).map(({ from }) => from)).toEqual([
		"ada 1",
		"bob",
		"ada 2",
		"bob",
		"ada 1",
		"bob",
		"ada 2",
		"ada 1",
	]);
});

test("a frame holds as many calls and bytes as it may, and one call however large", () => {
	const calls = new WaitingCalls<Call>();
	fill(calls, openLane(calls, "ada"), "ada", 10, 100);
	expect(calls.take(3, 1e9)).toHaveLength(3);
	expect(calls.take(10, 250)).toHaveLength(2);
	expect(calls.take(10, 50)).toHaveLength(1);
	expect([calls.size, calls.bytes]).toEqual([4, 400]);
});

test("nothing is taken from a lane that is held, and everything when it is released", () => {
	const calls = new WaitingCalls<Call>();
	const lane = newLane<Call>("ada");
	fill(calls, lane, "ada", 2);
	expect([calls.isReady, calls.take(10, 1e9)]).toEqual([false, []]);
	calls.release(lane);
	calls.hold(lane);
	expect(calls.take(10, 1e9)).toEqual([]);
	calls.release(lane);
	expect(calls.take(10, 1e9)).toHaveLength(2);
	expect(calls.isReady).toBe(false);
});

test("whatever comes, is held and goes: each connection stays in its order, nothing is lost, taken twice or miscounted", () => {
	const step = fc.record({
		what: fc.constantFrom("add", "add", "add", "take", "hold", "release", "remove"),
		lane: fc.nat(5),
		bytes: fc.integer({ min: 1, max: 50 }),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const calls = new WaitingCalls<Call>();
			const lanes = Array.from({ length: 6 }, (_, at) => openLane(calls, `person ${at % 3}`));
			const next = lanes.map(() => 0);
			const last = lanes.map(() => -1);
			let inside = 0;
			const leave = (call: Call): void => {
				const lane = Number(call.from);
				expect(call.at).toBeGreaterThan(last[lane]!);
				last[lane] = call.at;
				inside--;
			};
			for (const { what, lane: at, bytes } of steps) {
				const lane = lanes[at]!;
				if (what === "add") {
					calls.add(lane, { from: String(at), at: next[at]!++, bytes });
					inside++;
				} else if (what === "take") for (const call of calls.take(4, 100)) leave(call);
				else if (what === "remove") for (const call of calls.remove(lane)) leave(call);
				else calls[what](lane);
				expect(calls.size).toBe(inside);
			}
			for (const lane of lanes) calls.release(lane);
			for (const call of calls.take(1_000, 1e9)) leave(call);
			expect([calls.size, calls.bytes, inside]).toEqual([0, 0, 0]);
		}),
	);
});
