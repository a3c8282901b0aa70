import type { Agent } from "./agent.ts";
import type { FileTree } from "./file-tree.ts";
import { report, type Scope } from "./scope.ts";
import type { Turns } from "./turns.ts";
import { WakeAlarm } from "./wake-alarm.ts";

interface Parts {
	readonly agent: Agent;
	/** Asked for late: turns tell this of themselves. */
	readonly turns: () => Turns;
	readonly tree: () => FileTree;
}

/** Sees to it that what is queued is worked on, whatever dies meanwhile, and that the agent rests when there is nothing. */
export class Pulse {
	readonly #scope: Scope;
	readonly #parts: Parts;
	readonly #alarm: WakeAlarm;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
		this.#alarm = new WakeAlarm(scope, "wakeAlarm");
	}

	work(): void {
		this.#parts.turns().kick();
	}

	/** Works on the queue, also after a crash. Resolves when the work survives the next one. */
	async promised(): Promise<void> {
		this.work();
		await this.#alarm.hold();
	}

	/** Stores something to be worked on, and works on it. The alarm is set meanwhile, and stands when this resolves. */
	async promising<Result>(store: () => Promise<Result>): Promise<Result> {
		const armed = this.#alarm.hold();
		armed.catch(() => undefined); // awaited below, unless nothing was stored
		try {
			const result = await store();
			this.work();
			await armed;
			// The turn before may have ended meanwhile, and have taken the alarm along.
			await this.#alarm.hold();
			return result;
		} finally {
			if (!this.#parts.turns().isBusy) this.#letGo();
		}
	}

	/** A turn begins. */
	async busy(): Promise<void> {
		this.#parts.agent.hold();
		await this.#alarm.hold();
	}

	/** Nothing is queued any more. */
	idle(): void {
		this.#parts.tree().changed();
		this.#parts.agent.release();
		this.#letGo();
	}

	/** Something beside turns is done: the agent may rest again, unless one runs. */
	doneBeside(): void {
		if (!this.#parts.turns().isBusy) this.#parts.agent.release();
	}

	/** Call from `onSleep`. */
	pause(): void {
		this.#alarm.pause();
	}

	#letGo(): void {
		this.#alarm.release().catch(report(this.#scope, "an alarm stands without need"));
	}
}
