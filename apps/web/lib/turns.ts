/** Work that is done one after the other, so that each sees what those before it did. */
export class Turns {
	#last: Promise<unknown> = Promise.resolve();

	take<Result>(work: () => Promise<Result>): Promise<Result> {
		const done = this.#last.then(work);
		this.#last = done.catch(() => undefined); // whoever asked for it hears of it
		return done;
	}
}
