/**
 * Throw-away engines for integration tests.
 *
 * The engine has an admin token, as in production: actor processes need it (`setup({ endpoint, token })`, or
 * `RIVET_ENDPOINT` and `RIVET_TOKEN`, both read when the registry starts); clients do not, because `/gateway/*` asks for
 * none and identity is the actors' business. `RIVET_POOL` places a registry in a pool; actors created with
 * `poolName` go to that pool's registry.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Child } from "./child.ts";
import { endpointOf, startEngine } from "./engine.ts";
import { freePorts } from "./port.ts";
import { type EnginePorts, NO_ENGINE_OF_ITS_OWN } from "./settings.ts";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

const READY_MS = 20_000;
const STARTS_MAX = 3;

export type TestEngine = {
	readonly endpoint: string;
	/** The admin token: for actor processes, never for clients. */
	readonly token: string;
	readonly ports: EnginePorts;
	/** What an actor process needs in its environment. */
	readonly env: Readonly<Record<"RIVET_ENDPOINT" | "RIVET_TOKEN" | "RUST_BACKTRACE", string>> &
		typeof NO_ENGINE_OF_ITS_OWN;
	pid(): number;
	kill(signal?: NodeJS.Signals): Promise<void>;
	/** Starts it again on the same ports and storage, killing it first when it runs. Resolves when it answers. */
	restart(): Promise<void>;
	/** Ends it and removes its storage. */
	stop(): Promise<void>;
};

/** A real engine with its own ports, storage and token. Nothing of it is left after `stop` or after this process. */
export async function startTestEngine(options: { readonly isTuned?: boolean } = {}): Promise<TestEngine> {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-engine-"));
	const token = randomBytes(24).toString("base64url");
	const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	let ports: EnginePorts;
	let child: Child;
	try {
		[ports, child] = await startSomewhere(folder, token, options.isTuned ?? true);
	} catch (error) {
		remove();
		throw error;
	}
	const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
		child.kill(signal);
		await child.exited;
	};
	const endpoint = endpointOf(ports);
	return {
		endpoint,
		token,
		ports,
		env: { RIVET_ENDPOINT: endpoint, RIVET_TOKEN: token, RUST_BACKTRACE: "0", ...NO_ENGINE_OF_ITS_OWN },
		pid: () => child.pid,
		kill,
		async restart() {
			await kill();
			child = await startEngine({ folder, ports, token, ...options }, READY_MS);
		},
		async stop() {
			await kill(); // the storage is thrown away: nothing to end gracefully
			remove();
		},
	};
}

/** Ports are only free until somebody takes them: the engine that lost the race tries elsewhere. */
async function startSomewhere(folder: string, token: string, isTuned: boolean): Promise<[EnginePorts, Child]> {
	for (let attempt = 1; ; attempt++) {
		const [guard = 0, peer = 0, metrics = 0] = await freePorts(3);
		const ports = { guard, peer, metrics };
		try {
			return [ports, await startEngine({ folder, ports, token, isTuned }, READY_MS)];
		} catch (error) {
			if (attempt === STARTS_MAX) throw error;
		}
	}
}

/** A `startStack` on a folder of its own, which `stop` removes. Without web and edge unless asked for. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<Stack> {
	const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "bullpen-stack-"));
	const remove = () => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
	try {
		const stack = await startStack({ mode: "test", parts: ["engine", "rooms", "workspaces"], ...options, dataFolder });
		return {
			...stack,
			async stop() {
				await stack.stop();
				if (options.dataFolder === undefined) remove();
			},
		};
	} catch (error) {
		if (options.dataFolder === undefined) remove();
		throw error;
	}
}
