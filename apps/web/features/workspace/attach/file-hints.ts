import { type FoundFiles, findPaths } from "@bullpen/domain/find-paths";
import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";

const ASK_AFTER_MS = 100;
/** For how long files are still there, as far as a list of choices is concerned. */
const FRESH_MS = 10_000;
/** A sandbox that starts says so; an installation is not waited for. */
const TRIES = 40;

/** Paths for what is being written. Asking is for free: the server is asked a moment after the last letter. */
export class FileHints {
	readonly #find: (query: string) => Promise<FoundFiles>;
	readonly #listeners = new Set<() => void>();
	#asked: { readonly query: string; readonly at: number } | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#shown: readonly string[] = [];

	constructor(find: (query: string) => Promise<FoundFiles>) {
		this.#find = find;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
			if (this.#listeners.size === 0) clearTimeout(this.#timer);
		};
	};
	/** Another list whenever there is something new to show. */
	readonly getSnapshot = (): readonly string[] => this.#shown;

	/** What is known to fit already. */
	pathsFor(query: string): string[] {
		const now = Date.now();
		if (this.#asked?.query !== query || now - this.#asked.at > FRESH_MS) {
			this.#asked = { query, at: now };
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.#ask(query, TRIES), ASK_AFTER_MS);
		}
		return findPaths(this.#shown, query, LIMITS.pathsFoundMax);
	}

	#ask(query: string, triesLeft: number): void {
		this.#find(query).then(
			({ paths }) => this.#found(query, paths),
			(error: unknown) => {
				const isPassing = error instanceof Problem && (error.code === "busy" || error.code === "rate_limited");
				if (!isPassing || triesLeft === 0 || this.#asked?.query !== query) return; // no choices then
				const { waitMs } = error.details;
				this.#timer = setTimeout(() => this.#ask(query, triesLeft - 1), typeof waitMs === "number" ? waitMs : 500);
			},
		);
	}

	#found(query: string, paths: readonly string[]): void {
		if (this.#asked?.query !== query) return;
		this.#shown = paths;
		for (const listener of this.#listeners) listener();
	}
}
