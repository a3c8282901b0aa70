import type { Limits } from "@bullpen/domain/limits";
import type { CallActor } from "./service-calls.ts";

export interface EndedSession {
	readonly id: string;
	readonly userId: string;
}

const WAITING_MAX = 1_000;
const TRIES_MAX = 10;

/**
 * Tells inboxes that a sign-in has ended, however it did, so that its browser is told nothing any more. Whoever signs out
 * waits for that a moment; what could not be told is told again for as long as this process lives. Should it die before, the
 * push service is told nothing that its device, which unsubscribes as it signs out, would still take.
 */
export class EndedSessions {
	readonly #callActor: CallActor;
	readonly #limits: Pick<Limits, "sessionEndWaitMs" | "tellRetryMs" | "tellRetryMaxMs">;
	#waiting = 0;

	constructor(callActor: CallActor, limits: Pick<Limits, "sessionEndWaitMs" | "tellRetryMs" | "tellRetryMaxMs">) {
		this.#callActor = callActor;
		this.#limits = limits;
	}

	/** Never rejects. */
	async tell(session: EndedSession): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, this.#limits.sessionEndWaitMs);
		});
		await Promise.race([this.#try(session, 1), late]).finally(() => clearTimeout(timer));
	}

	async #try(session: EndedSession, tries: number): Promise<void> {
		try {
			await this.#callActor("userInbox", session.userId, "forgetPushDevice", { sessionId: session.id });
		} catch (error) {
			if (tries < TRIES_MAX && this.#waiting < WAITING_MAX) this.#again(session, tries);
			else process.stderr.write(`an inbox was not told that a sign-in ended: ${String(error)}\n`);
		}
	}

	#again(session: EndedSession, tries: number): void {
		const { tellRetryMs, tellRetryMaxMs } = this.#limits;
		this.#waiting++;
		setTimeout(
			() => {
				this.#waiting--;
				void this.#try(session, tries + 1);
			},
			Math.min(tellRetryMaxMs, tellRetryMs * 2 ** (tries - 1)),
		).unref();
	}
}
