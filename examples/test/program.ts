import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** An example as its reader starts it. */
export interface Program {
	/** What it printed so far, and why it failed. */
	readonly lines: readonly string[];
	readonly exited: Promise<number | null>;
	/** Resolves with the first line that is like it. */
	printed(line: RegExp): Promise<string>;
	stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY_MS = 20_000;

export function startProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
	const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...args], {
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const lines: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			lines.push(...text.split("\n").filter((line) => line !== ""));
			child.emit("printed");
		});
	}
	const exited = once(child, "exit").then(([code]): number | null => code);
	return {
		lines,
		exited,
		async printed(wanted) {
			const late = AbortSignal.timeout(READY_MS);
			for (;;) {
				const found = lines.find((line) => wanted.test(line));
				if (found !== undefined) return found;
				await once(child, "printed", { signal: late }).catch(() => {
					throw new Error(`${file} did not print ${wanted}:\n${lines.join("\n")}`);
				});
			}
		},
		async stop(signal = "SIGTERM") {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill(signal);
			await exited;
		},
	};
}
