import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endWithUs, isGone } from "./reaper.ts";

export type Command = {
	readonly file: string;
	readonly args: readonly string[];
	readonly cwd?: string;
	/** The whole environment: nothing is inherited but what `baseEnvironment` lists. */
	readonly env: Readonly<Record<string, string>>;
};

/** How a child ended; `output` is its last lines. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly output: string };

export type Child = {
	readonly pid: number;
	/** Settles when the process has ended and whatever it left in its group was killed. Never rejects. */
	readonly exited: Promise<Exit>;
	isRunning(): boolean;
	/** Signals the whole process group, if it still runs. */
	kill(signal: NodeJS.Signals): void;
	/** Resolves once a line of standard output has matched; rejects with the last output if it ends before. */
	printed(pattern: RegExp): Promise<void>;
	/** SIGTERM, then SIGKILL for the group after `graceMs`. */
	stop(graceMs: number): Promise<Exit>;
};

/** Called for every line a child prints. */
export type OnLine = (line: string, stream: "stdout" | "stderr") => void;

const OUTPUT_LINES_KEPT = 40;

/**
 * Starts a process in a group of its own that ends with us.
 * @throws Error when the program cannot be started.
 */
export function startChild(command: Command, onLine: OnLine = () => undefined): Child {
	const child = spawn(command.file, [...command.args], {
		cwd: command.cwd,
		env: { ...baseEnvironment(), ...command.env },
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	const { pid } = child;
	if (pid === undefined) {
		child.on("error", () => undefined); // told by what we throw
		throw new Error(`cannot start ${command.file}`);
	}
	endWithUs(pid);
	const tail: string[] = [];
	const listeners = new Set<(line: string) => void>();
	readLines(child, (line, stream) => {
		tail.push(line);
		if (tail.length > OUTPUT_LINES_KEPT) tail.shift();
		onLine(line, stream);
		if (stream === "stdout") for (const listener of listeners) listener(line);
	});
	const exited = new Promise<Exit>((resolve) => {
		child.once("exit", (code, signal) => {
			signalGroup(pid, "SIGKILL"); // what it started and left behind
			isGone(pid);
			resolve({ code, signal, output: tail.join("\n") });
		});
	});
	const isRunning = () => child.exitCode === null && child.signalCode === null;
	const kill = (signal: NodeJS.Signals) => {
		if (isRunning()) signalGroup(pid, signal); // later the number may be somebody else's
	};
	return {
		pid,
		exited,
		isRunning,
		kill,
		printed: (pattern) => firstMatch(pattern, listeners, tail, exited),
		async stop(graceMs) {
			kill("SIGTERM");
			const timer = setTimeout(kill, graceMs, "SIGKILL");
			const exit = await exited;
			clearTimeout(timer);
			return exit;
		},
	};
}

/** What every child may know of the person's shell. Their `RIVET_*` and keys for models stay out. */
export function baseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const name of ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER"]) {
		const value = env[name];
		if (value !== undefined) kept[name] = value;
	}
	return kept;
}

function readLines(child: ChildProcess, onLine: OnLine): void {
	const { stdout, stderr } = child;
	if (stdout) createInterface({ input: stdout }).on("line", (line) => onLine(line, "stdout"));
	if (stderr) createInterface({ input: stderr }).on("line", (line) => onLine(line, "stderr"));
}

async function firstMatch(
	pattern: RegExp,
	listeners: Set<(line: string) => void>,
	printedBefore: readonly string[],
	exited: Promise<Exit>,
): Promise<void> {
	if (printedBefore.some((line) => pattern.test(line))) return;
	let listener: (line: string) => void = () => undefined;
	const matched = new Promise<true>((resolve) => {
		listener = (line) => pattern.test(line) && resolve(true);
		listeners.add(listener);
	});
	const result = await Promise.race([matched, exited]);
	listeners.delete(listener);
	if (result !== true) throw new Error(describeExit(result));
}

export function describeExit({ code, signal, output }: Exit): string {
	const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
	return output ? `${how}; its last output was:\n${output}` : how;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch (error) {
		// ESRCH: nobody left. EPERM: macOS says so for a group of zombies.
		if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
	}
}
