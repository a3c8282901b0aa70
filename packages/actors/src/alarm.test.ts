import { describe, expect, test } from "vitest";
import { Alarm, InsistentAlarm } from "./alarm.ts";

function makeClock(existing: { id: string; action: string; runAt: number }[] = []) {
	const events = [...existing];
	const warnings: object[] = [];
	const log = { error: () => undefined, warn: (fields: object) => warnings.push(fields), info: () => undefined };
	let fails = false;
	const schedule = {
		async after(waitMs: number, action: string) {
			if (fails) throw new Error("the engine is away");
			const id = `${action} in ${waitMs}`;
			events.push({ id, action, runAt: waitMs });
			return id;
		},
		at: async () => "",
		async cancel(id: string) {
			const at = events.findIndex((event) => event.id === id);
			return at >= 0 && events.splice(at, 1).length === 1;
		},
		list: async () => events,
	};
	return {
		events,
		failing: (value: boolean) => {
			fails = value;
		},
		alarm: new Alarm({ schedule }, "ring", () => 0),
		insistent: new InsistentAlarm({ schedule, log }, "ring", () => 0, { tellRetryMs: 100, tellRetryMaxMs: 500 }),
		warnings,
	};
}

describe("a persistent alarm", () => {
	test("is set once however often it is needed, and again when it is needed sooner", async () => {
		const { alarm, events } = makeClock();
		await Promise.all([alarm.ensure(100), alarm.ensure(100), alarm.ensure(200)]);
		expect(events.map(({ runAt }) => runAt)).toEqual([100]);
		await alarm.ensure(50);
		expect(events.map(({ runAt }) => runAt)).toEqual([100, 50]);
	});

	test("is set again after it rang", async () => {
		const { alarm, events } = makeClock();
		await alarm.ensure(100);
		alarm.rang();
		await alarm.ensure(100);
		expect(events).toHaveLength(2);
	});

	test("that an earlier life set still counts", async () => {
		const { alarm, events } = makeClock([{ id: "0", action: "ring", runAt: 80 }]);
		await alarm.restore();
		await alarm.ensure(100);
		expect(events).toHaveLength(1);
		await alarm.ensure(10);
		expect(events).toHaveLength(2);
	});

	test("that is not needed any more wakes nobody, and is set again when it is", async () => {
		const { alarm, events } = makeClock([
			{ id: "an earlier life's", action: "ring", runAt: 80 },
			{ id: "another's", action: "prune", runAt: 80 },
		]);
		await alarm.restore();
		await alarm.ensure(10);
		alarm.rang();
		await alarm.ensure(20);
		await alarm.disarm();
		expect(events.map(({ id }) => id)).toEqual(["another's"]);
		await alarm.ensure(100);
		expect(events.map(({ id }) => id)).toEqual(["another's", "ring in 100"]);
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
	const { insistent, events, warnings } = makeClock();
	await insistent.expect();
	const work = { fails: true };
	const ring = () =>
		insistent.insist("it failed", async () => {
			if (work.fails) throw new Error("no");
		});
	for (let times = 0; times < 4; times++) await ring();
	expect(events.map(({ runAt }) => runAt)).toEqual([100, 200, 400, 500, 500]);
	expect(warnings).toHaveLength(4);
	work.fails = false;
	await ring();
	expect(events).toHaveLength(5);
	work.fails = true;
	await ring();
	expect(events.at(-1)?.runAt).toBe(200);
	expect(warnings.at(-1)).toEqual({ msg: "it failed", failures: 1, error: "Error: no" });
});
