import { describe, expect, test } from "vitest";
import { Alarm, InsistentAlarm } from "./alarm.ts";

function makeClock(existing: { id: string; action: string; runAt: number }[] = []) {
	const events = [...existing];
	const warnings: object[] = [];
	const log = { error: () => undefined, warn: (fields: object) => warnings.push(fields), info: () => undefined };
	let fails = false;
	let now = 0;
	let sets = 0;
	const cancelled: string[] = [];
	const schedule = {
		async after(waitMs: number, action: string) {
			if (fails) throw new Error("the engine is away");
			const id = `${action} in ${waitMs}, ${++sets}`;
			events.push({ id, action, runAt: now + waitMs });
			return id;
		},
		at: async () => "",
		async cancel(id: string) {
			cancelled.push(id);
			const at = events.findIndex((event) => event.id === id);
			return at >= 0 && events.splice(at, 1).length === 1;
		},
		list: async () => events,
	};
	return {
		events,
		cancelled,
		times: () => events.map(({ runAt }) => runAt).sort((one, other) => one - other),
		sets: () => sets,
		now: () => now,
		/** Takes what rings next away, as the engine does, and answers whether there was anything. */
		next: () => {
			const [first] = [...events].sort((one, other) => one.runAt - other.runAt);
			if (first === undefined) return false;
			now = Math.max(now, first.runAt);
			events.splice(events.indexOf(first), 1);
			return true;
		},
		pass: (ms: number) => {
			now += ms;
		},
		failing: (value: boolean) => {
			fails = value;
		},
		alarm: new Alarm({ schedule }, "ring", () => now),
		insistent: new InsistentAlarm({ schedule, log }, "ring", () => now, { tellRetryMs: 100, tellRetryMaxMs: 500 }),
		warnings,
	};
}

describe("a persistent alarm", () => {
	test("is set once however often it is needed, and again when it is needed sooner", async () => {
		const { alarm, times } = makeClock();
		await Promise.all([alarm.ensure(100), alarm.ensure(100), alarm.ensure(200)]);
		expect(times()).toEqual([100]);
		await alarm.ensure(50);
		expect(times()).toEqual([50, 100]);
	});

	test("is set again after it rang, unless a later one stands that rings soon enough", async () => {
		const { alarm, times, next } = makeClock();
		await alarm.ensure(1_000);
		await alarm.ensure(100);
		next();
		alarm.rang();
		await alarm.ensure(950);
		expect(times()).toEqual([1_000]);
		next();
		alarm.rang();
		await alarm.ensure(950);
		expect(times()).toEqual([1_950]);
	});

	test("is kept for whoever needs one when another is being set", async () => {
		const { alarm, failing, times } = makeClock();
		failing(true);
		const [first, second] = await Promise.allSettled([alarm.ensure(100), alarm.ensure(200)]);
		expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
		failing(false);
		await alarm.ensure(200);
		expect(times()).toEqual([200]);
	});

	test("stands a few times at most, however long a room talks that has something to tell soon and something later", async () => {
		const { alarm, events, next, sets, now } = makeClock();
		let rings = 0;
		await alarm.ensure(300_000);
		for (let most = 0; now() < 3_600_000; most = Math.max(most, events.length)) {
			await alarm.ensure(1_000 + (rings % 7) * 100);
			if (!next()) throw new Error("none stands");
			alarm.rang();
			rings += 1;
			await alarm.ensure(300_000); // a message comes while it rings
			expect(events.length).toBeLessThanOrEqual(3);
		}
		expect(sets()).toBeLessThan(rings + 20);
	});

	test("is counted on for a while after its time, and not for ever", async () => {
		const { alarm, times, next, pass } = makeClock();
		for (const waitMs of [300, 200, 100]) await alarm.ensure(waitMs);
		while (next()); // and nobody says that they rang
		pass(30_000);
		await alarm.ensure(500);
		expect(times()).toEqual([]);
		pass(30_000);
		await alarm.ensure(500);
		expect(times()).toEqual([60_800]);
	});

	test("that is needed ever sooner takes the latest back", async () => {
		const { alarm, times, cancelled } = makeClock();
		for (const waitMs of [500, 400, 300, 200, 100]) await alarm.ensure(waitMs);
		expect(times()).toEqual([100, 200, 300]);
		expect(cancelled).toEqual(["ring in 500, 1", "ring in 400, 2"]);
		await alarm.ensure(350);
		expect(times()).toEqual([100, 200, 300]);
	});

	test("that an earlier life set still counts, and what it set too often is taken back", async () => {
		const many = Array.from({ length: 1_000 }, (_, index) => ({
			id: `${index}`,
			action: "ring",
			runAt: 80 + ((index * 7) % 1_000),
		}));
		const { alarm, times, sets } = makeClock(many);
		await alarm.restore();
		expect(times()).toEqual([80, 81, 82]);
		await alarm.ensure(100);
		expect(sets()).toBe(0);
		await alarm.ensure(10);
		expect(times()).toEqual([10, 80, 81]);
	});

	test("that is not needed any more wakes nobody, and is set again when it is", async () => {
		const { alarm, events } = makeClock([
			{ id: "an earlier life's", action: "ring", runAt: 80 },
			{ id: "another's", action: "prune", runAt: 80 },
		]);
		await alarm.restore();
		await alarm.ensure(10);
		await alarm.disarm();
		expect(events.map(({ id }) => id)).toEqual(["another's"]);
		await alarm.ensure(100);
		expect(events.map(({ id }) => id)).toEqual(["another's", "ring in 100, 2"]);
	});

	test("that could not be kept is not believed in", async () => {
		const { alarm, events, failing } = makeClock();
		failing(true);
		await expect(alarm.ensure(100)).rejects.toThrow("away");
		failing(false);
		await alarm.ensure(100);
		expect(events).toHaveLength(1);
	});
});

test("an alarm that insists rings again, ever more seldom, until what it is for succeeds", async () => {
	const { insistent, events, next, now, warnings } = makeClock();
	await insistent.expect();
	const work = { fails: true };
	const rungAt: number[] = [];
	const ring = async (): Promise<void> => {
		next();
		rungAt.push(now());
		await insistent.insist("it failed", async () => {
			if (work.fails) throw new Error("no");
		});
	};
	for (let times = 0; times < 5; times++) await ring();
	expect(rungAt).toEqual([100, 300, 700, 1_200, 1_700]);
	expect(warnings).toHaveLength(5);
	work.fails = false;
	await ring();
	expect(events).toEqual([]);
	work.fails = true;
	await insistent.expect();
	await ring();
	expect(events.map(({ runAt }) => runAt - now())).toEqual([200]);
	expect(warnings.at(-1)).toEqual({ msg: "it failed", failures: 1, error: "Error: no" });
});
