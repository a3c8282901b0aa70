import { fork } from "node:child_process";
import { join } from "node:path";
import type { Answer } from "./crowd-process.ts";
import type { Measured, Task } from "./task.ts";

const TASK_MS_MAX = 240_000;

/** People in a process of their own, so that the clients' work is not the measured server's. @throws Error what they met. */
export async function sendCrowd(task: Task): Promise<Measured> {
	const child = fork(join(import.meta.dirname, "crowd-process.ts"), [], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		env: { PATH: process.env.PATH ?? "", RIVET_LOG_LEVEL: "silent", LOG_LEVEL: "silent" },
	});
	const limit = setTimeout(() => child.kill("SIGKILL"), TASK_MS_MAX);
	try {
		const answer = await new Promise<Answer>((resolve) => {
			child.once("message", (message: Answer) => resolve(message));
			child.once("error", (error) => resolve({ error: error.message }));
			child.once("exit", (code, signal) => resolve({ error: `the crowd ended with ${signal ?? code}` }));
			child.send(task);
		});
		if ("error" in answer) throw new Error(`${task.place.kind}, ${task.work.type}: ${answer.error}`);
		return answer.measured;
	} finally {
		clearTimeout(limit);
		child.kill("SIGKILL");
	}
}
