import type { Limits } from "@bullpen/domain/limits";
import type { Peers } from "../peers.ts";

interface Known {
	readonly name: string;
	readonly until: number;
}

const KNOWN_MAX = 5_000;
const NOBODY = "Someone";

/** What people call themselves, as the directory has it; shared by everybody of this process, for a moment. */
export class Names {
	readonly #limits: Pick<Limits, "namesKnownMs">;
	readonly #now: () => number;
	readonly #known = new Map<string, Known>();

	constructor(limits: Pick<Limits, "namesKnownMs">, now: () => number) {
		this.#limits = limits;
		this.#now = now;
	}

	/** Asks the directory for those that are not known. Never rejects: whom it cannot ask for is "Someone". */
	async of(userIds: readonly string[], peers: Peers): Promise<(userId: string) => string> {
		const now = this.#now();
		const unknown = userIds.filter((id) => (this.#known.get(id)?.until ?? 0) <= now);
		if (unknown.length > 0) await this.#ask(unknown, peers);
		return (userId) => this.#known.get(userId)?.name ?? NOBODY;
	}

	async #ask(userIds: readonly string[], peers: Peers): Promise<void> {
		try {
			const { names } = await peers.get("directory", "main").getNames({ userIds: [...userIds] });
			const until = this.#now() + this.#limits.namesKnownMs;
			for (const [userId, name] of names) {
				this.#known.delete(userId);
				this.#known.set(userId, { name, until });
			}
			for (const oldest of this.#known.keys()) {
				if (this.#known.size <= KNOWN_MAX) break;
				this.#known.delete(oldest);
			}
		} catch {
			// What is to be told is worth more than by whom.
		}
	}
}
