import { afterEach, describe, expect, test } from "vitest";
import { isAlive } from "../test/processes.ts";
import { startChild } from "./child.ts";
import { Part, type PartEvent, type PartPlan } from "./part.ts";

const TIMING = { readyMs: 5_000, stableMs: 60_000, backoffMs: 10, backoffMaxMs: 40, firstStartsMax: 3 };

describe("Part", () => {
	const stops: (() => Promise<void>)[] = [];
	afterEach(async () => {
		for (const stop of stops.splice(0)) await stop();
	});

	function partOf(script: string, plan: Partial<PartPlan> = {}, timing: Partial<typeof TIMING> = {}) {
		const events: PartEvent[] = [];
		const part = new Part(
			{
				name: "edge",
				command: () => ({ file: "/bin/sh", args: ["-c", script], env: {} }),
				ready: (child) => child.printed(/^up$/),
				...plan,
			},
			{ ...TIMING, ...timing },
			(event) => events.push(event),
		);
		stops.push(() => part.stop(500));
		return { part, events };
	}

	test("a part that dies is started again", async () => {
		const { part, events } = partOf("echo up; exec sleep 60");
		await part.start();
		const first = part.pid!;
		part.kill("SIGKILL");
		await expect.poll(() => events.filter(({ state }) => state === "ready").length).toBe(2);
		expect(part.pid).not.toBe(first);
		expect(isAlive(first)).toBe(false);
		expect(events.find(({ state }) => state === "down")?.problem).toMatchObject({ inARow: 1, nextMs: 0 });
	});

	test("the wait doubles with every death in a row, up to its maximum", async () => {
		const { part, events } = partOf("echo up; sleep 0.01");
		await part.start();
		const waits = () => events.flatMap(({ problem }) => (problem ? [problem.nextMs] : []));
		await expect.poll(() => waits().length, { timeout: 5_000 }).toBeGreaterThanOrEqual(6);
		expect(waits().slice(0, 6)).toEqual([0, 10, 20, 40, 40, 40]);
	});

	test("a part that never becomes ready is given up, with its last words", async () => {
		const { part, events } = partOf("echo no such luck; exit 3");
		await expect(part.start()).rejects.toThrow(/edge ended with code 3; its last output was:\nno such luck/);
		expect(events.filter(({ state }) => state === "starting").length).toBe(3);
	});

	test("a part that hangs before it is ready is ended", async () => {
		const { part } = partOf("exec sleep 60", {}, { readyMs: 50, firstStartsMax: 1 });
		await expect(part.start()).rejects.toThrow(/was not ready after 0.05 s/);
		expect(part.pid).toBeUndefined();
	});

	test("a program that is not there is a sentence, not a crash", async () => {
		const { part } = partOf("", { command: () => ({ file: "/nowhere/program", args: [], env: {} }) });
		await expect(part.start()).rejects.toThrow(/cannot start \/nowhere\/program/);
	});

	test("who waits while a part is down waits for its next process", async () => {
		let open = () => {};
		const gate = new Promise<void>((resolve) => {
			open = resolve;
		});
		let starts = 0;
		const { part } = partOf("echo up; exec sleep 60", { before: async () => (starts++ > 0 ? gate : undefined) });
		await part.start();
		await part.restart(0);
		let isReady = false;
		const waiting = part.whenReady().then(() => {
			isReady = true;
		});
		await expect.poll(() => starts).toBe(2);
		expect(isReady).toBe(false);
		open();
		await waiting;
		expect(part.pid).toBeDefined();
	});

	test("what a part started ends with it", async () => {
		let grandchild = 0;
		const command = { file: "/bin/sh", args: ["-c", "sleep 60 & echo $!; trap 'exit 0' TERM; wait"], env: {} };
		const child = startChild(command, (line) => {
			grandchild = Number(line);
		});
		await expect.poll(() => grandchild).toBeGreaterThan(0);
		expect(isAlive(grandchild)).toBe(true);
		await child.stop(1_000);
		await expect.poll(() => isAlive(grandchild)).toBe(false);
	});

	test("a part that ignores SIGTERM is killed when its grace is over", async () => {
		const { part } = partOf("trap '' TERM; echo up; while :; do sleep 0.1; done");
		await part.start();
		const { pid } = part;
		const began = performance.now();
		await part.stop(200);
		expect(performance.now() - began).toBeLessThan(1_500);
		expect(isAlive(pid!)).toBe(false);
	});
});
