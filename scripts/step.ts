import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { delimiter, join } from "node:path";
import { ROOT } from "./repository.ts";

export interface Step {
	readonly name: string;
	readonly command: readonly [string, ...string[]];
	readonly cwd: string;
	readonly timeoutMs: number;
	readonly env?: Readonly<Record<string, string>>;
	/** Takes what others leave of the processors. */
	readonly isPatient?: boolean;
}
/** `log` is the tail of what the step wrote; `failure` says in a sentence why it is not ok. */
export interface Outcome {
	readonly ms: number;
	readonly log: string;
	readonly failure?: string;
}

const LOG_CHARS_MAX = 400_000;
const live = new Set<number>();

/** Runs one command in a process group of its own, which is gone when this returns. Never throws. */
export async function runStep(step: Step): Promise<Outcome> {
	const started = performance.now();
	const [command, ...args] = step.command;
	const child = spawn(command, args, {
		cwd: step.cwd,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, ...step.env, PATH: [bin(step.cwd), bin(ROOT), process.env.PATH].join(delimiter) },
	});
	let log = "";
	const keep = (chunk: string): void => {
		log = (log + chunk).slice(-LOG_CHARS_MAX);
	};
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", keep);
	if (child.pid !== undefined) live.add(child.pid);
	if (child.pid !== undefined && step.isPatient) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
	const limit = AbortSignal.timeout(step.timeoutMs);
	limit.addEventListener("abort", () => killGroup(child.pid));
	const failure = await new Promise<string | undefined>((done) => {
		child.once("error", (error) => done(error.message));
		// `exit` and not `close`: a grandchild that kept the pipe must not keep us.
		child.once("exit", (code, signal) => setImmediate(() => done(ending(code, signal, limit.aborted, step.timeoutMs))));
	});
	killGroup(child.pid);
	return { ms: performance.now() - started, log, ...(failure && { failure }) };
}

const bin = (folder: string): string => join(folder, "node_modules/.bin");

function ending(code: number | null, signal: string | null, isLate: boolean, timeoutMs: number): string | undefined {
	if (isLate) return `did not end within ${timeoutMs / 1000} s`;
	if (signal) return `was ended by ${signal}`;
	return code === 0 ? undefined : `ended with ${code}`;
}

function killGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch {
		// The group has ended by itself: what we want.
	}
	live.delete(pid);
}

/** However this process ends by itself, what it started ends first; those groups do not hear a Ctrl-C. */
process.once("exit", () => {
	for (const pid of live) killGroup(pid);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

/** Runs `work` over `items`, at most `width` at a time, keeping the order of results. */
export async function inLanes<Item, Result>(
	items: readonly Item[],
	width: number,
	work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const queue = items.entries();
	const lane = async (): Promise<void> => {
		for (const [index, item] of queue) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: width }, lane));
	return results;
}
