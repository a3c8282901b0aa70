import { expect, test } from "vitest";
import { resultOf, tableOf } from "./report.ts";
import type { Row } from "./rows.ts";

const ack: Row = { name: "ack p50", unit: "ms", better: "less", budget: 5, of: ({ times }) => times.p50 };
const throughput: Row = { name: "throughput", unit: "messages/s", better: "more", budget: 1_000, of: () => 0 };
const errors: Row = { name: "errors", unit: "errors", better: "less", budget: 0, of: ({ errors }) => errors };
const ofPeer: Row = { name: "throughput", unit: "messages/s", better: "more", budgetOfPeer: 0.7, of: () => 0 };

test("a budget is the most where less is better and the least where more is", () => {
	expect(resultOf("a", ack, 5, { naive: 45, peer: 0.5, socketIo: 0.8 })).toEqual({
		name: "a",
		value: 5,
		unit: "ms",
		budget: 5,
		ok: true,
		naive: 45,
		ratio: 9,
		peer: 0.5,
		peerRatio: 0.1,
		socketIo: 0.8,
	});
	expect(resultOf("a", ack, 5.1, {}).ok).toBe(false);
	expect(resultOf("t", throughput, 1_000, { naive: 100 })).toMatchObject({ ok: true, ratio: 10 });
	expect(resultOf("t", throughput, 999, { naive: 100 }).ok).toBe(false);
	expect(resultOf("e", errors, 0, { naive: 2_043 })).toMatchObject({ ok: true, naive: 2_043, ratio: null });
});

test("a side that failed has no number and does not meet its budget", () => {
	expect(resultOf("e", errors, undefined, { naive: 3 })).toMatchObject({ value: null, ok: false, ratio: null });
	expect(resultOf("e", errors, 1, {})).toMatchObject({ ok: false, naive: null, ratio: null, peer: null });
});

test("a budget that is a share of the peer's number needs that number", () => {
	expect(resultOf("t", ofPeer, 700, { peer: 1_000 })).toMatchObject({ budget: 700, ok: true, peerRatio: 0.7 });
	expect(resultOf("t", ofPeer, 699, { peer: 1_000 }).ok).toBe(false);
	expect(resultOf("t", ofPeer, undefined, { peer: 1_000 }).ok).toBe(false);
	expect(resultOf("t", ofPeer, 700, {})).toMatchObject({ budget: null, ok: null });
	expect(resultOf("c", { ...ofPeer, better: "less", budgetOfPeer: 2.5 }, 0.03, { peer: 0.01 })).toMatchObject({
		budget: 0.025,
		ok: false,
	});
});

test("the table is Markdown whose columns line up", () => {
	const results = [resultOf("one sender: ack p50", ack, 3.1, { naive: 45 }), resultOf("errors", errors, 0, {})];
	const lines = tableOf(results).split("\n");
	expect(lines).toHaveLength(4);
	expect(new Set(lines.map((line) => line.length)).size).toBe(1);
	expect(lines[2]).toMatch(/^\| one sender: ack p50 \| 3\.1 ms +\| 45 +\| 14\.5 \| – +\| – +\| – +\| 5 +\| met +\|$/);
});
