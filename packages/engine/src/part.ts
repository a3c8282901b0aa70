import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type Command, describeExit, type OnLine, startChild } from "./child.ts";
import type { PartName, PartState } from "./run-file.ts";

export type PartPlan = {
	readonly name: PartName;
	readonly command: () => Command;
	/** Resolves when the part does its work, not merely runs. Asked anew for each process. */
	readonly ready: (child: Child) => Promise<void>;
	/** Awaited before each start: what the part cannot live without, and what has to be done first. */
	readonly before?: () => Promise<void>;
	readonly onLine?: OnLine;
};

/** Durations of supervision, in milliseconds. */
export type PartTiming = {
	readonly readyMs: number;
	/** A part that lived this long has healed: its next death is a first one again. */
	readonly stableMs: number;
	/** Wait before the second restart in a row; the first is immediate, each further one waits twice as long. */
	readonly backoffMs: number;
	readonly backoffMaxMs: number;
	/** Starts in a row without becoming ready after which the first start is given up. */
	readonly firstStartsMax: number;
};

export type PartEvent = {
	readonly part: PartName;
	readonly state: PartState;
	readonly pid: number;
	/** With `ready`: how long the start took. */
	readonly tookMs?: number;
	/** With `down`: why, and how often in a row. */
	readonly problem?: { readonly reason: string; readonly inARow: number; readonly nextMs: number };
};

/** One supervised process: started, watched, and started again until it is told to stop. */
export class Part {
	readonly name: PartName;
	readonly #plan: PartPlan;
	readonly #timing: PartTiming;
	readonly #report: (event: PartEvent) => void;
	readonly #end = new AbortController();
	#child: Child | undefined;
	#isReady = false;
	#ready = Promise.withResolvers<void>();
	#isRestartAsked = false;
	#life: Promise<void> | undefined;

	constructor(plan: PartPlan, timing: PartTiming, report: (event: PartEvent) => void) {
		this.name = plan.name;
		this.#plan = plan;
		this.#timing = timing;
		this.#report = report;
	}

	/** Undefined while no process runs. */
	get pid(): number | undefined {
		return this.#child?.isRunning() ? this.#child.pid : undefined;
	}

	/** Resolves when the part is ready, at once if it is; a death starts the wait anew for who asks later. */
	whenReady(): Promise<void> {
		return this.#ready.promise;
	}

	/** @throws Error when it did not become ready in `firstStartsMax` starts; it is then given up. */
	async start(): Promise<void> {
		const given = Promise.withResolvers<never>();
		this.#life = this.#live((reason) => given.reject(new Error(reason)));
		await Promise.race([this.#ready.promise, given.promise]);
	}

	kill(signal: NodeJS.Signals): void {
		this.#child?.kill(signal);
	}

	/** Ends the process so that a new one takes its place, without counting that as a failure. */
	async restart(graceMs: number): Promise<void> {
		const child = this.#child;
		if (!child?.isRunning() || this.#isRestartAsked) return;
		this.#isRestartAsked = true;
		this.#isReadyNoMore();
		await (graceMs > 0 ? child.stop(graceMs) : child.kill("SIGKILL"));
	}

	/** Ends it for good: SIGTERM, then SIGKILL after `graceMs`. */
	async stop(graceMs: number): Promise<void> {
		this.#end.abort();
		await this.#child?.stop(graceMs);
		await this.#life;
	}

	async #live(giveUp: (reason: string) => void): Promise<void> {
		let inARow = 0;
		let hasBeenReady = false;
		while (!this.#end.signal.aborted) {
			const began = performance.now();
			const reason = await this.#liveOnce(() => {
				hasBeenReady = true;
			});
			if (this.#end.signal.aborted) break;
			const hasHealed = performance.now() - began > this.#timing.stableMs;
			if (this.#isRestartAsked || hasHealed) inARow = 0;
			if (!this.#isRestartAsked) inARow++;
			this.#isRestartAsked = false;
			const nextMs = this.#backoff(inARow);
			this.#report({ part: this.name, state: "down", pid: this.#child?.pid ?? 0, problem: { reason, inARow, nextMs } });
			if (!hasBeenReady && inARow >= this.#timing.firstStartsMax) return giveUp(`${this.name} ${reason}`);
			await sleep(nextMs, undefined, { signal: this.#end.signal }).catch(() => undefined); // stopped meanwhile
		}
		this.#report({ part: this.name, state: "stopped", pid: this.#child?.pid ?? 0 });
	}

	/** From one start to the death that follows it. @returns why it ended. */
	async #liveOnce(onReady: () => void): Promise<string> {
		const child = await this.#startChild();
		if (typeof child === "string") return child;
		const began = performance.now();
		this.#report({ part: this.name, state: "starting", pid: child.pid });
		const failure = await this.#becomeReady(child);
		if (failure !== undefined) {
			child.kill("SIGKILL");
			const exit = await child.exited;
			return failure === "" ? describeExit(exit) : `${failure}; its last output was:\n${exit.output}`;
		}
		onReady();
		this.#isReady = true;
		this.#ready.resolve();
		this.#report({ part: this.name, state: "ready", pid: child.pid, tookMs: performance.now() - began });
		const exit = await child.exited;
		this.#isReadyNoMore();
		return describeExit(exit);
	}

	/** @returns the reason when the program cannot even be started. */
	async #startChild(): Promise<Child | string> {
		try {
			await Promise.race([this.#plan.before?.(), aborted(this.#end.signal)]);
			if (this.#end.signal.aborted) return "was stopped";
			this.#child = startChild(this.#plan.command(), this.#plan.onLine);
			return this.#child;
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	}

	/** @returns undefined when ready, "" when it ended by itself, else what went wrong. */
	async #becomeReady(child: Child): Promise<string | undefined> {
		const { readyMs } = this.#timing;
		const cancel = new AbortController();
		const late = sleep(readyMs, `was not ready after ${readyMs / 1_000} s`, { signal: cancel.signal });
		try {
			return await Promise.race([
				this.#plan.ready(child).then(() => undefined),
				child.exited.then(() => ""),
				late.catch(() => undefined), // cancelled below
			]);
		} catch (error) {
			if (!child.isRunning()) return "";
			return error instanceof Error ? error.message : String(error);
		} finally {
			cancel.abort();
		}
	}

	/** Whoever asks from now on waits for the next process; who waits already goes on waiting. */
	#isReadyNoMore(): void {
		if (!this.#isReady) return;
		this.#isReady = false;
		this.#ready = Promise.withResolvers<void>();
	}

	#backoff(inARow: number): number {
		if (inARow < 2) return 0;
		return Math.min(this.#timing.backoffMs * 2 ** (inARow - 2), this.#timing.backoffMaxMs);
	}
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
