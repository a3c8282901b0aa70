import { cpuSeconds, difference, type Processes, threadSeconds } from "./meter.ts";
import type { Measured } from "./task.ts";

/** From its making on: the time, and the CPU that crowd and servers use. */
export class Watch {
	readonly #processes: Processes;
	readonly #started = performance.now();
	readonly #own = process.cpuUsage();
	readonly #cpu: ReturnType<typeof cpuSeconds>;
	readonly #threads: ReturnType<typeof threadSeconds>;
	#elapsedMs: number | undefined;

	constructor(processes: Processes) {
		this.#processes = processes;
		this.#cpu = cpuSeconds(processes);
		this.#threads = threadSeconds(processes);
	}

	/** The clock ends here; what the servers still do for it counts on. */
	stopClock(): void {
		this.#elapsedMs = performance.now() - this.#started;
	}

	read(): Pick<Measured, "elapsedMs" | "cpu" | "threads"> {
		const { user, system } = process.cpuUsage(this.#own);
		return {
			elapsedMs: this.#elapsedMs ?? performance.now() - this.#started,
			cpu: { ...difference(cpuSeconds(this.#processes), this.#cpu), clients: (user + system) / 1e6 },
			threads: difference(threadSeconds(this.#processes), this.#threads),
		};
	}
}
