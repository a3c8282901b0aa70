import type { Row } from "./rows.ts";

/** One measured row on one way in. `ratio` says how many times better than the naive room; null where it has no number. */
export interface Result {
	readonly name: string;
	/** null where not one run came to an end. */
	readonly value: number | null;
	readonly unit: string;
	readonly budget: number | null;
	/** null where PRODUCT sets no budget. */
	readonly ok: boolean | null;
	readonly naive: number | null;
	readonly ratio: number | null;
}

export function resultOf(name: string, row: Row, value: number | undefined, naive: number | undefined): Result {
	const { budget, better } = row;
	const isWithin = (is: number, limit: number): boolean => (better === "less" ? is <= limit : is >= limit);
	const isMet = budget === undefined ? null : value !== undefined && isWithin(value, budget);
	return {
		name,
		value: value === undefined ? null : round(value),
		unit: row.unit,
		budget: budget ?? null,
		ok: isMet,
		naive: naive === undefined ? null : round(naive),
		ratio: naive === undefined || value === undefined ? null : ratioOf(row.better, value, naive),
	};
}

function ratioOf(better: Row["better"], value: number, naive: number): number | null {
	const [above, below] = better === "less" ? [naive, value] : [value, naive];
	return below === 0 || above === 0 ? null : round(above / below);
}

const round = (value: number): number => Number(value.toPrecision(value >= 1_000 ? 4 : 3));

/** A Markdown table, aligned so that it reads as text too. */
export function tableOf(results: readonly Result[]): string {
	const rows = [
		["", "Bullpen", "naive", "×", "budget", ""],
		...results.map(({ name, value, unit, budget, ok, naive, ratio }) => [
			name,
			value === null ? "failed" : `${value} ${unit}`,
			naive === null ? "–" : `${naive}`,
			ratio === null ? "–" : `${ratio}`,
			budget === null ? "–" : `${budget}`,
			ok === null ? "" : ok ? "met" : "not met",
		]),
	];
	const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
	const line = (row: readonly string[]): string =>
		`| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
	const [head = [], ...body] = rows;
	return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
