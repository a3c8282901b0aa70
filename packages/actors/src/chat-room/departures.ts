import { setTimeout as sleep } from "node:timers/promises";
import { DEPARTURES_MAX } from "@bullpen/domain/directory";
import type { Limits } from "@bullpen/domain/limits";
import type { Frame } from "../frame.ts";
import type { Peers } from "../peers.ts";

/**
 * Who is in a room no more, told to the directory, so that the room's workspaces ask about those who look at them right now.
 * One call takes all who have gone meanwhile. What cannot be told ends with the lease of their connection there ([WS14]).
 */
export class Departures {
	readonly #frame: Pick<Frame<unknown>, "keepAwake" | "log">;
	readonly #peers: Peers;
	readonly #limits: Pick<Limits, "departureTries" | "tellRetryMs">;
	readonly #gone = new Set<string>();
	#isTelling = false;

	constructor(
		frame: Pick<Frame<unknown>, "keepAwake" | "log">,
		peers: Peers,
		limits: Pick<Limits, "departureTries" | "tellRetryMs">,
	) {
		this.#frame = frame;
		this.#peers = peers;
		this.#limits = limits;
	}

	/** Nobody waits for it. */
	tell(userIds: readonly string[]): void {
		for (const userId of userIds) this.#gone.add(userId);
		if (this.#isTelling || this.#gone.size === 0) return;
		this.#isTelling = true;
		void this.#frame.keepAwake(this.#tellAll());
	}

	/** Never rejects. */
	async #tellAll(): Promise<void> {
		const { departureTries, tellRetryMs } = this.#limits;
		let failures = 0;
		while (this.#gone.size > 0) {
			const userIds = [...this.#gone].slice(0, DEPARTURES_MAX);
			for (const userId of userIds) this.#gone.delete(userId);
			try {
				await this.#peers.get("directory", "main").noteDepartures({ userIds });
				failures = 0;
			} catch (error) {
				this.#frame.log.warn({ msg: "workspaces were not told who left", userIds, error: String(error) });
				if (++failures === departureTries) {
					this.#gone.clear();
					break;
				}
				for (const userId of userIds) this.#gone.add(userId);
				await sleep(tellRetryMs);
			}
		}
		this.#isTelling = false;
	}
}
