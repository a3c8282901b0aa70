import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const groups = new Set<number>();
let reaper: ChildProcess | undefined;

/** From now on the process group ends with this process, even if this process is killed with SIGKILL. */
export function endWithUs(group: number): void {
	groups.add(group);
	if (reaper) tell(`+ ${group}`);
	else start();
}

/** The group is gone; its number may soon belong to somebody else. */
export function isGone(group: number): void {
	if (groups.delete(group)) tell(`- ${group}`);
}

/** One for the whole process. In a session of its own, so that Ctrl-C and a killed terminal do not reach it. */
function start(): void {
	const child = spawn("/bin/sh", [join(import.meta.dirname, "reaper.sh")], {
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
		env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
	});
	reaper = child;
	child.unref();
	// The pipe must not keep us running, and a reaper that someone killed is replaced below.
	if (child.stdin && "unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
	child.stdin?.on("error", () => undefined);
	child.once("exit", () => {
		reaper = undefined;
		if (groups.size > 0) start();
	});
	for (const group of groups) tell(`+ ${group}`);
}

function tell(line: string): void {
	reaper?.stdin?.write(`${line}\n`);
}
