import { expect, test } from "vitest";
import { WaitingBytes } from "./waiting-bytes.ts";

function takers(all: WaitingBytes, lagging: readonly boolean[]) {
	return lagging.map((isLagging) => ({
		waiting: 0,
		isLagging,
		isOpen: true,
		isDropped: false,
		count() {},
		dropSlow() {
			this.isDropped = true;
			this.isOpen = false;
			all.noteDropped();
		},
	}));
}

test("beyond the bound the largest that lag go, and no more than needed", () => {
	const all = new WaitingBytes(1_000);
	const [quick, small, large] = takers(all, [false, true, true]);
	all.changed(quick!, 500);
	all.changed(small!, 100);
	all.changed(large!, 300);
	expect([all.bytes, all.dropped, all.lagging]).toEqual([900, 0, 2]);
	all.changed(quick!, 650);
	expect([quick!.isDropped, small!.isDropped, large!.isDropped]).toEqual([false, false, true]);
	expect([all.bytes, all.dropped]).toEqual([750, 1]);
	all.changed(large!, 0);
	all.changed(quick!, 0);
	expect(all.bytes).toBe(100);
});

test("what was taken meanwhile is counted before anybody goes", () => {
	const all = new WaitingBytes(1_000);
	const [one, other] = takers(all, [true, true]);
	one!.count = () => all.changed(one!, 0);
	all.changed(one!, 900);
	all.changed(other!, 500);
	expect([one!.isDropped, other!.isDropped, all.bytes]).toEqual([false, false, 500]);
});
