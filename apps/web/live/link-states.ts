import type { Phase } from "@bullpen/client/supervisor";

export type ConnectionState = "connecting" | "live" | "reconnecting" | "offline" | "signed-out";

/** The worst first: what a page says of all its connections together. */
const ORDER = ["signed-out", "offline", "reconnecting", "connecting", "live"] as const satisfies ConnectionState[];

/** Every connection this page wants, and how they are doing as one. */
export class LinkStates {
	readonly #links = new Map<object, { state: ConnectionState; retry: () => void }>();
	readonly #listeners = new Set<() => void>();
	#shown: ConnectionState = "connecting";

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): ConnectionState => this.#shown;

	/** `link` is whatever stands for one connection as long as it is wanted. */
	set(link: object, phase: Phase, retry: () => void): void {
		this.#links.set(link, { state: stateOf(phase), retry });
		this.#show();
	}

	delete(link: object): void {
		this.#links.delete(link);
		this.#show();
	}

	/** Tries every lost connection again now. */
	readonly retry = (): void => {
		for (const { state, retry } of this.#links.values()) if (state !== "live") retry();
	};

	#show(): void {
		const states = new Set([...this.#links.values()].map(({ state }) => state));
		const worst = ORDER.find((state) => states.has(state)) ?? "connecting";
		if (worst === this.#shown) return;
		this.#shown = worst;
		for (const listener of [...this.#listeners]) listener();
	}
}

/** A room we may not enter is no bad connection: its screen says so. */
function stateOf(phase: Phase): ConnectionState {
	if (phase.type !== "refused") return phase.type;
	return phase.problem.code === "unauthenticated" ? "signed-out" : "live";
}
