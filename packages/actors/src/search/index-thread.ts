import { Worker } from "node:worker_threads";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { IndexAnswer, IndexCall, IndexCalls, IndexThreadData } from "./index-worker.ts";

interface Waiting {
	readonly resolve: (output: unknown) => void;
	readonly reject: (error: Error) => void;
}

/**
 * An index in a thread of its own: SQLite blocks whoever asks it, and this process has rooms to serve. Begun by the first
 * call; one that died is begun again by the next, on what was committed.
 */
export class IndexThread {
	readonly #path: string;
	readonly #limits: Limits;
	readonly #waiting = new Map<number, Waiting>();
	#worker: Worker | undefined;
	#nextId = 1;

	constructor(path: string, limits: Limits) {
		this.#path = path;
		this.#limits = limits;
	}

	/** @throws Problem `busy` when too much waits; Error when it failed */
	async call<N extends keyof IndexCalls>(
		name: N,
		input: Parameters<IndexCalls[N]>[0],
	): Promise<ReturnType<IndexCalls[N]>> {
		if (this.#waiting.size >= this.#limits.searchCallsMax) {
			throw new Problem("busy", "Too many people search at once. Try again in a moment.", { waitMs: 1_000 });
		}
		const id = this.#nextId++;
		const output = await new Promise<unknown>((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker ??= this.#start();
			this.#worker.postMessage({ id, name, input } as IndexCall); // `name` and `input` belong together
		});
		return output as ReturnType<IndexCalls[N]>; // what the thread answers to this name
	}

	/** Resolves when the file is closed. A call that comes later begins again. */
	async close(): Promise<void> {
		const worker = this.#worker;
		if (worker === undefined) return;
		this.#worker = undefined;
		const ended = new Promise((resolve) => worker.once("exit", resolve));
		worker.postMessage("close");
		await ended;
	}

	#start(): Worker {
		const workerData: IndexThreadData = { path: this.#path, limits: this.#limits };
		const worker = new Worker(new URL("./index-worker.ts", import.meta.url), { workerData });
		worker.on("message", (answer: IndexAnswer) => {
			const waiting = this.#waiting.get(answer.id);
			this.#waiting.delete(answer.id);
			if ("error" in answer) waiting?.reject(new Error(answer.error));
			else waiting?.resolve(answer.output);
		});
		const lost = (error: Error) => {
			if (this.#worker === worker) this.#worker = undefined;
			const waiting = [...this.#waiting.values()];
			this.#waiting.clear();
			for (const { reject } of waiting) reject(error);
		};
		worker.on("error", lost);
		worker.on("exit", () => lost(new Error("the thread of the index ended")));
		return worker;
	}
}
