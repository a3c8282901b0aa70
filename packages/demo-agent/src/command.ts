import { spawn } from "node:child_process";
import type { Run } from "./workspace.ts";

/** Longer commands are killed. */
const COMMAND_MS_MAX = 10 * 60_000;
/** What a killed command may still write before its pipes are let go. */
const DRAIN_MS = 200;

/** Runs a shell command in its own process group, without input, so that all of it can be killed at once. */
export async function runCommand(
	command: string,
	{ cwd, signal, onOutput }: { readonly cwd: string } & Parameters<Run>[1],
): ReturnType<Run> {
	signal.throwIfAborted();
	const child = spawn("/bin/sh", ["-c", command], { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8");
		stream.on("data", onOutput);
	}
	const kill = () => {
		if (child.pid !== undefined) killGroup(child.pid);
	};
	const timer = setTimeout(kill, COMMAND_MS_MAX);
	signal.addEventListener("abort", kill);
	try {
		return await new Promise((resolve, reject) => {
			child.once("error", reject);
			child.once("exit", (exitCode, exitSignal) => {
				const done = () => resolve({ exitCode, signal: exitSignal });
				child.once("close", done);
				// Whatever it left in the background goes with it, and cannot hold the turn by keeping a pipe open.
				kill();
				setTimeout(done, DRAIN_MS).unref();
			});
		});
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", kill);
		child.stdout.destroy();
		child.stderr.destroy();
	}
}

function killGroup(pid: number): void {
	try {
		process.kill(-pid, "SIGKILL");
	} catch {
		// The group is already gone.
	}
}
