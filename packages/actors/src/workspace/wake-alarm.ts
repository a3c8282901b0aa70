import { report, type Scope } from "./scope.ts";

/**
 * While there is work, a persistent alarm stands a little ahead in time and is pushed on and on. It rings only when the
 * process that pushed it has died: the engine then wakes the workspace somewhere, even when nobody is connected.
 */
export class WakeAlarm {
	readonly #scope: Scope;
	readonly #action: string;
	#alarmId: string | undefined;
	#timer: NodeJS.Timeout | undefined;
	#changes: Promise<void> = Promise.resolve();

	constructor(scope: Scope, action: string) {
		this.#scope = scope;
		this.#action = action;
	}

	/** Resolves when the alarm is stored. Call before promising anything that must still happen. */
	async hold(): Promise<void> {
		if (this.#timer !== undefined) return this.#changes;
		const pushMs = this.#scope.limits.workspaceAlarmMs / 2;
		this.#timer = setInterval(() => this.#change(() => this.#push()).catch(report(this.#scope, "no alarm")), pushMs);
		return this.#change(() => this.#push());
	}

	/** There is nothing left to do. */
	async release(): Promise<void> {
		if (this.#timer === undefined) return;
		this.pause();
		return this.#change(() => this.#cancel());
	}

	/** Stops pushing: the alarm stands and rings. For a process that ends with work left. */
	pause(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	/** One change after the other, so that a release never overtakes the hold before it. */
	#change(change: () => Promise<void>): Promise<void> {
		const next = this.#changes.then(change, change);
		this.#changes = next.catch(() => undefined); // whoever asked for it hears of it
		return next;
	}

	async #push(): Promise<void> {
		const previous = this.#alarmId;
		this.#alarmId = await this.#scope.frame.schedule.after(this.#scope.limits.workspaceAlarmMs, this.#action);
		if (previous !== undefined) await this.#scope.frame.schedule.cancel(previous);
	}

	async #cancel(): Promise<void> {
		const previous = this.#alarmId;
		this.#alarmId = undefined;
		if (previous !== undefined) await this.#scope.frame.schedule.cancel(previous);
	}
}
