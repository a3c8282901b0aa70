import type { Readings } from "./meter.ts";
import { markdown, type Result } from "./report.ts";
import type { Run } from "./send-crowd.ts";
import type { Side } from "./stand.ts";
import { median } from "./statistics.ts";

/** What one side of one scenario took from the machine, by process: medians of its runs. */
export interface Resources {
	readonly title: string;
	readonly side: Side;
	readonly cpuSeconds: Readings;
	/** Share of one core, `clients` being the crowd: near 1 they are what was measured. */
	readonly clientsBusy: number;
	readonly peakMb: Readings;
	readonly endMb: Readings;
}

export function resourcesOf(title: string, side: Side, runs: readonly Run[]): Resources {
	return {
		title,
		side,
		cpuSeconds: medians(runs.map(({ measured }) => measured.cpu)),
		clientsBusy: median(runs.map(({ measured }) => (1_000 * (measured.cpu.clients ?? 0)) / measured.elapsedMs)),
		peakMb: medians(
			runs.map(({ peakBytes }) => peakBytes),
			MB,
		),
		endMb: medians(
			runs.map(({ endBytes }) => endBytes),
			MB,
		),
	};
}

const MB = 1024 * 1024;

function medians(runs: readonly Readings[], unit = 1): Readings {
	const names = new Set(runs.flatMap((run) => Object.keys(run)));
	return Object.fromEntries([...names].map((name) => [name, median(runs.map((run) => run[name] ?? 0)) / unit]));
}

/** For the JSON: the same fields as every other row, without budgets. */
export const resultsOf = ({ title, side, ...each }: Resources): Result[] => [
	...rowsOf(`${title}: CPU of`, side, each.cpuSeconds, "s"),
	...rowsOf(`${title}: peak memory of`, side, each.peakMb, "MB"),
	...rowsOf(`${title}: memory afterwards of`, side, each.endMb, "MB"),
];

const rowsOf = (what: string, side: Side, readings: Readings, unit: string): Result[] =>
	Object.entries(readings).map(([name, value]) => ({
		name: `${what} ${name} (${side})`,
		value: Number(value.toPrecision(3)),
		unit,
		budget: null,
		ok: null,
		naive: null,
		ratio: null,
		peer: null,
		peerRatio: null,
		socketIo: null,
	}));

/** A Markdown table: CPU seconds while it was measured, memory at its highest and afterwards. */
export const resourceTable = (all: readonly Resources[]): string =>
	markdown([
		["", "side", "CPU s", "clients busy", "peak MB", "MB afterwards"],
		...all.map(({ title, side, cpuSeconds, clientsBusy, peakMb, endMb }) => [
			title,
			side,
			listed(cpuSeconds, 2),
			`${Math.round(clientsBusy * 100)} %`,
			listed(peakMb, 0),
			listed(endMb, 0),
		]),
	]);

const listed = (readings: Readings, digits: number): string =>
	Object.entries(readings)
		.map(([name, value]) => `${name} ${value.toFixed(digits)}`)
		.join(", ");
