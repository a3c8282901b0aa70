import { fileURLToPath } from "node:url";
import type { Limits } from "@bullpen/domain/limits";
import { type Child, startChild } from "@bullpen/engine/child";
import { freePorts } from "@bullpen/engine/port";

const MAIN = fileURLToPath(new URL("../../../apps/edge/src/main.ts", import.meta.url));
const READY_MS = 20_000;

/** For tests that are about something else than what one address may do: every test here has the same one. */
const ONE_ADDRESS: Partial<Limits> = {
	edgeHandshakeBurstPerAddress: 1e9,
	edgeCallsAtOncePerAddress: 1e6,
	edgeCallBurstPerAddress: 1e9,
	edgeCallsPerSecondPerAddress: 1e9,
	edgeHeardBurstPerAddress: 1e12,
	edgeHeardPerSecondPerAddress: 1e12,
	edgeHandshakeBurstPerPerson: 1e9,
	edgeCallBurstPerPerson: 1e9,
};

/** How the edge carries people to actors: one connection for many, or each through as it is. */
export type EdgeMode = "relay" | "tunnel";

export interface EdgeOptions {
	readonly mode?: EdgeMode;
	readonly limits?: Partial<Limits>;
	/** Where it listens, for one that comes back in another's place. */
	readonly port?: number;
	/** What answers everything that is not an actor; nothing, unless it is said. */
	readonly webUrl?: string;
}

/** A real edge in a process of its own. */
export interface EdgeProcess {
	readonly port: number;
	/** What people open, without a slash at the end. RivetKit clients take `<url>/rivet` as their endpoint. */
	readonly url: string;
	readonly pid: number;
	/** What it printed so far. */
	readonly lines: readonly string[];
	kill(signal?: NodeJS.Signals): Promise<void>;
}

interface Surroundings {
	readonly engineUrl: string;
	readonly keysFolder: string;
}

export async function startEdge(around: Surroundings, options: EdgeOptions = {}): Promise<EdgeProcess> {
	const [free = 0] = options.port === undefined ? await freePorts(1) : [options.port];
	const url = `http://127.0.0.1:${free}`;
	const lines: string[] = [];
	const child = startChild(
		{
			file: process.execPath,
			args: ["--disable-warning=ExperimentalWarning", MAIN],
			env: {
				RIVET_ENDPOINT: around.engineUrl,
				RUST_BACKTRACE: "0",
				PORT: String(free),
				BULLPEN_HOST: "127.0.0.1",
				BULLPEN_PUBLIC_URL: url,
				BULLPEN_WEB_URL: options.webUrl ?? "http://127.0.0.1:9", // discard: most tests have no pages
				BULLPEN_KEYS: around.keysFolder,
				BULLPEN_MODE: "test",
				BULLPEN_LIMITS: JSON.stringify({ ...ONE_ADDRESS, ...options.limits }),
				BULLPEN_EDGE_MODE: options.mode ?? "relay",
			},
		},
		(line) => lines.push(line),
	);
	await ready(child, lines);
	return {
		port: free,
		url,
		pid: child.pid,
		lines,
		async kill(signal = "SIGKILL") {
			child.kill(signal);
			await child.exited;
		},
	};
}

async function ready(child: Child, lines: readonly string[]): Promise<void> {
	const late = new Promise<never>((_, reject) => {
		const tooLate = () => reject(new Error(`the edge was not ready within ${READY_MS} ms:\n${lines.join("\n")}`));
		setTimeout(tooLate, READY_MS).unref();
	});
	await Promise.race([child.printed(/^edge ready$/), late]).catch((error: unknown) => {
		child.kill("SIGKILL");
		throw error;
	});
}
