/** Waits for work, but not longer than `ms`, and not for its outcome: false when it took longer. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
	const { promise, resolve } = Promise.withResolvers<boolean>();
	const timer = setTimeout(resolve, ms, false);
	const done = () => resolve(true);
	work.then(done, done);
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
	}
}
