/** @throws Error when a count is not exactly the one wanted: a benchmark that lost something measured nothing. */
export function expectCount(what: string, is: number, wanted: number): void {
	if (is !== wanted) throw new Error(`${what}: ${is}, not ${wanted}`);
}
