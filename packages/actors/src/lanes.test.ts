import { expect, test } from "vitest";
import { inLanes } from "./lanes.ts";

test("each is worked on once, in order, and never more at once than there are lanes", async () => {
	const begun: number[] = [];
	let [now, most] = [0, 0];
	await inLanes([1, 2, 3, 4, 5], 2, async (one) => {
		begun.push(one);
		most = Math.max(most, ++now);
		await Promise.resolve();
		now--;
	});
	expect([begun, most]).toEqual([[1, 2, 3, 4, 5], 2]);
});

test("what fails keeps nothing else from being done, and is told at the end", async () => {
	const done: number[] = [];
	const work = async (one: number) => {
		if (one === 1) throw new Error("one");
		done.push(one);
	};
	await expect(inLanes([1, 2, 3], 2, work)).rejects.toThrow("one");
	expect(done).toEqual([2, 3]);
});
