/** Does `work` with each of `all` in their order, `width` of them at once. Rejects with the first failure when all are done. */
export async function inLanes<One>(
	all: Iterable<One>,
	width: number,
	work: (one: One) => Promise<unknown>,
): Promise<void> {
	const waiting = [...all].values();
	const failures: unknown[] = [];
	const lane = async (): Promise<void> => {
		for (const one of waiting) await work(one).catch((error: unknown) => failures.push(error));
	};
	await Promise.all(Array.from({ length: width }, lane));
	if (failures.length > 0) throw failures[0];
}
