import { describe, expect, test } from "vitest";
import { Alarm } from "./alarm.ts";

function makeClock(existing: { id: string; action: string; runAt: number }[] = []) {
	const events = [...existing];
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
