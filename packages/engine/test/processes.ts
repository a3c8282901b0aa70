import { readFileSync } from "node:fs";

/** Whether a process runs. A zombie does not: in a container nobody may ever collect it. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.charAt(stat.lastIndexOf(")") + 2) !== "Z";
	} catch {
		return process.platform !== "linux"; // ended in between, or a system without /proc
	}
}
