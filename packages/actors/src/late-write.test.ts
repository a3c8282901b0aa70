import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LateWrite } from "./late-write.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const WAIT_MS = 5_000;

/** A number that is kept late, and a disk that can be slow or broken. */
function openDesk() {
	const kept: number[] = [];
	const warnings: object[] = [];
	const disk = { isBroken: false, writes: 0, most: 0, slowMs: 0 };
	let value = 0;
	let open = 0;
	const late = new LateWrite(
		{
			keepAwake: (work) => work,
			log: { error: () => undefined, warn: (fields) => warnings.push(fields), info: () => undefined },
		},
		{
			waitMs: WAIT_MS,
			what: "the number",
			async write() {
				const now = value;
				disk.writes++;
				disk.most = Math.max(disk.most, ++open);
				if (disk.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, disk.slowMs));
				open--;
				if (disk.isBroken) throw new Error("the disk is full");
				kept.push(now);
			},
		},
	);
	const set = (next: number): void => {
		value = next;
		late.due();
	};
	return { late, set, kept, disk, warnings };
}

test("however many changes come in a while, one write keeps the last of them", async () => {
	const { set, kept } = openDesk();
	for (let next = 1; next <= 100; next++) set(next);
	await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
	expect(kept).toEqual([]);
	await vi.advanceTimersByTimeAsync(1);
	expect(kept).toEqual([100]);
	await vi.advanceTimersByTimeAsync(10 * WAIT_MS);
	expect(kept).toEqual([100]);
	set(101);
	await vi.advanceTimersByTimeAsync(WAIT_MS);
	expect(kept).toEqual([100, 101]);
});

test("what comes while one is being written is written by the next, never beside it", async () => {
	const { late, set, kept, disk } = openDesk();
	disk.slowMs = 3 * WAIT_MS;
	set(1);
	await vi.advanceTimersByTimeAsync(WAIT_MS);
	set(2);
	await vi.advanceTimersByTimeAsync(2 * WAIT_MS);
	set(3);
	const settled = late.settle();
	await vi.advanceTimersByTimeAsync(10 * WAIT_MS);
	await settled;
	expect([kept, disk.most]).toEqual([[1, 3], 1]);
});

test("what failed is due again, and says so", async () => {
	const { set, kept, disk, warnings } = openDesk();
	disk.isBroken = true;
	set(1);
	await vi.advanceTimersByTimeAsync(WAIT_MS);
	expect(warnings).toMatchObject([{ msg: "the number was not kept", error: expect.stringContaining("full") }]);
	disk.isBroken = false;
	await vi.advanceTimersByTimeAsync(WAIT_MS);
	expect(kept).toEqual([1]);
});

test("before an actor sleeps what is due is kept, once, and no timer outlives it", async () => {
	const { late, set, kept, disk } = openDesk();
	await late.settle();
	expect(disk.writes).toBe(0);
	const broken = openDesk();
	broken.disk.isBroken = true;
	broken.set(1);
	await broken.late.settle();
	expect([broken.disk.writes, broken.warnings.length]).toEqual([1, 1]);
	expect(vi.getTimerCount()).toBe(0);
	const other = openDesk();
	other.set(7);
	await other.late.settle();
	expect([other.kept, kept, vi.getTimerCount()]).toEqual([[7], [], 0]);
	set(2);
	expect(vi.getTimerCount()).toBe(0);
});
