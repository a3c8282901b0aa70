import type { Problem } from "@bullpen/domain/problem";
import type { ActorConnStatus } from "rivetkit/client";
import { CLIENT_LIMITS, type ClientLimits, type Clock, systemClock } from "./limits.ts";
import { isFinal, problemIn, waitMsIn } from "./refusal.ts";
import { pageSurroundings, type Surroundings } from "./surroundings.ts";

/** How one connection is doing, as a person would say it. `retryAt` is unix ms, null while a try is under way. */
export type Phase =
	| { readonly type: "connecting" }
	| { readonly type: "live" }
	| { readonly type: "reconnecting"; readonly attempt: number; readonly retryAt: number | null }
	| { readonly type: "offline" }
	| { readonly type: "refused"; readonly problem: Problem };

export interface Supervised {
	/** Whether a connection should exist. Going false disposes it. */
	readonly isEnabled: boolean;
	readonly phase: Phase;
}

export interface SupervisorOptions {
	/** What an error of RivetKit means, where more is known than it says (the refusal of a ticket). */
	readonly explain?: ((error: unknown) => Problem | null) | undefined;
	/** Asks in another way why there is no connection. It never rejects. */
	readonly diagnose?: (() => Promise<Problem | null>) | undefined;
	readonly limits?: ClientLimits | undefined;
	readonly clock?: Clock | undefined;
	/** A page's own when left out; null for none. */
	readonly surroundings?: Surroundings | null | undefined;
}

/**
 * Keeps one connection alive. RivetKit 2.3.19 gives up after one failed handshake (in a browser it ends `idle`, in Node
 * it stays `connecting` for ever, rivet-dev/actors#5699) and believes in a socket that is long dead, so this decides:
 * without a connection for `connectMs` it is disposed, and opened anew after a growing, jittered pause.
 */
export class Supervisor {
	readonly #explain: (error: unknown) => Problem | null;
	readonly #diagnose: () => Promise<Problem | null>;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	readonly #surroundings: Surroundings | null;
	readonly #listeners = new Set<() => void>();
	#shown: Supervised = { isEnabled: false, phase: { type: "connecting" } };
	#isRunning = false;
	#attempt = 0;
	/** It was reached once, so it is there: what keeps us away now passes. */
	#wasLive = false;
	#cancel: () => void = nothing;
	#cancelStable: () => void = nothing;
	#cancelDiagnosis: () => void = nothing;
	/** RivetKit began to connect: from now on `idle` means that it gave up. */
	#isTrying = false;

	constructor(options: SupervisorOptions = {}) {
		this.#explain = options.explain ?? problemIn;
		this.#diagnose = options.diagnose ?? (async () => null);
		this.#limits = options.limits ?? CLIENT_LIMITS;
		this.#clock = options.clock ?? systemClock;
		this.#surroundings = options.surroundings === undefined ? pageSurroundings() : options.surroundings;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): Supervised => this.#shown;

	/** Begins; the answer ends it. It can begin again. */
	readonly start = (): (() => void) => {
		this.#isRunning = true;
		this.#wasLive = false;
		this.#attempt = 0;
		const ignore = this.#surroundings?.listen(() => this.#surroundingsChanged()) ?? nothing;
		this.#open();
		return () => {
			ignore();
			this.#stop();
		};
	};

	readonly noteStatus = (status: ActorConnStatus): void => {
		if (!this.#shown.isEnabled) return;
		const isLive = this.#shown.phase.type === "live";
		if (status === "connected") {
			if (!isLive) this.#connected();
		} else if (status === "idle") {
			if (isLive || this.#isTrying) this.#pause();
		} else {
			this.#isTrying = true;
			if (isLive) this.#lost();
		}
	};

	/** An error of the connection itself, not of one call. */
	readonly noteError = (error: unknown): void => {
		if (!this.#shown.isEnabled) return;
		const problem = this.#explain(error);
		if (problem === null) return;
		if (isFinal(problem)) this.#show(false, { type: "refused", problem });
		else this.#pause(waitMsIn(problem) ?? undefined);
	};

	/** A call had no answer: the connection is dropped although it looks open. */
	readonly suspect = (): void => {
		if (this.#shown.isEnabled) this.#pause(0);
	};

	/** A person asks again, after a refusal or because waiting is boring. */
	readonly retry = (): void => {
		if (!this.#isRunning || this.#shown.phase.type === "live") return;
		this.#attempt = 0;
		this.#pause(0);
	};

	#open(): void {
		if (this.#surroundings?.isOnline() === false) {
			this.#show(false, { type: "offline" });
			return;
		}
		this.#isTrying = false;
		const isFirst = this.#attempt === 0 && this.#shown.phase.type === "connecting";
		this.#show(
			true,
			isFirst ? { type: "connecting" } : { type: "reconnecting", attempt: this.#attempt, retryAt: null },
		);
		this.#expectConnection();
		if (!this.#wasLive) this.#cancelDiagnosis = this.#clock.after(this.#limits.diagnoseMs, () => this.#askWhy());
	}

	#askWhy(): void {
		const asked = this.#shown;
		void this.#diagnose().then((problem) => {
			if (problem !== null && isFinal(problem) && this.#shown === asked) this.noteError(problem);
		});
	}

	#expectConnection(): void {
		this.#cancel = this.#clock.after(this.#limits.connectMs, () => this.#pause());
	}

	#connected(): void {
		this.#wasLive = true;
		this.#show(true, { type: "live" });
		this.#cancelStable = this.#clock.after(this.#limits.stableMs, () => {
			this.#attempt = 0;
		});
	}

	/** RivetKit tries again by itself; it gets as long as a first connection. */
	#lost(): void {
		this.#show(true, { type: "reconnecting", attempt: this.#attempt, retryAt: null });
		this.#expectConnection();
	}

	#pause(ms = this.#backoff()): void {
		this.#attempt += 1;
		const retryAt = this.#clock.now() + ms;
		this.#show(false, { type: "reconnecting", attempt: this.#attempt, retryAt });
		this.#cancel = this.#clock.after(ms, () => this.#open());
	}

	/** Between half and all of a pause that doubles. */
	#backoff(): number {
		const { backoffMinMs, backoffMaxMs } = this.#limits;
		const full = Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(this.#attempt, 20));
		return full * (0.5 + this.#clock.random() / 2);
	}

	#surroundingsChanged(): void {
		const { phase } = this.#shown;
		if (phase.type === "refused") return;
		if (this.#surroundings?.isOnline() === false) this.#show(false, { type: "offline" });
		else if (phase.type === "offline" || (phase.type === "reconnecting" && phase.retryAt !== null)) this.retry();
	}

	#stop(): void {
		this.#isRunning = false;
		this.#show(false, { type: "connecting" });
	}

	#show(isEnabled: boolean, phase: Phase): void {
		this.#cancel();
		this.#cancelStable();
		this.#cancelDiagnosis();
		this.#shown = { isEnabled, phase };
		for (const listener of [...this.#listeners]) listener();
	}
}

const nothing = (): void => {};
