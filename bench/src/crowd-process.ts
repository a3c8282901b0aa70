import { doTask } from "./crowd.ts";
import type { Measured, Task } from "./task.ts";

/** What a crowd's process answers with. */
export type Answer = { readonly measured: Measured } | { readonly error: string };

process.once("message", async (task: Task) => {
	const answer = await doTask(task).then(
		(measured): Answer => ({ measured }),
		(error: unknown): Answer => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
	);
	process.send?.(answer, () => process.exit(0));
});
process.once("disconnect", () => process.exit(1));
