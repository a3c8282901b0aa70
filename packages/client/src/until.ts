/** Anything that tells of its snapshots: a store or a supervisor. */
export interface Observable<Shown> {
	subscribe(listener: () => void): () => void;
	getSnapshot(): Shown;
}

/** Waits until a snapshot is as wanted. `find` may throw to give up, and `signal` ends the wait. */
export const until = <Shown, Found>(
	{ subscribe, getSnapshot }: Observable<Shown>,
	find: (shown: Shown) => Found | null | undefined | false,
	signal?: AbortSignal,
): Promise<Found> =>
	new Promise((resolve, reject) => {
		const end = (): void => {
			unsubscribe();
			signal?.removeEventListener("abort", abort);
		};
		const abort = (): void => {
			end();
			reject(signal?.reason);
		};
		const look = (): void => {
			try {
				const found = find(getSnapshot());
				if (found === null || found === undefined || found === false) return;
				end();
				resolve(found);
			} catch (error) {
				end();
				reject(error);
			}
		};
		const unsubscribe = subscribe(look);
		signal?.addEventListener("abort", abort);
		if (signal?.aborted) abort();
		else look();
	});
