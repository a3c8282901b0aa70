import type { BudgetRow } from "../budget-rows.ts";
import { cpuSeconds, residentBytes, totalOf } from "../meter.ts";
import { quantileOf } from "../statistics.ts";
import { within } from "../within.ts";
import type { SearchLink, SearchSizes, SearchStand } from "./search-stand.ts";
import { QUERIES } from "./talk.ts";

interface Look {
	readonly ms: number;
	readonly hits: number;
	/** How much of a year the first answer looked at, in days; undefined when it was all of it. */
	readonly daysBack: number | undefined;
}

const FIRST_MS = 60_000;
const BUDGET_MS = 200;
const DAY_MS = 24 * 60 * 60_000;
const MB = 1024 * 1024;

/** Every kind of query while the rooms sleep, then once more while those that were found are awake. */
export async function searches(
	stand: SearchStand,
	sizes: SearchSizes,
	say: (line: string) => void,
): Promise<BudgetRow[]> {
	const link = await stand.open();
	const rows: BudgetRow[] = [];
	let least = 1;
	const woken: number[] = [];
	const all = { asleep: [] as number[], awake: [] as number[] };
	for (const { title, query } of QUERIES) {
		const asleep: Look[] = [];
		const awake: Look[] = [];
		for (let n = 0; n < sizes.queries; n++) {
			least = Math.min(least, await stand.sleepAll());
			const before = await stand.awake();
			const asked = query(n, stand.roomIds);
			asleep.push(await first(link, asked));
			woken.push((await stand.awake()) - before);
			awake.push(await first(link, asked));
		}
		all.asleep.push(...asleep.map(({ ms }) => ms));
		all.awake.push(...awake.map(({ ms }) => ms));
		rows.push(...rowsOf(title, asleep, awake));
		say(
			`${title}: ${asleep.map(({ ms }) => Math.round(ms)).join(" ")} ms, awake ${awake.map(({ ms }) => Math.round(ms)).join(" ")} ms, hits ${asleep.map(({ hits }) => hits).join(" ")}`,
		);
	}
	await link.dispose();
	return [
		timed("first results, rooms asleep, p50", all.asleep, 0.5, BUDGET_MS),
		timed("first results, rooms asleep, p95", all.asleep, 0.95, BUDGET_MS),
		timed("first results, rooms awake, p50", all.awake, 0.5, BUDGET_MS),
		timed("first results, rooms awake, p95", all.awake, 0.95, BUDGET_MS),
		...rows,
		{ name: "rooms woken for first results, on average", value: mean(woken), unit: "", budget: null },
		{ name: "the same, most", value: Math.max(...woken), unit: "", budget: null },
		{ name: "rooms that slept before a search, least", value: least * 100, unit: "%", budget: null },
	];
}

/** What the index takes on the disk, and with its rooms from the machine: it is a thread of their process. */
export async function costs(stand: SearchStand, sizes: SearchSizes): Promise<BudgetRow[]> {
	const link = await stand.open();
	const asked = QUERIES.flatMap(({ query }) =>
		Array.from({ length: sizes.queries }, (_, n) => query(n, stand.roomIds)),
	);
	const before = totalOf(cpuSeconds(stand.processes));
	for (const query of asked) await first(link, query);
	const after = totalOf(cpuSeconds(stand.processes));
	await link.dispose();
	const memory = (residentBytes(stand.processes).rooms ?? 0) / MB;
	return [
		{ name: "the index on the disk", value: stand.indexBytes() / MB, unit: "MB", budget: null },
		{
			name: "the same, of each message",
			value: stand.indexBytes() / (sizes.messages || 1),
			unit: "bytes",
			budget: null,
		},
		{ name: "memory of the process of rooms and index", value: memory, unit: "MB", budget: null },
		{
			name: "CPU of a search: all of rooms and engine",
			value: (1_000 * (after - before)) / asked.length,
			unit: "ms",
			budget: null,
		},
	];
}

/** Until there is something to show, or nothing to find. */
async function first(link: SearchLink, query: string): Promise<Look> {
	const started = performance.now();
	const page = await within(FIRST_MS, query, link.search({ query }));
	const ms = performance.now() - started;
	const daysBack = page.scannedBackTo === null ? undefined : (Date.now() - page.scannedBackTo) / DAY_MS;
	return { ms, hits: page.hits.length, daysBack };
}

function rowsOf(title: string, asleep: readonly Look[], awake: readonly Look[]): BudgetRow[] {
	const back = asleep.filter(({ hits }) => hits === 0).flatMap(({ daysBack }) => daysBack ?? []);
	const times = (looks: readonly Look[]) => looks.map(({ ms }) => ms);
	return [
		timed(`${title}: asleep, p50`, times(asleep), 0.5, null),
		timed(`${title}: asleep, most`, times(asleep), 1, null),
		timed(`${title}: awake, p50`, times(awake), 0.5, null),
		...(back.length === 0
			? []
			: [{ name: `${title}: looked back at once, least`, value: Math.min(...back), unit: "days", budget: null }]),
	];
}

const mean = (numbers: readonly number[]): number =>
	numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

const timed = (name: string, ms: readonly number[], share: number, budget: number | null): BudgetRow => ({
	name,
	value: quantileOf(ms, share),
	unit: "ms",
	budget,
});
