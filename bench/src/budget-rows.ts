import { markdown } from "./report.ts";

/** One measured number and what it may be. */
export interface BudgetRow {
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	readonly budget: number | null;
}

export interface BudgetResult extends BudgetRow {
	/** null where PRODUCT sets no budget. */
	readonly ok: boolean | null;
}

/** One scenario after the other; one that fails is said and has no rows. */
export async function measureAll(
	scenarios: readonly { readonly title: string; readonly measure: () => Promise<BudgetRow[]> }[],
	say: (line: string) => void,
): Promise<{ results: BudgetResult[]; hasFailed: boolean }> {
	const results: BudgetResult[] = [];
	let hasFailed = false;
	for (const { title, measure } of scenarios) {
		say(title);
		const rows = await measure().catch((error: unknown) => {
			say(`${title}: failed: ${error instanceof Error ? error.message : String(error)}`);
			hasFailed = true;
			return [];
		});
		for (const row of rows) {
			const value = Number(row.value.toPrecision(3));
			results.push({ ...row, value, ok: row.budget === null ? null : value <= row.budget });
		}
	}
	return { results, hasFailed };
}

export const budgetTable = (results: readonly BudgetResult[]): string =>
	markdown([
		["", "measured", "budget", ""],
		...results.map(({ name, value, unit, budget, ok }) => [
			name,
			`${value} ${unit}`.trim(),
			budget === null ? "–" : `${budget}`,
			ok === null ? "" : ok ? "met" : "not met",
		]),
	]);
