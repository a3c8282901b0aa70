import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { within } from "./agent/within.ts";

interface Options {
	readonly limits: Pick<Limits, "leaseMs" | "roomAskEveryMs" | "roomAskMs" | "roomAnswersKept" | "roomAsksAtOnce">;
	readonly now: () => number;
	/** The question itself: whether this person is joined in the room right now. */
	readonly ask: (userId: string) => Promise<boolean>;
	/** Whose answer is still needed, since they are connected. */
	readonly isHere: (userId: string) => boolean;
	readonly onFailure: (error: unknown) => void;
}

interface Asking {
	readonly now: Promise<boolean>;
	next: Promise<boolean> | undefined;
}

/** What a room said about people. A yes is kept for as long as a connection may be; a no is not kept at all. */
export class RoomAnswers {
	readonly #options: Options;
	/** By person, oldest first: when the question was asked that was answered with yes, unix ms. */
	readonly #askedAt = new Map<string, number>();
	readonly #asking = new Map<string, Asking>();

	constructor(options: Options) {
		this.#options = options;
	}

	/** As the room said last, if that is not too long ago to mean anything. */
	isIn(userId: string): boolean {
		return this.#ageMs(userId) < this.#options.limits.leaseMs;
	}

	/** Whether an act may go by what the room said last. */
	isFresh(userId: string): boolean {
		return this.#ageMs(userId) < this.#options.limits.roomAskEveryMs;
	}

	/**
	 * What the room says to a question asked from now on: however many ask at the same time, there is one question about a
	 * person under way and one after it.
	 * @throws Problem `busy` when the room does not answer
	 */
	async ask(userId: string): Promise<boolean> {
		const asking = this.#asking.get(userId);
		if (asking === undefined) {
			if (this.#asking.size >= this.#options.limits.roomAsksAtOnce) throw busy();
			return this.#start(userId);
		}
		const again = (): Promise<boolean> => this.#start(userId);
		asking.next ??= asking.now.then(again, again);
		return asking.next;
	}

	#start(userId: string): Promise<boolean> {
		const asking: Asking = {
			now: this.#question(userId).finally(() => {
				if (asking.next === undefined) this.#asking.delete(userId);
			}),
			next: undefined,
		};
		this.#asking.set(userId, asking);
		return asking.now;
	}

	async #question(userId: string): Promise<boolean> {
		const { limits, now, ask, onFailure } = this.#options;
		const askedAt = now();
		try {
			const answer = ask(userId);
			if (!(await within(limits.roomAskMs, answer))) throw new Error("no answer in time");
			const isJoined = await answer;
			this.#askedAt.delete(userId);
			if (isJoined) this.#keep(userId, askedAt);
			return isJoined;
		} catch (error) {
			onFailure(error);
			throw busy();
		}
	}

	#keep(userId: string, askedAt: number): void {
		this.#askedAt.set(userId, askedAt);
		if (this.#askedAt.size <= this.#options.limits.roomAnswersKept) return;
		for (const known of this.#askedAt.keys()) {
			if (known === userId || this.#options.isHere(known)) continue;
			this.#askedAt.delete(known);
			return;
		}
	}

	#ageMs(userId: string): number {
		const askedAt = this.#askedAt.get(userId);
		return askedAt === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - askedAt;
	}
}

const busy = (): Problem =>
	new Problem("busy", "The room of this workspace does not answer. Try again.", { waitMs: 1_000 });
