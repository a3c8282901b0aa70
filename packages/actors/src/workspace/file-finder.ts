import { setTimeout as wait } from "node:timers/promises";
import { type FoundFiles, findPaths } from "@bullpen/domain/find-paths";
import { Problem } from "@bullpen/domain/problem";
import { Turnstile } from "../reads.ts";
import type { KnownPaths } from "./agent/sandbox-files.ts";
import type { Agent } from "./agent.ts";
import type { Scope } from "./scope.ts";

const ASK_AGAIN_MS = 500;
/** After a search there is none for this many times as long: one takes other workspaces of this process their time. */
const REST = 4;

interface Parts {
	readonly scope: Scope;
	readonly agent: Agent;
	/** Nothing of this was needed for a turn: the agent may rest again. */
	readonly onDone: () => void;
}

/** Finds files for somebody who writes a prompt. Whoever types asks often: what was listed just now is good enough. */
export class FileFinder {
	readonly #parts: Parts;
	readonly #turnstile: Turnstile;
	#listed: { at: number; readonly known: Promise<KnownPaths> } | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#turnstile = new Turnstile({ readsAtOnce: 1, readsWaitingMax: parts.scope.limits.fileCallsWaitingMax });
	}

	/** Starts a sandbox for it if none runs, and no agent. @throws Problem `busy` while that takes long · `sandbox_unavailable` */
	async find(query: string): Promise<FoundFiles> {
		const { paths, isPartial } = await this.#soon(this.#known());
		return { paths: await this.#best(paths, query), isPartial };
	}

	/** @throws Problem `busy` */
	async #best(paths: readonly string[], query: string): Promise<string[]> {
		const leave = await this.#turnstile.enter();
		const startedAt = performance.now();
		try {
			return findPaths(paths, query, this.#parts.scope.limits.pathsFoundMax);
		} finally {
			setTimeout(leave, REST * (performance.now() - startedAt)).unref();
		}
	}

	/** Whoever asks gives a connection up that does not answer: better they ask again. */
	async #soon(known: Promise<KnownPaths>): Promise<KnownPaths> {
		const late = new AbortController();
		try {
			return await Promise.race([
				known,
				wait(this.#parts.scope.limits.pathsListMs, undefined, { signal: late.signal }).then(() => {
					throw new Problem("busy", "The sandbox is being started.", { waitMs: ASK_AGAIN_MS });
				}),
			]);
		} finally {
			late.abort();
		}
	}

	#known(): Promise<KnownPaths> {
		const { now, limits } = this.#parts.scope;
		const listed = this.#listed;
		if (listed !== undefined && now() - listed.at < limits.pathsKnownMs) return listed.known;
		const known = this.#list();
		// Until it is there it is always young enough.
		const one = { at: Number.POSITIVE_INFINITY, known };
		this.#listed = one;
		const arrived = (): void => {
			one.at = now();
		};
		const forget = (): void => {
			if (this.#listed === one) this.#listed = undefined;
		};
		known.then(arrived, forget);
		return known;
	}

	async #list(): Promise<KnownPaths> {
		const { scope, agent, onDone } = this.#parts;
		agent.hold();
		try {
			return await scope.frame.keepAwake(agent.ready("files").then(({ files }) => files.paths()));
		} finally {
			onDone();
		}
	}
}
