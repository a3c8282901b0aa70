import { createPrivateKey, type KeyObject, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BotScope } from "@bullpen/domain/bot";
import {
	type ActorName,
	audienceOf,
	type ServerRole,
	type ServiceClaims,
	type TicketClaims,
} from "@bullpen/domain/identity";
import type { Limits } from "@bullpen/domain/limits";
import { type Child, startChild } from "@bullpen/engine/child";
import { giveUpDeadProcesses, rememberProcesses } from "@bullpen/engine/dead-processes";
import { prepareKeys } from "@bullpen/engine/keys";
import { startTestEngine, type TestEngine } from "@bullpen/engine/test";
import { writeJwt } from "../src/identity.ts";
import { type EdgeOptions, type EdgeProcess, startEdge } from "./edge-process.ts";

const READY_MS = 20_000;
const SERVER = fileURLToPath(new URL("../src/server.ts", import.meta.url));

export interface ActorsProcess {
	readonly pid: number;
	/** What it printed so far. */
	readonly lines: readonly string[];
	kill(signal?: NodeJS.Signals): Promise<void>;
}

/** `BULLPEN_TEST_VIA=edge`: people of these tests come through a real edge, services straight to the engine. */
const isViaEdge = process.env.BULLPEN_TEST_VIA === "edge";

/** An engine and actor processes of their own, with keys to sign what the web and actors sign. Nothing is left after `stop`. */
export interface House {
	readonly engine: TestEngine;
	readonly dataFolder: string;
	/** Where people's clients connect: the engine itself, or the edge in front of it. */
	readonly peopleEndpoint: string;
	startActors(
		pool: "rooms" | "workspaces",
		options?: { entry?: string; limits?: Partial<Limits>; env?: Readonly<Record<string, string>> },
	): Promise<ActorsProcess>;
	startEdge(options?: EdgeOptions): Promise<EdgeProcess>;
	/** Connection params of a person, as the web's tickets give them. */
	ticket(
		actor: ActorName,
		key: string,
		person: { id: string; role?: ServerRole; scopes?: BotScope[]; ageSeconds?: number },
	): { ticket: string };
	/** Connection params of one of our own processes. */
	service(actor: ActorName, key: string, subject: string, issuer?: ServiceClaims["iss"]): { service: string };
	stop(): Promise<void>;
}

export async function openHouse(): Promise<House> {
	const engine = await startTestEngine();
	const edges: EdgeProcess[] = [];
	const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-actors-"));
	const { folder } = prepareKeys(dataFolder);
	const keyOf = (issuer: string): KeyObject =>
		createPrivateKey(readFileSync(join(folder, `${issuer}.private.pem`), "utf8"));
	const running = new Map<Child, string>();
	const now = (): number => Math.floor(Date.now() / 1000);
	const openEdge = async (options?: EdgeOptions): Promise<EdgeProcess> => {
		const edge = await startEdge({ engineUrl: engine.endpoint, keysFolder: folder }, options);
		edges.push(edge);
		return edge;
	};
	// An edge keeps its connection to an actor for a while, and the actor awake by it; tests are not that patient.
	const edge = isViaEdge ? await openEdge({ limits: { edgeUpstreamIdleMs: 500 } }) : undefined;
	const peopleEndpoint = edge === undefined ? engine.endpoint : `${edge.url}/rivet`;
	return {
		engine,
		dataFolder,
		peopleEndpoint,
		startEdge: openEdge,
		async startActors(pool, { entry = SERVER, limits = {}, env = {} } = {}) {
			const lines: string[] = [];
			if (![...running.values()].includes(pool)) giveUpDeadProcesses(engine, pool, dataFolder);
			const child = startChild(
				{
					file: process.execPath,
					args: [entry],
					env: {
						...engine.env,
						RIVET_POOL: pool,
						BULLPEN_DATA: dataFolder,
						BULLPEN_KEYS: folder,
						BULLPEN_MODE: "test",
						BULLPEN_LIMITS: JSON.stringify(limits),
						...env,
					},
				},
				(line) => lines.push(line),
			);
			running.set(child, pool);
			const remembered = rememberProcesses(engine, pool, dataFolder);
			await Promise.race([child.printed(/^actors ready$/), tooLate(lines)]);
			await remembered;
			return {
				pid: child.pid,
				lines,
				async kill(signal = "SIGKILL") {
					child.kill(signal);
					await child.exited;
					running.delete(child);
				},
			};
		},
		ticket(actor, key, { id, role = "member", scopes, ageSeconds = 0 }) {
			const claims: TicketClaims = {
				typ: "ticket",
				iss: "web",
				sub: id,
				aud: audienceOf(actor, key),
				name: id,
				role,
				...(scopes && { scopes }),
				iat: now() - ageSeconds,
				exp: now() - ageSeconds + 120,
				jti: randomUUID(),
			};
			return { ticket: writeJwt(claims, keyOf("web")) };
		},
		service(actor, key, subject, issuer = "actors") {
			const claims: ServiceClaims = {
				typ: "service",
				iss: issuer,
				sub: subject,
				aud: audienceOf(actor, key),
				iat: now(),
				exp: now() + 60,
				jti: randomUUID(),
			};
			return { service: writeJwt(claims, keyOf(issuer)) };
		},
		async stop() {
			await Promise.all([
				...edges.map((edge) => edge.kill()),
				...[...running.keys()].map((child) => child.stop(1_000)),
			]);
			await engine.stop();
			rmSync(dataFolder, { recursive: true, force: true });
		},
	};
}

async function tooLate(lines: readonly string[]): Promise<never> {
	await new Promise((resolve) => setTimeout(resolve, READY_MS).unref());
	throw new Error(`the actors were not ready within ${READY_MS} ms:\n${lines.join("\n")}`);
}
