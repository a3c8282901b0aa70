import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getEnginePath } from "@rivetkit/engine-cli";
import { type Child, type Command, describeExit, type OnLine, startChild } from "./child.ts";
import { Refusal } from "./refusal.ts";
import { type EnginePorts, environmentOf, placeSettings, TUNING, topologyOf } from "./settings.ts";

export type EngineOptions = {
	/** Folder of the storage and the engine's configuration. */
	readonly folder: string;
	readonly ports: EnginePorts;
	readonly token: string;
	/** `false` leaves out what measurements proved necessary: only the bench wants to see the difference. */
	readonly isTuned?: boolean;
};

/** Where actor processes and clients reach the engine. */
export const endpointOf = (ports: EnginePorts): string => `http://127.0.0.1:${ports.guard}`;

/**
 * The program for this machine.
 * @throws Refusal when the installation has none.
 */
export function locateEngine(): string {
	try {
		return getEnginePath();
	} catch (cause) {
		throw new Refusal(
			`There is no rivet-engine for ${process.platform}-${process.arch} in this installation. If Rivet publishes one ` +
				"(Linux and macOS, x64 and arm64), the lockfile lacks it: delete pnpm-lock.yaml and run `pnpm install`.",
			{ cause },
		);
	}
}

/** The token travels in the environment, never in an argument: every user of the machine can list arguments. */
export function engineCommand({ folder, ports, token, isTuned = true }: EngineOptions): Command {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const config = join(folder, "engine.json");
	writeFileSync(config, JSON.stringify(topologyOf(ports)), { mode: 0o600 });
	const place = placeSettings({ ports, token, storage: join(folder, "storage") });
	return {
		file: locateEngine(),
		args: ["start", "--config", config],
		env: environmentOf(isTuned ? [...place, ...TUNING] : place),
	};
}

/**
 * Starts the engine and waits until it answers from its storage: `/health` alone is 200 even while it can do nothing.
 * @throws Error with the engine's last output when it ends or does not answer in time.
 */
export async function startEngine(options: EngineOptions, readyMs: number, onLine?: OnLine): Promise<Child> {
	await forgetDeadWorkers(options);
	const child = startChild(engineCommand(options), onLine);
	const deadline = performance.now() + readyMs;
	while (!(await engineAnswers(options, 1_000))) {
		const isLate = performance.now() > deadline;
		if (isLate) child.kill("SIGKILL");
		if (isLate || !child.isRunning()) throw new Error(`the engine ${describeExit(await child.exited)}`);
		await sleep(25);
	}
	return child;
}

/**
 * Lets the next engine carry on at once where a killed one stopped. What the dead one had in hand (every running actor's
 * bookkeeping) is marked as its own, and rivet-engine 2.3.19 waits 30 s before it takes over, which no setting changes.
 * Its own tool removes the mark of life that it waits for. Only for a storage that no engine has open.
 */
export async function forgetDeadWorkers(options: EngineOptions): Promise<void> {
	if (!existsSync(join(options.folder, "storage"))) return;
	const { file, args, env } = engineCommand(options);
	const forget = ["udb", "--query", "clear --range --yes /rivet/gasoline/kv/worker", ...args.slice(1)];
	const child = startChild({ file, args: forget, env });
	const timer = setTimeout(() => child.kill("SIGKILL"), FORGET_MS); // then the 30 s have to be waited for
	await child.exited;
	clearTimeout(timer);
}

const FORGET_MS = 5_000;

/** One question that the engine must ask its storage for. */
export async function engineAnswers(engine: EngineAccess, waitMs: number): Promise<boolean> {
	return (await ask(engine, "/actors?namespace=default&name=readiness", waitMs)) !== undefined;
}

/** An actor process as the engine knows it. */
export type RegisteredProcess = { readonly key: string; readonly heardAt: number };

/** Those of the pool that the engine counts on, dead or alive; none if it does not answer in time. */
export async function listProcesses(engine: EngineAccess, pool: string, waitMs: number): Promise<RegisteredProcess[]> {
	const answer = await ask(engine, `/envoys?namespace=default&name=${pool}`, waitMs);
	if (typeof answer !== "object" || answer === null || !("envoys" in answer)) return [];
	return (Array.isArray(answer.envoys) ? answer.envoys : [])
		.filter((envoy) => envoy?.pool_name === pool && envoy.stop_ts === null)
		.map((envoy) => ({ key: String(envoy.envoy_key), heardAt: Number(envoy.last_ping_ts) }));
}

/** Whether an actor process of the pool is connected to the engine and has been heard of since `since` (unix ms). */
export async function isRegistered(
	engine: EngineAccess,
	pool: string,
	since: number,
	waitMs: number,
): Promise<boolean> {
	return (await listProcesses(engine, pool, waitMs)).some(({ heardAt }) => heardAt >= since);
}

export type EngineAccess = Pick<EngineOptions, "ports" | "token">;

/** The engine's public API, which the token opens. @returns undefined when it does not answer, or refuses. */
async function ask({ ports, token }: EngineAccess, path: string, waitMs: number): Promise<unknown> {
	try {
		const response = await fetch(`${endpointOf(ports)}${path}`, {
			headers: { authorization: `Bearer ${token}` },
			signal: AbortSignal.timeout(waitMs),
		});
		const body: unknown = await response.json();
		return response.ok ? body : undefined;
	} catch {
		return undefined; // not listening, or too slow: the same to everybody who asks
	}
}
