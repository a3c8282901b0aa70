import { expect, test } from "vitest";
import { cpuSeconds, difference, highest, residentBytes, residentIn, threadName, ticksIn, totalOf } from "./meter.ts";

const STAT = "42 (a (b) c-7) S 1 42 42 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 12 0 1234 1000 50";

test("time is user and system time, whatever brackets a name holds", () => {
	expect(ticksIn(STAT)).toBe(175);
	expect(ticksIn("")).toBe(0);
});

test("workers of one pool have one name", () => {
	expect(threadName(STAT)).toBe("a (b) c");
	expect(threadName("7 (tokio-runtime-w) S")).toBe("tokio-runtime-w");
	expect(threadName("8 (sqlite-worker-d) S")).toBe("sqlite-worker");
});

test("memory is what is resident, in bytes", () => {
	expect(residentIn("VmPeak:\t 99 kB\nVmRSS:\t   12 kB\n")).toBe(12_288);
	expect(residentIn("")).toBe(0);
});

test("readings subtract, keep their peak and sum up by name", () => {
	expect(difference({ a: 3, b: 2 }, { a: 1 })).toEqual({ a: 2, b: 2 });
	expect(highest({ a: 3, b: 2 }, { a: 1, b: 5, c: 1 })).toEqual({ a: 3, b: 5, c: 1 });
	expect(totalOf({ a: 1, b: 2 })).toBe(3);
});

test.runIf(process.platform === "linux")("a process that works is seen to", () => {
	const self = { self: [process.pid], gone: [] };
	expect(residentBytes(self).self).toBeGreaterThan(1_000_000);
	const before = cpuSeconds(self);
	for (const began = process.cpuUsage(); process.cpuUsage(began).user < 100_000; );
	const used = difference(cpuSeconds(self), before);
	expect(used.self).toBeGreaterThan(0.05);
	expect(used.gone).toBe(0);
});
