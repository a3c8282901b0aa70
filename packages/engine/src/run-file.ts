import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The processes Bullpen is made of. */
export const PART_NAMES = ["engine", "rooms", "workspaces", "web", "edge"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** `down` is between a death and the next start; `stopped` comes back no more. */
export type PartState = "starting" | "ready" | "down" | "stopped";

export type PartRecord = {
	readonly pid: number;
	readonly state: PartState;
	/** When the process began, in the kernel's own count: with the pid it names a process for ever. */
	readonly began?: string;
};

/** What runs on a data folder right now: `run.json` in it. */
export type RunRecord = {
	readonly pid: number;
	readonly publicUrl: string;
	readonly engineUrl: string;
	readonly ports: Readonly<Record<string, number>>;
	readonly parts: Readonly<Partial<Record<PartName, PartRecord>>>;
};

const pathIn = (dataFolder: string): string => join(dataFolder, "run.json");

/** Replaced whole, so that nobody ever reads half of it. */
export function writeRun(dataFolder: string, record: RunRecord): void {
	const draft = `${pathIn(dataFolder)}.new`;
	writeFileSync(draft, `${JSON.stringify(record, null, "\t")}\n`, { mode: 0o600 });
	renameSync(draft, pathIn(dataFolder));
}

export function readRun(dataFolder: string): RunRecord | undefined {
	try {
		return JSON.parse(readFileSync(pathIn(dataFolder), "utf8"));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw error;
	}
}

export const removeRun = (dataFolder: string): void => rmSync(pathIn(dataFolder), { force: true });

/**
 * When a running process began, in clock ticks since boot (field 22 of proc(5) stat); undefined for one that ended, even
 * if nobody has collected it, and where it cannot be known.
 */
export function beganAt(pid: number): string | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name in brackets may hold spaces
		return fields[0] === "Z" ? undefined : fields[19];
	} catch {
		return undefined; // gone, or no /proc on this system
	}
}

/** Ends what a killed Bullpen may have left on this data; a pid that means another process by now is left alone. */
export function killLeftovers(record: RunRecord): void {
	for (const part of Object.values(record.parts)) {
		if (part.began === undefined || part.began !== beganAt(part.pid)) continue;
		try {
			process.kill(-part.pid, "SIGKILL");
		} catch {
			// ended in between
		}
	}
}
