import { setTimeout as sleep } from "node:timers/promises";
import { type EngineAccess, engineAnswers, isRegistered } from "./engine.ts";
import type { Part } from "./part.ts";
import { until } from "./probe.ts";

/** Milliseconds. */
export type WatchTiming = {
	/** How often a running engine is asked whether it is there, and how long it may take to say so. */
	readonly engineAskMs: number;
	/** Out of reach for longer, it loses its actors, and actor processes their way back to it (RivetKit 2.3.19). */
	readonly engineLostMs: number;
	/** An engine that runs but is out of reach for longer is killed. */
	readonly engineStuckMs: number;
};

/**
 * Keeps actor processes and engine together. After every absence of the engine each actor process is either connected to
 * it again in time, or it is replaced by a new one: left alone it would stay out of reach for minutes. Replacing all of
 * them every time would be simpler and end whatever they hold, agents at work above all.
 */
export class EngineWatch {
	readonly #access: EngineAccess;
	readonly #timing: WatchTiming;
	readonly #actors: readonly Part[];
	readonly #report: (line: string) => void;
	/** Aborted when everything stops. */
	readonly #end: AbortSignal;
	#diedAt: number | undefined;

	constructor(options: {
		readonly access: EngineAccess;
		readonly timing: WatchTiming;
		readonly actors: readonly Part[];
		readonly report: (line: string) => void;
		readonly end: AbortSignal;
	}) {
		this.#access = options.access;
		this.#timing = options.timing;
		this.#actors = options.actors;
		this.#report = options.report;
		this.#end = options.end;
	}

	/** The engine's process ended. */
	died(): void {
		this.#diedAt ??= performance.now();
	}

	/** A new process of the engine answers. */
	isBack(): void {
		if (this.#diedAt === undefined) return;
		const awayMs = performance.now() - this.#diedAt;
		this.#diedAt = undefined;
		this.#reunite(awayMs);
	}

	/** Asks a running engine until everything stops. */
	async watch(engine: Part): Promise<void> {
		const { engineAskMs, engineStuckMs } = this.#timing;
		let awayMs = 0;
		while (!this.#end.aborted) {
			const { pid } = engine;
			const asked = performance.now();
			const isThere = await engineAnswers(this.#access, engineAskMs);
			await sleep(engineAskMs, undefined, { signal: this.#end }).catch(() => undefined); // the end
			const tookMs = Math.min(performance.now() - asked, 2 * engineAskMs); // more: we were stopped ourselves
			if (isThere && awayMs > 0) this.#reunite(awayMs);
			awayMs = isThere || pid !== engine.pid || this.#diedAt !== undefined ? 0 : awayMs + tookMs;
			if (awayMs > engineStuckMs) engine.kill("SIGKILL");
		}
	}

	#reunite(awayMs: number): void {
		for (const part of this.#actors) void this.#replaceUnlessConnected(part, awayMs);
	}

	async #replaceUnlessConnected(part: Part, awayMs: number): Promise<void> {
		const { pid } = part;
		const { engineAskMs, engineLostMs } = this.#timing;
		const since = Date.now();
		const isConnected = () => isRegistered(this.#access, part.name, since, engineAskMs);
		if (awayMs < engineLostMs && (await holds(until(part.name, engineLostMs, isConnected)))) return;
		if (pid !== part.pid || this.#end.aborted) return; // replaced by itself meanwhile, or not any more
		this.#report(`${part.name.padEnd(12)}starting it again: the engine was away for ${(awayMs / 1_000).toFixed(1)} s`);
		await part.restart(0);
	}
}

const holds = (claim: Promise<void>): Promise<boolean> =>
	claim.then(
		() => true,
		() => false,
	);
