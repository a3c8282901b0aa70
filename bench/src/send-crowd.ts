import { fork } from "node:child_process";
import { join } from "node:path";
import type { Answer } from "./crowd-process.ts";
import { highest, type Readings, residentBytes } from "./meter.ts";
import type { Measured, Task } from "./task.ts";

const TASK_MS_MAX = 150_000;
const FILL_MS_MAX = 600_000;
const MEMORY_EVERY_MS = 500;

export interface Run {
	readonly measured: Measured;
	/** Resident memory by process: the most that was seen, and once the crowd had gone. */
	readonly peakBytes: Readings;
	readonly endBytes: Readings;
}

/** People in a process of their own, so that the clients' work is not the measured server's. @throws Error what they met. */
export async function sendCrowd(task: Task): Promise<Run> {
	const { work, processes } = task;
	const child = fork(join(import.meta.dirname, "crowd-process.ts"), [], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		env: { PATH: process.env.PATH ?? "", RIVET_LOG_LEVEL: "silent", LOG_LEVEL: "silent" },
	});
	let peakBytes = residentBytes(processes);
	const look = setInterval(() => {
		peakBytes = highest(peakBytes, residentBytes(processes));
	}, MEMORY_EVERY_MS);
	const limit = setTimeout(() => child.kill("SIGKILL"), work.type === "fill" ? FILL_MS_MAX : TASK_MS_MAX);
	try {
		const answer = await new Promise<Answer>((resolve) => {
			child.once("message", (message: Answer) => resolve(message));
			child.once("error", (error) => resolve({ error: error.message }));
			child.once("exit", (code, signal) => resolve({ error: `the crowd ended with ${signal ?? code}` }));
			child.send(task);
		});
		if ("error" in answer) throw new Error(`${task.place.kind}, ${work.type}: ${answer.error}`);
		return { measured: answer.measured, peakBytes, endBytes: residentBytes(processes) };
	} finally {
		clearInterval(look);
		clearTimeout(limit);
		child.kill("SIGKILL");
	}
}
