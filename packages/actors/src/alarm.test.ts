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
			events.push({ id: String(events.length), action, runAt: waitMs });
			return String(events.length);
		},
		at: async () => "",
		cancel: async () => true,
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
