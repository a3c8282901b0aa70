import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endpointOf } from "./engine.ts";
import { EngineWatch, type WatchTiming } from "./engine-watch.ts";
import { prepareKeys } from "./keys.ts";
import { lockData } from "./lock.ts";
import { Part, type PartEvent, type PartTiming } from "./part.ts";
import { ACTORS_FILE, type Mode, type Place, planOf } from "./plan.ts";
import { freePorts } from "./port.ts";
import { actorAnswers, type KnownActor, pageAnswers, until } from "./probe.ts";
import { keepLines, tell } from "./progress.ts";
import {
	beganAt,
	killLeftovers,
	PART_NAMES,
	type PartName,
	type PartRecord,
	readRun,
	removeRun,
	writeRun,
} from "./run-file.ts";

/** Durations of the whole, in milliseconds. */
export type StackTiming = PartTiming &
	WatchTiming & {
		/** How long a part may take to end by itself when everything stops, and the engine after the others. */
		readonly stopMs: number;
		readonly engineStopMs: number;
		/** What the engine gets to note that the last actors are asleep. */
		readonly engineSettleMs: number;
	};

const TIMING: StackTiming = {
	readyMs: 60_000,
	stableMs: 30_000,
	backoffMs: 500,
	backoffMaxMs: 30_000,
	firstStartsMax: 3,
	stopMs: 1_500,
	engineStopMs: 1_000,
	engineSettleMs: 200,
	engineAskMs: 1_000,
	engineLostMs: 5_000,
	engineStuckMs: 30_000,
};

export type StackOptions = {
	readonly dataFolder: string;
	readonly mode: Mode;
	/** Which parts run; all by default. */
	readonly parts?: readonly PartName[];
	/** Interface and port of the edge; 127.0.0.1 and a free one by default. */
	readonly host?: string;
	readonly port?: number;
	/** What people open; by default host and port. */
	readonly publicUrl?: string;
	/** Further environment of each part, such as limits. */
	readonly env?: Place["env"];
	readonly timing?: Partial<StackTiming>;
	/** Other actors than Bullpen's, and one of them that exists as soon as they are ready. */
	readonly actors?: { readonly file: string; readonly known: KnownActor };
	/** Gives up starting. Later `stop` is the way. */
	readonly signal?: AbortSignal;
	/** One line of progress for the person who waits. */
	readonly report?: (line: string) => void;
};

export type Stack = {
	readonly dataFolder: string;
	readonly publicUrl: string;
	readonly engineUrl: string;
	/** Admin token of the engine, for tests that register actors of their own. */
	readonly engineToken: string;
	readonly ports: Place["ports"];
	/** The process of each part that runs; each leads a process group of the same number. */
	pids(): Partial<Record<PartName, number>>;
	/** Signals the part's whole process group; supervision starts it again. */
	kill(part: PartName, signal?: NodeJS.Signals): void;
	/** Ends the part and starts it again. Resolves when it is ready. */
	restart(part: PartName): Promise<void>;
	/** @returns what stops the telling. */
	onPart(listener: (event: PartEvent) => void): () => void;
	/** Resolves when every part is ready and an actor has answered through all of them. */
	whenReady(): Promise<void>;
	/** Ends every process and gives the data folder free. Safe to call twice. */
	stop(): Promise<void>;
};

const KNOWN_ACTOR: KnownActor = { actor: "directory", key: "main" };

/**
 * Starts Bullpen on a data folder and keeps it running. Resolves when an actor has answered through every part.
 * @throws Refusal when the folder is in use or its keys are not private; Error when a part does not come up.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
	const dataFolder = resolve(options.dataFolder);
	mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
	const lock = lockData(dataFolder);
	try {
		const leftover = readRun(dataFolder);
		if (leftover) killLeftovers(leftover);
		const { stack, begin } = createStack(options, await placeOf(options, dataFolder), lock.release);
		await begin();
		return stack;
	} catch (error) {
		lock.release();
		throw error;
	}
}

async function placeOf(options: StackOptions, dataFolder: string): Promise<Place> {
	const [guard = 0, peer = 0, metrics = 0, web = 0, free = 0] = await freePorts(5);
	const ports = { guard, peer, metrics, web, public: options.port ?? free };
	const host = options.host ?? "127.0.0.1";
	return {
		dataFolder,
		mode: options.mode,
		keys: prepareKeys(dataFolder),
		ports,
		host,
		publicUrl: options.publicUrl ?? addressOf(host, ports.public),
		actorsFile: options.actors?.file ?? ACTORS_FILE,
		env: options.env ?? {},
		readyMs: options.timing?.readyMs ?? TIMING.readyMs,
	};
}

type Unstarted = { readonly stack: Stack; readonly begin: () => Promise<void> };

function createStack(options: StackOptions, place: Place, release: () => void): Unstarted {
	const timing = { ...TIMING, ...options.timing };
	const report = options.report ?? (() => undefined);
	const known = options.actors?.known ?? KNOWN_ACTOR;
	const engineUrl = endpointOf(place.ports);
	const edgeUrl = addressOf(place.host, place.ports.public);
	const listeners = new Set<(event: PartEvent) => void>();
	const records: Partial<Record<PartName, PartRecord>> = {};
	const parts = new Map<PartName, Part>();
	const stopping = new AbortController();
	let stopped: Promise<void> | undefined;

	const engineReady = async () => {
		await parts.get("engine")?.whenReady();
	};
	for (const name of PART_NAMES) {
		if (options.parts && !options.parts.includes(name)) continue;
		const plan = { ...planOf(name, place, engineReady), onLine: keepLines(name, place.dataFolder, report) };
		parts.set(name, new Part(plan, timing, onEvent));
	}
	const actorParts = [parts.get("rooms"), parts.get("workspaces")].filter((part) => part !== undefined);
	const access = { ports: place.ports, token: place.keys.engineToken };
	const watch = new EngineWatch({ access, timing, actors: actorParts, report, end: stopping.signal });

	function onEvent(event: PartEvent): void {
		const began = beganAt(event.pid);
		records[event.part] = { pid: event.pid, state: event.state, ...(began !== undefined && { began }) };
		try {
			keepRecord();
		} catch (error) {
			report(`run.json cannot be written: ${error instanceof Error ? error.message : error}`); // a full disk is survived
		}
		if (event.part === "engine" && event.state === "down") watch.died();
		if (event.part === "engine" && event.state === "ready") watch.isBack();
		if (!stopping.signal.aborted) tell(event, report);
		for (const listener of listeners) listener(event);
	}

	const keepRecord = () => {
		const { publicUrl, ports } = place;
		writeRun(place.dataFolder, { pid: process.pid, publicUrl, engineUrl, ports, parts: records });
	};

	async function whenReady(): Promise<void> {
		await Promise.all([...parts.values()].map((part) => part.whenReady()));
		if (parts.has("rooms")) {
			await until("an actor", timing.readyMs, () => actorAnswers(engineUrl, known, 5_000), isStopping);
		}
		if (parts.has("edge") && parts.has("web")) {
			await until("the edge", timing.readyMs, () => pageAnswers(edgeUrl, 10_000), isStopping);
		}
	}
	const isStopping = () => stopping.signal.aborted;

	async function startParts(): Promise<void> {
		await Promise.all([...parts.values()].map((part) => part.start()));
		await whenReady();
	}

	async function begin(): Promise<void> {
		keepRecord();
		try {
			await Promise.race([startParts(), rejectOn(options.signal)]);
		} catch (error) {
			await stop();
			throw error;
		}
		const engine = parts.get("engine");
		if (engine) void watch.watch(engine);
	}

	function stop(): Promise<void> {
		stopped ??= stopParts();
		return stopped;
	}

	async function stopParts(): Promise<void> {
		stopping.abort();
		const engine = parts.get("engine");
		const others = [...parts.values()].filter((part) => part !== engine);
		await Promise.all(others.map((part) => part.stop(timing.stopMs)));
		if (engine) await sleep(timing.engineSettleMs);
		await engine?.stop(timing.engineStopMs); // last: actors end their work through it
		removeRun(place.dataFolder);
		release();
	}

	const stack: Stack = {
		dataFolder: place.dataFolder,
		publicUrl: place.publicUrl,
		engineUrl,
		engineToken: place.keys.engineToken,
		ports: place.ports,
		pids: () => Object.fromEntries([...parts.values()].flatMap(({ name, pid }) => (pid ? [[name, pid]] : []))),
		kill: (name, signal = "SIGKILL") => parts.get(name)?.kill(signal),
		async restart(name) {
			await parts.get(name)?.restart(timing.stopMs);
			await parts.get(name)?.whenReady();
		},
		onPart(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		whenReady,
		stop,
	};
	return { stack, begin };
}

function rejectOn(signal: AbortSignal | undefined): Promise<never> {
	return new Promise((_, reject) => {
		const give = () => reject(new Error("was stopped while it started"));
		if (signal?.aborted) give();
		signal?.addEventListener("abort", give, { once: true });
	});
}

/** An interface that means all of them is asked on this machine. */
function addressOf(host: string, port: number): string {
	if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${port}`;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
