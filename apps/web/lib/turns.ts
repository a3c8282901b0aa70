/** Work that is done one after the other, so that each sees what those before it did. */
export class Turns {
	#last: Promise<unknown> = Promise.resolve();

	take<Result>(work: () => Promise<Result>): Promise<Result> {
		const done = this.#last.then(work);
		this.#last = done.catch(() => undefined); // whoever asked for it hears of it
		return done;
	}
}

/** Work that is done one after the other, in turns between people: whoever brings much waits for it alone. */
export class FairTurns {
	readonly #all = new Turns();
	readonly #own = new Map<string, { readonly turns: Turns; waiting: number }>();

	async take<Result>(userId: string, work: () => Promise<Result>): Promise<Result> {
		const own = this.#own.get(userId) ?? { turns: new Turns(), waiting: 0 };
		this.#own.set(userId, own);
		own.waiting += 1;
		try {
			return await own.turns.take(() => this.#all.take(work));
		} finally {
			own.waiting -= 1;
			if (own.waiting === 0) this.#own.delete(userId);
		}
	}
}
