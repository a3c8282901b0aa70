import { readdirSync, readFileSync } from "node:fs";

/** Process ids by what they are to the measured system; each leads a process group. */
export type Processes = Readonly<Record<string, readonly number[]>>;
/** A number for each name of `Processes`. */
export type Readings = Readonly<Record<string, number>>;

/** Linux counts CPU time in hundredths of a second for every program (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU seconds that each has used since it began. Empty where there is no /proc. */
export const cpuSeconds = (processes: Processes): Readings =>
	sumBy(processes, (pid) => ticksIn(read(`/proc/${pid}/stat`)) / TICKS_PER_SECOND);

/** Resident memory of each right now, in bytes. Empty where there is no /proc. */
export const residentBytes = (processes: Processes): Readings =>
	sumBy(processes, (pid) => residentIn(read(`/proc/${pid}/status`)));

/** CPU seconds by `<process> <thread>`: threads of one name are one. Those that have ended are not in it. */
export function threadSeconds(processes: Processes): Readings {
	const sums: Record<string, number> = {};
	for (const [name, pids] of Object.entries(processes)) {
		for (const pid of pids) {
			for (const thread of list(`/proc/${pid}/task`)) {
				const stat = read(`/proc/${pid}/task/${thread}/stat`);
				const key = `${name} ${threadName(stat)}`;
				sums[key] = (sums[key] ?? 0) + ticksIn(stat) / TICKS_PER_SECOND;
			}
		}
	}
	return sums;
}

export const difference = (after: Readings, before: Readings): Readings =>
	Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));

export const highest = (a: Readings, b: Readings): Readings => ({
	...a,
	...Object.fromEntries(Object.entries(b).map(([name, value]) => [name, Math.max(value, a[name] ?? 0)])),
});

export const totalOf = (readings: Readings): number => Object.values(readings).reduce((sum, each) => sum + each, 0);

/** User and system time of a process or thread, in ticks (fields 14 and 15 of proc(5) stat). */
export function ticksIn(stat: string): number {
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name in brackets may hold spaces
	return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** In bytes, of the text of proc(5) status. */
export const residentIn = (status: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;

/** Without what only tells workers of one pool apart; RivetKit names a database's thread after its actor. */
export const threadName = (stat: string): string =>
	stat
		.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"))
		.replace(/[-_ :]*\d+$/, "")
		.replace(/^(sqlite-worker).*/, "$1");

function sumBy(processes: Processes, of: (pid: number) => number): Readings {
	if (list("/proc/self").length === 0) return {};
	return Object.fromEntries(
		Object.entries(processes).map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + of(pid), 0)]),
	);
}

function read(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return ""; // it ended meanwhile
	}
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return []; // it ended meanwhile, or no /proc on this system
	}
}
