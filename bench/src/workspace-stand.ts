import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startStack } from "@bullpen/engine/stack";
import { stockClient } from "./ours/seat.ts";
import { Signer } from "./ours/ticket.ts";
import { within } from "./within.ts";

const START_MS = 30_000;
const OPEN_MS = 30_000;
const OWNER = "bench-0";

/** `scripted`: agents that say what a prompt tells them to, at once. `demo`: the demo agent in its sandbox. */
export type AgentSide = "scripted" | "demo";
export type WorkspaceLink = Awaited<ReturnType<WorkspaceStand["open"]>>;

/** Workspaces as production runs them, through the edge, on an empty data folder. */
export class WorkspaceStand {
	readonly workspacesPid: () => number;
	readonly stop: () => Promise<void>;
	readonly #client: ReturnType<typeof stockClient>;
	readonly #signer: Signer;

	private constructor(parts: {
		workspacesPid: () => number;
		stop: () => Promise<void>;
		client: ReturnType<typeof stockClient>;
		signer: Signer;
	}) {
		this.workspacesPid = parts.workspacesPid;
		this.stop = parts.stop;
		this.#client = parts.client;
		this.#signer = parts.signer;
	}

	static async start(side: AgentSide, limits: Readonly<Record<string, number>>): Promise<WorkspaceStand> {
		const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-bench-"));
		const env = { BULLPEN_LIMITS: JSON.stringify(limits) };
		const stack = await startStack({
			dataFolder,
			mode: "test",
			parts: ["engine", "rooms", ...(side === "demo" ? ["workspaces" as const] : []), "edge"],
			env: { rooms: env, workspaces: env, edge: env },
		});
		const keys = join(dataFolder, "keys");
		const scripted =
			side === "scripted" ? await startScripted(stack, { ...env, BULLPEN_DATA: dataFolder, BULLPEN_KEYS: keys }) : null;
		const client = stockClient(`${stack.publicUrl}/rivet`);
		const signer = new Signer(keys);
		const stop = async (): Promise<void> => {
			await client.dispose();
			await scripted?.stop();
			await stack.stop();
			rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
		};
		const direct = stockClient(stack.engineUrl);
		const directory = direct.directory.get(["main"], { params: signer.service("directory", "main") });
		await directory.registerPerson({ userId: OWNER, name: OWNER, role: "member" });
		await direct.dispose();
		const workspacesPid = (): number => scripted?.pid ?? stack.pids().workspaces ?? 0;
		return new WorkspaceStand({ workspacesPid, stop, client, signer });
	}

	/** A fresh workspace that everybody of the server may watch; answers with its key. */
	async create(name: string): Promise<string> {
		const params = this.#signer.ticket(OWNER, "directory", "main");
		const directory = this.#client.directory.get(["main"], { params });
		const input = { name, agent: "demo", visibility: "server" } as const;
		return (await within(OPEN_MS, "making a workspace", directory.createWorkspace(input))).workspaceId;
	}

	async open(workspaceId: string, person = OWNER) {
		const getParams = async () => this.#signer.ticket(person, "workspace", workspaceId);
		const connection = this.#client.workspace.get([workspaceId], { getParams }).connect();
		await within(OPEN_MS, "connecting", connection.ready);
		return connection;
	}
}

/** The process of workspaces with scripted agents in the place of real ones. */
async function startScripted(
	stack: { readonly engineUrl: string; readonly engineToken: string },
	env: Readonly<Record<string, string>>,
): Promise<{ pid: number; stop: () => Promise<void> }> {
	const entry = join(import.meta.dirname, "../../packages/actors/test/fixture/scripted-server.ts");
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry], {
		env: {
			...process.env,
			...env,
			RIVET_ENDPOINT: stack.engineUrl,
			RIVET_TOKEN: stack.engineToken,
			RIVET_POOL: "workspaces",
			BULLPEN_MODE: "test",
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	const exited = once(child, "exit");
	const ready = Promise.withResolvers<void>();
	createInterface(child.stdout).on("line", (line) => line === "actors ready" && ready.resolve());
	await within(START_MS, "the scripted process", ready.promise);
	return {
		pid: child.pid ?? 0,
		stop: async () => {
			child.kill("SIGTERM");
			await exited;
		},
	};
}
