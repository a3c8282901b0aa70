import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
	type CommandWrapper,
	decodeToEnvoy,
	type EventWrapper,
	encodeToRivet,
	StopCode,
	type ToEnvoy,
	type ToRivet,
	VERSION,
} from "@rivetkit/engine-envoy-protocol";
import { type EngineAccess, endpointOf, listProcesses } from "./engine.ts";

/** What our actor processes register with (`plan.ts`). */
export const ENVOY_VERSION = "1";

const LIST_MS = 2_000;
const REGISTERED_MS = 10_000;
const PAUSE_MS = 50;
const LEAVE_MS = 60_000;
/** How long after the last actor was let go more may follow: on a busy machine the engine takes seconds to name them. */
const SILENCE_MS = 10_000;

/**
 * Remembers by which names the engine knows the processes of a pool that are connected now: it lists a dead one no more,
 * and still counts on it. Call when one was started: it may be given actors, and die, before it says that it is ready.
 * Resolves when one is among them that was not there the last time, or after `REGISTERED_MS`.
 */
export async function rememberProcesses(engine: EngineAccess, pool: string, folder: string): Promise<void> {
	const file = fileOf(folder, pool);
	const before = new Set(rememberedIn(file));
	const deadline = performance.now() + REGISTERED_MS;
	for (;;) {
		const keys = (await listProcesses(engine, pool, LIST_MS)).map(({ key }) => key);
		const isNewThere = keys.some((key) => !before.has(key));
		if (isNewThere) {
			mkdirSync(folder, { recursive: true });
			writeFileSync(`${file}.new`, JSON.stringify(keys), { flush: true });
			renameSync(`${file}.new`, file);
		}
		if (isNewThere || performance.now() > deadline) return;
		await sleep(PAUSE_MS);
	}
}

/**
 * Tells the engine that the processes it was last known to count on in this pool are dead. By itself it believes in a
 * killed one for up to twice `ENVOY_LOST_THRESHOLD`, and all that time its actors are out of reach. Only before the pool's
 * one process starts, when nobody of it lives. Taking leave goes on beside the start.
 */
export function giveUpDeadProcesses(engine: EngineAccess, pool: string, folder: string): void {
	for (const key of rememberedIn(fileOf(folder, pool))) void takeLeave(engine, pool, key);
}

const fileOf = (folder: string, pool: string): string => join(folder, `processes-${pool}.json`);

/** Of our own file: what cannot be read names nobody. */
function rememberedIn(file: string): string[] {
	if (!existsSync(file)) return [];
	try {
		const keys: unknown = JSON.parse(readFileSync(file, "utf8"));
		return Array.isArray(keys) ? keys.map(String) : [];
	} catch {
		return []; // a full disk cut it short
	}
}

/**
 * In the name of the dead process: that it stops, and for each actor that the engine then wants something of, that it has
 * crashed (envoy protocol of rivet-engine 2.3.19, the package's `ToRivetStopping` and `EventActorStateUpdate`). Never
 * rejects: where it fails, the threshold has to be waited for.
 */
function takeLeave(engine: EngineAccess, pool: string, key: string): Promise<void> {
	const query = new URLSearchParams({
		protocol_version: String(VERSION),
		namespace: "default",
		envoy_key: key,
		version: ENVOY_VERSION,
		pool_name: pool,
	});
	const url = `${endpointOf(engine.ports).replace("http", "ws")}/envoys/connect?${query}`;
	const socket = new WebSocket(url, ["rivet", `rivet_token.${engine.token}`]);
	socket.binaryType = "arraybuffer";
	const send = (message: ToRivet): void => socket.send(new Uint8Array(encodeToRivet(message)));
	return new Promise((resolve) => {
		const limit = setTimeout(() => socket.close(), LEAVE_MS);
		let silence: NodeJS.Timeout | undefined;
		socket.onmessage = ({ data }) => {
			const message = messageIn(data);
			if (message === undefined) return socket.close(); // another engine than ours: the threshold is what is left
			if (message.tag === "ToEnvoyPing") send({ tag: "ToRivetPong", val: message.val });
			if (message.tag === "ToEnvoyInit") send({ tag: "ToRivetStopping", val: null });
			if (message.tag === "ToEnvoyCommands") send({ tag: "ToRivetEvents", val: message.val.map(crashOf) });
			if (message.tag !== "ToEnvoyInit" && message.tag !== "ToEnvoyCommands") return;
			clearTimeout(silence);
			silence = setTimeout(() => socket.close(), SILENCE_MS);
		};
		socket.onclose = () => {
			clearTimeout(limit);
			clearTimeout(silence);
			resolve();
		};
		socket.onerror = () => undefined; // a close follows
	});
}

/** What the engine says; undefined for what is none of its messages as we know them. */
export function messageIn(data: unknown): ToEnvoy | undefined {
	if (!(data instanceof ArrayBuffer)) return undefined;
	try {
		return decodeToEnvoy(new Uint8Array(data));
	} catch {
		return undefined; // the decoder knows no other answer to a byte too many
	}
}

/** Later than whatever the actor itself can have said. */
const LAST_WORD = 2n ** 40n;

/** Whatever it is asked to do with an actor, start it or stop it: that one is dead. */
function crashOf({ checkpoint: { actorId, generation } }: CommandWrapper): EventWrapper {
	const stopped = { tag: "ActorStateStopped", val: { code: StopCode.Error, message: "its process died" } } as const;
	return {
		checkpoint: { actorId, generation, index: LAST_WORD },
		inner: { tag: "EventActorStateUpdate", val: { state: stopped } },
	};
}
