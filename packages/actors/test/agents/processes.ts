import { readdirSync, readFileSync } from "node:fs";

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly command: string;
}

/** Every process on this machine that a sandbox of the workspace in `folder` consists of, however deep. */
export function sandboxProcesses(folder: string): Process[] {
	const all = processes();
	const below = (pid: number): Process[] =>
		all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
	return all.filter(({ command }) => command.includes(folder)).flatMap((each) => [each, ...below(each.pid)]);
}

export function isRunning(pid: number): boolean {
	const status = read(pid, "status");
	return status !== "" && !/^State:\s*Z/m.test(status);
}

function processes(): Process[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map((name) => ({
			pid: Number(name),
			parent: Number(/PPid:\s*(\d+)/.exec(read(name, "status"))?.[1]),
			command: read(name, "cmdline").replaceAll("\0", " "),
		}));
}

/** Empty for a process that has just ended. */
function read(pid: number | string, file: string): string {
	try {
		return readFileSync(`/proc/${pid}/${file}`, "utf8");
	} catch {
		return "";
	}
}
