import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { afterEach, expect, test, vi } from "vitest";
import type { Agent } from "./agent.ts";
import { FileFinder } from "./file-finder.ts";
import type { Scope } from "./scope.ts";

function finder(paths: readonly string[]): FileFinder {
	const host = { files: { paths: async () => ({ paths, isPartial: false }) } };
	const agent = { ready: async () => host, hold: () => undefined } as unknown as Agent;
	const frame = { keepAwake: <T>(work: Promise<T>) => work };
	const scope = { limits: { ...LIMITS, fileCallsWaitingMax: 10 }, now: Date.now, frame } as unknown as Scope;
	return new FileFinder({ scope, agent, onDone: () => undefined });
}

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

test("however many look for files, others have most of the time, and few wait", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout"] });
	let [clock, searches] = [0, 0];
	vi.spyOn(performance, "now").mockImplementation(() => clock);
	const SEARCH_MS = 10;
	const paths = Object.defineProperty(["a.ts"], 0, {
		get() {
			clock += SEARCH_MS;
			searches++;
			return "a.ts";
		},
	});
	const files = finder(paths);
	const answers = Promise.allSettled(Array.from({ length: 200 }, () => files.find("a")));
	const pass = async (ms: number): Promise<void> => {
		clock += ms;
		await vi.advanceTimersByTimeAsync(ms);
	};
	await pass(0);
	for (let done = 1; done <= 11; done++) {
		expect(searches).toBe(done);
		await pass(4 * SEARCH_MS - 1);
		expect(searches).toBe(done);
		await pass(1);
	}
	const refusals = (await answers).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
	expect(refusals.length).toBe(189);
	expect(refusals.every((one) => one instanceof Problem && one.code === "busy")).toBe(true);
	expect((await answers)[0]).toEqual({ status: "fulfilled", value: { paths: ["a.ts"], isPartial: false } });
});
