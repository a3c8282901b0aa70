import { demo } from "./agents/demo.ts";
import { choosePlace, type PlaceWish } from "./choose-place.ts";
import { confinedSandbox } from "./confined-sandbox.ts";
import { settle } from "./place.ts";
import { within } from "./within.ts";

/** Where the files of a workspace are: in a sandbox with a server, or in memory. */
export type FilePlace =
	| { readonly kind: "confined"; readonly fetch: typeof globalThis.fetch }
	| { readonly kind: "virtual" };

interface Options extends PlaceWish {
	readonly workspaceId: string;
	readonly allowVirtual?: boolean;
	mayStart?(what: "files"): void;
}

interface Held {
	readonly place: FilePlace;
	close(): Promise<void>;
}

/**
 * A workspace's sandbox without its agent, for whoever looks at files while nothing is prompted: it needs no key, no
 * installation and a fraction of the time. It ends before the agent's own begins, which holds the same files.
 */
export class BareSandbox {
	readonly #options: Options;
	readonly #uses = new Set<Promise<unknown>>();
	#held: Promise<Held> | undefined;

	constructor(options: Options) {
		this.#options = options;
	}

	/** @throws Error with the sentence to show */
	use<Result>(work: (place: FilePlace) => Promise<Result>): Promise<Result> {
		this.#held ??= this.#open();
		const held = this.#held;
		const used = held.then(({ place }) => work(place));
		this.#uses.add(used);
		const done = () => void this.#uses.delete(used);
		used.then(done, done);
		held.catch(() => this.#forget(held));
		return used;
	}

	/** Resolves, in bounded time, when nothing of it runs any more. What uses it has a moment to finish. */
	async close(): Promise<void> {
		const held = this.#held;
		if (held === undefined) return;
		await within(this.#options.limits.agentCancelMs, Promise.allSettled(this.#uses));
		this.#forget(held);
		await held.then(
			(one) => one.close(),
			() => undefined, // it did not begin: whoever wanted it was told
		);
	}

	#forget(held: Promise<Held>): void {
		if (this.#held === held) this.#held = undefined;
	}

	async #open(): Promise<Held> {
		this.#options.mayStart?.("files");
		const { kind, possible } = await choosePlace(this.#options);
		if (kind === "virtual") {
			if (this.#options.allowVirtual === false) throw new Error(`${possible.reason} ${possible.fix}`);
			return { place: { kind }, close: async () => undefined };
		}
		// Named one by one: no way out is for this one.
		const { workspaceId, dataDir, db, limits } = this.#options;
		await settle(db, dataDir, kind);
		const { toolbox, cgroups, enclosure } = possible;
		const sandbox = confinedSandbox({
			...{ workspaceId, dataDir, limits, toolbox, cgroups, enclosure },
			agent: demo,
			packageFolder: undefined,
			onExit: () => {
				this.#held = undefined;
			},
		});
		const id = await sandbox.create();
		return { place: { kind, fetch: await sandbox.getFetch(id) }, close: () => sandbox.destroy(id) };
	}
}
