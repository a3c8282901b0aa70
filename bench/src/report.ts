import type { Row } from "./rows.ts";

/** One measured row of one side. What was not measured is null. */
export interface Result {
	readonly name: string;
	/** null where not one run came to an end. */
	readonly value: number | null;
	readonly unit: string;
	readonly budget: number | null;
	/** null where PRODUCT sets no budget, or sets it by a peer that has no number. */
	readonly ok: boolean | null;
	readonly naive: number | null;
	/** How many times better than the naive room. */
	readonly ratio: number | null;
	/** The `ws-sqlite` peer. */
	readonly peer: number | null;
	/** How many times better than that peer. */
	readonly peerRatio: number | null;
	readonly socketIo: number | null;
}

/** What the other sides measured for the same row. */
export interface Others {
	readonly naive?: number | undefined;
	readonly peer?: number | undefined;
	readonly socketIo?: number | undefined;
}

export function resultOf(name: string, row: Row, value: number | undefined, others: Others): Result {
	const budget = budgetOf(row, others.peer);
	const isWithin = (is: number, limit: number): boolean => (row.better === "less" ? is <= limit : is >= limit);
	return {
		name,
		value: rounded(value),
		unit: row.unit,
		budget: rounded(budget),
		ok: budget === undefined ? null : value !== undefined && isWithin(value, budget),
		naive: rounded(others.naive),
		ratio: ratioOf(row.better, value, others.naive),
		peer: rounded(others.peer),
		peerRatio: ratioOf(row.better, value, others.peer),
		socketIo: rounded(others.socketIo),
	};
}

function budgetOf({ budget, budgetOfPeer }: Row, peer: number | undefined): number | undefined {
	if (budgetOfPeer === undefined) return budget;
	return peer === undefined ? undefined : budgetOfPeer * peer;
}

function ratioOf(better: Row["better"], value: number | undefined, other: number | undefined): number | null {
	if (value === undefined || other === undefined) return null;
	const [above, below] = better === "less" ? [other, value] : [value, other];
	return below === 0 || above === 0 ? null : round(above / below);
}

const rounded = (value: number | undefined): number | null => (value === undefined ? null : round(value));
const round = (value: number): number => Number(value.toPrecision(value >= 1_000 ? 4 : 3));

const HEADINGS = ["", "measured", "naive", "×", "ws-sqlite", "×", "socket.io", "budget", ""];

/** A Markdown table, aligned so that it reads as text too. */
export function tableOf(results: readonly Result[]): string {
	return markdown([
		HEADINGS,
		...results.map((each) => [
			each.name,
			each.value === null ? "failed" : `${each.value} ${each.unit}`,
			cell(each.naive),
			cell(each.ratio),
			cell(each.peer),
			cell(each.peerRatio),
			cell(each.socketIo),
			cell(each.budget),
			each.ok === null ? "" : each.ok ? "met" : "not met",
		]),
	]);
}

export function markdown(rows: readonly (readonly string[])[]): string {
	const columns = rows[0]?.map((_, column) => column) ?? [];
	const widths = columns.map((column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
	const line = (row: readonly string[]): string =>
		`| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(" | ")} |`;
	const [head = [], ...body] = rows;
	return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

const cell = (value: number | null): string => (value === null ? "–" : `${value}`);
