import { readdirSync, readFileSync } from "node:fs";

/** Processes that work on a data folder, as `pid command`: its path is in their environment or arguments (Linux only). */
export function processesOn(dataFolder: string): string[] {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc")
		.filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
		.map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`), environment: read(`/proc/${pid}/environ`) }))
		.filter(({ command, environment }) => command.includes(dataFolder) || environment.includes(`=${dataFolder}`))
		.map(({ pid, command }) => `${pid} ${command.replaceAll("\0", " ").trim()}`);
}

const read = (path: string): string => {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return ""; // it ended meanwhile, or belongs to somebody else
	}
};
