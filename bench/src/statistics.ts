/** What a run of numbers says. `count` is how many there were; an empty run is all zeros. */
export interface Summary {
	readonly count: number;
	readonly p50: number;
	readonly p99: number;
	readonly max: number;
}

export function summaryOf(numbers: readonly number[]): Summary {
	const sorted = [...numbers].sort((a, b) => a - b);
	return { count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
}

/** The nearest-rank quantile of an ascending run. */
const quantile = (sorted: readonly number[], share: number): number =>
	sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** The nearest-rank quantile of a run in any order. */
export const quantileOf = (numbers: readonly number[], share: number): number =>
	quantile(
		[...numbers].sort((a, b) => a - b),
		share,
	);

export const median = (numbers: readonly number[]): number => quantileOf(numbers, 0.5);

/** How much `y` grows for each unit of `x`: least squares. 0 of fewer than two different `x`. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
	const mean = (of: (point: readonly [number, number]) => number): number =>
		points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
	const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
	const spread = mean(([x]) => (x - meanX) ** 2);
	return spread === 0 ? 0 : mean(([x, y]) => (x - meanX) * (y - meanY)) / spread;
}
