import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { Supervisor } from "./supervisor.ts";
import type { Surroundings } from "./surroundings.ts";

const { connectMs, diagnoseMs, backoffMinMs, backoffMaxMs, stableMs } = CLIENT_LIMITS;

class Network implements Surroundings {
	#isOnline = true;
	#changed: () => void = () => {};
	isOnline = (): boolean => this.#isOnline;
	listen = (changed: () => void): (() => void) => {
		this.#changed = changed;
		return () => {
			this.#changed = () => {};
		};
	};
	set(isOnline: boolean): void {
		this.#isOnline = isOnline;
		this.#changed();
	}
}

const start = (network: Network | null = null, diagnose?: () => Promise<Problem | null>) => {
	const clock = new ManualClock();
	const supervisor = new Supervisor({ clock, surroundings: network, diagnose });
	const seen: string[] = [];
	supervisor.subscribe(() => seen.push(supervisor.getSnapshot().phase.type));
	const stop = supervisor.start();
	return { clock, supervisor, seen, stop };
};
const phaseOf = (supervisor: Supervisor): string => supervisor.getSnapshot().phase.type;
const isEnabled = (supervisor: Supervisor): boolean => supervisor.getSnapshot().isEnabled;

describe("keeping a connection alive", () => {
	test("a first connection that comes in time is live", async () => {
		const { clock, supervisor, seen } = start();
		supervisor.noteStatus("connecting");
		supervisor.noteStatus("connected");
		await clock.pass(connectMs * 3);
		expect(seen).toEqual(["connecting", "live"]);
	});

	test("without a connection in time it is disposed and opened anew, after pauses that grow and stay bounded", async () => {
		const { clock, supervisor } = start();
		const pauses: number[] = [];
		for (let n = 0; n < 8; n++) {
			supervisor.noteStatus("connecting");
			await clock.pass(connectMs);
			expect(isEnabled(supervisor)).toBe(false);
			pauses.push(clock.next!);
			await clock.pass(clock.next!);
			expect(isEnabled(supervisor)).toBe(true);
		}
		expect(pauses.slice(0, 3)).toEqual([1, 2, 4].map((n) => n * backoffMinMs * 0.75));
		expect(pauses.at(-1)).toBe(backoffMaxMs * 0.75);
	});

	test("a handshake that RivetKit gave up (idle) is not waited for", async () => {
		const { clock, supervisor } = start();
		supervisor.noteStatus("idle");
		expect(isEnabled(supervisor)).toBe(true);
		supervisor.noteStatus("connecting");
		supervisor.noteStatus("idle");
		expect(isEnabled(supervisor)).toBe(false);
		await clock.pass(backoffMinMs);
		expect(isEnabled(supervisor)).toBe(true);
	});

	test("a lost connection gets as long as a first one, and then is opened anew", async () => {
		const { clock, supervisor } = start();
		supervisor.noteStatus("connected");
		supervisor.noteStatus("disconnected");
		expect(phaseOf(supervisor)).toBe("reconnecting");
		await clock.pass(connectMs - 1);
		expect(isEnabled(supervisor)).toBe(true);
		await clock.pass(1);
		expect(isEnabled(supervisor)).toBe(false);
	});

	test("connections that break at once are opened ever more slowly, one that held starts afresh", async () => {
		const { clock, supervisor } = start();
		const breakAfter = async (ms: number): Promise<number> => {
			supervisor.noteStatus("connected");
			await clock.pass(ms);
			supervisor.noteStatus("idle");
			const pause = clock.next!;
			await clock.pass(pause);
			return pause;
		};
		const pauses = [await breakAfter(10), await breakAfter(10), await breakAfter(10)];
		expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
		expect(await breakAfter(stableMs)).toBe(pauses[0]);
	});

	test("a connection on which calls get no answer is dropped at once although it looks open", async () => {
		const { clock, supervisor } = start();
		supervisor.noteStatus("connected");
		supervisor.suspect();
		expect(isEnabled(supervisor)).toBe(false);
		await clock.pass(0);
		expect(isEnabled(supervisor)).toBe(true);
	});

	test("a refusal ends the attempts until somebody asks again", async () => {
		const { clock, supervisor } = start();
		supervisor.noteStatus("connecting");
		supervisor.noteError(new Problem("not_member", "no"));
		await clock.pass(1_000_000);
		expect(supervisor.getSnapshot()).toMatchObject({ isEnabled: false, phase: { problem: { code: "not_member" } } });
		supervisor.retry();
		await clock.pass(0);
		expect(isEnabled(supervisor)).toBe(true);
	});

	test("a refusal as RivetKit throws it is understood, any other error is not a refusal", () => {
		const { supervisor } = start();
		supervisor.noteError({ group: "guard", code: "actor_ready_timeout", message: "?" });
		expect(phaseOf(supervisor)).toBe("connecting");
		supervisor.noteError({ group: "user", code: "forbidden", message: "no", metadata: null });
		expect(phaseOf(supervisor)).toBe("refused");
	});

	test("a refusal that passes is waited for as long as it says", () => {
		const { clock, supervisor } = start();
		supervisor.noteError(new Problem("rate_limited", "slow down", { waitMs: 7_000 }));
		expect(clock.next).toBe(7_000);
	});

	test("a connection that does not come is asked about, and a refusal found in this way counts", async () => {
		const { clock, supervisor } = start(null, async () => new Problem("not_found", "no"));
		supervisor.noteStatus("connecting");
		await clock.pass(diagnoseMs);
		expect(supervisor.getSnapshot()).toMatchObject({ isEnabled: false, phase: { problem: { code: "not_found" } } });
	});

	test("the answer to such a question is nothing to a connection that came meanwhile", async () => {
		let answer: (problem: Problem) => void = () => {};
		const { clock, supervisor } = start(
			null,
			() =>
				new Promise((resolve) => {
					answer = resolve;
				}),
		);
		await clock.pass(diagnoseMs);
		supervisor.noteStatus("connected");
		answer(new Problem("not_found", "no"));
		await clock.pass(0);
		expect(phaseOf(supervisor)).toBe("live");
	});

	test("without a network nothing is tried, and with it at once", async () => {
		const network = new Network();
		const { clock, supervisor } = start(network);
		supervisor.noteStatus("connected");
		network.set(false);
		expect(supervisor.getSnapshot()).toEqual({ isEnabled: false, phase: { type: "offline" } });
		await clock.pass(1_000_000);
		expect(isEnabled(supervisor)).toBe(false);
		network.set(true);
		await clock.pass(0);
		expect(isEnabled(supervisor)).toBe(true);
	});

	test("a page that is looked at again does not wait for the rest of a pause", async () => {
		const network = new Network();
		const { clock, supervisor } = start(network);
		for (let n = 0; n < 6; n++) {
			await clock.pass(connectMs);
			if (n < 5) await clock.pass(clock.next!);
		}
		expect(clock.next).toBeGreaterThan(5_000);
		network.set(true);
		await clock.pass(0);
		expect(isEnabled(supervisor)).toBe(true);
	});

	test("once it is stopped nothing happens any more, and it can start again", async () => {
		const network = new Network();
		const { clock, supervisor, stop } = start(network);
		stop();
		network.set(true);
		supervisor.noteStatus("connected");
		supervisor.retry();
		await clock.pass(1_000_000);
		expect(isEnabled(supervisor)).toBe(false);
		supervisor.start();
		expect(supervisor.getSnapshot()).toEqual({ isEnabled: true, phase: { type: "connecting" } });
	});
});
