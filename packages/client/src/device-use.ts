import type { ActionInput } from "@bullpen/domain/wire";
import type { ClientLimits, Clock } from "./limits.ts";

export type Use = ActionInput<"userInbox", "noteUse">;

interface Options {
	/** Rejects where there is no connection. */
	readonly tell: (use: Use) => Promise<unknown>;
	readonly limits: Pick<ClientLimits, "useSayMs" | "useSayAgainMs">;
	readonly clock: Clock;
}

/**
 * Says whether somebody looks at this page: a moment after that changes, again on each new connection, and again and again
 * while they do, so that nobody has to say when a laptop is shut.
 */
export class DeviceUse {
	readonly #options: Options;
	#use: Use = { isInUse: false };
	#said: Use | undefined;
	#cancel: (() => void) | null = null;

	constructor(options: Options) {
		this.#options = options;
	}

	set(use: Use): void {
		this.#use = use;
		this.#plan(this.#options.limits.useSayMs);
	}

	/** A connection opened: whoever is at the other end has not been told anything. */
	opened(): void {
		this.#said = undefined;
		if (this.#use.isInUse) this.#say();
	}

	dispose(): void {
		this.#cancel?.();
		this.#cancel = null;
	}

	#plan(waitMs: number): void {
		this.#cancel?.();
		this.#cancel = this.#options.clock.after(waitMs, () => this.#say());
	}

	#say(): void {
		this.#cancel?.();
		this.#cancel = null;
		const use = this.#use;
		const isNews = use.isInUse || (this.#said?.isInUse ?? false);
		if (use.isInUse) this.#plan(this.#options.limits.useSayAgainMs);
		if (!isNews) return;
		this.#said = use;
		// Said again soon, or on the next connection.
		this.#options.tell(use).catch(() => undefined);
	}
}
