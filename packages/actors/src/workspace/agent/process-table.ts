import { readdir, readFile } from "node:fs/promises";

/** A process as the host sees it (proc_pid_stat(5)). With its start a process id names one process for ever. */
export interface HostProcess {
	readonly pid: number;
	readonly parent: number;
	readonly start: string;
}

const AT_ONCE = 64;

/** Every process of this machine. */
export async function hostProcesses(): Promise<HostProcess[]> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found: HostProcess[] = [];
	for (let at = 0; at < pids.length; at += AT_ONCE) {
		const some = await Promise.all(pids.slice(at, at + AT_ONCE).map(processOf));
		for (const each of some) if (each) found.push(each);
	}
	return found;
}

/** Undefined when it has ended. */
export async function processOf(pid: number | string): Promise<HostProcess | undefined> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	// What comes before is the program's name, which may hold anything.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [, parent, start] = [fields[0], fields[1], fields[19]];
	if (parent === undefined || start === undefined) return undefined;
	return { pid: Number(pid), parent: Number(parent), start };
}

/** The processes below `root`, itself left out. Orphans of a process namespace stay below its first process. */
export function below(all: readonly HostProcess[], root: number): HostProcess[] {
	const children = new Map<number, HostProcess[]>();
	for (const each of all) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
	const found: HostProcess[] = [];
	for (
		let level = children.get(root) ?? [];
		level.length > 0;
		level = level.flatMap(({ pid }) => children.get(pid) ?? [])
	)
		found.push(...level);
	return found;
}

/** Memory that nothing else would have if this process ended, in bytes: its own, what it shares, and what is swapped out. */
export async function memoryOf(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
	let kib = 0;
	for (const match of status.matchAll(/^(?:RssAnon|RssShmem|VmSwap):\s*(\d+) kB$/gm)) kib += Number(match[1]);
	return kib * 1024;
}
