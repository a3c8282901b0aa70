import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AgentName } from "@bullpen/domain/agent-name";
import type { Limits } from "@bullpen/domain/limits";
import { z } from "zod";
import type { AgentKind, AgentPackage } from "../agents/agent-kind.ts";
import { InstallFailed, npmInstall } from "./npm-install.ts";

/** Whether an agent's programs are on this machine. */
export type Installation =
	| { readonly state: "installed" }
	| { readonly state: "missing"; readonly bytes: number }
	/** `done` of 1, never falling. */
	| { readonly state: "installing"; readonly done: number }
	| { readonly state: "failed"; readonly reason: string };

/** The agents' programs in one data folder, shared by all its workspaces. */
export interface AgentShelf {
	installation(agent: AgentKind): Promise<Installation>;
	/**
	 * The folder with the agent's `node_modules`, installed first if it is missing. Whoever asks meanwhile shares the one
	 * installation. `onProgress` hears how far it is (0 to 1).
	 * @throws InstallFailed with a sentence for people
	 */
	folderOf(agent: AgentKind, onProgress?: (done: number) => void): Promise<string>;
}

type Settings = Pick<Limits, "agentInstallMs" | "agentInstallTellMs">;

const shelves = new Map<string, AgentShelf>();

/** The one shelf of a data folder in this process. */
export function agentShelf(dataDir: string, limits: Settings): AgentShelf {
	const known = shelves.get(dataDir);
	if (known) return known;
	const shelf = new Shelf(join(dataDir, "agents"), limits);
	shelves.set(dataDir, shelf);
	return shelf;
}

const UNFINISHED = ".new-";

interface Running {
	done: number;
	readonly listeners: Set<(done: number) => void>;
	readonly folder: Promise<string>;
}

/**
 * `agents/<name>@<version>` stands when it is complete, for it is renamed to there from a folder that is nobody else's, and is
 * never changed. An installation that was cut leaves its downloads in `agents/.cache`, where the next one finds them.
 */
class Shelf implements AgentShelf {
	readonly #root: string;
	readonly #limits: Settings;
	readonly #running = new Map<AgentName, Running>();
	readonly #failed = new Map<AgentName, string>();
	#last: Promise<unknown> = Promise.resolve();

	constructor(root: string, limits: Settings) {
		this.#root = root;
		this.#limits = limits;
	}

	async installation(agent: AgentKind): Promise<Installation> {
		const running = this.#running.get(agent.name);
		if (running) return { state: "installing", done: running.done };
		if (!agent.package || (await isFolder(this.#place(agent, agent.package)))) return { state: "installed" };
		const reason = this.#failed.get(agent.name);
		if (reason !== undefined) return { state: "failed", reason };
		return { state: "missing", bytes: agent.package.installedBytes };
	}

	async folderOf(agent: AgentKind, onProgress?: (done: number) => void): Promise<string> {
		if (!agent.package) return this.#root;
		const place = this.#place(agent, agent.package);
		if (await isFolder(place)) return place;
		const running = this.#running.get(agent.name) ?? this.#start(agent, agent.package);
		if (onProgress) running.listeners.add(onProgress);
		try {
			return await running.folder;
		} finally {
			if (onProgress) running.listeners.delete(onProgress);
		}
	}

	#place(agent: AgentKind, { version }: AgentPackage): string {
		return join(this.#root, `${agent.name}@${version}`);
	}

	/** Behind whatever is being installed: two at once would only share the line. */
	#start(agent: AgentKind, asked: AgentPackage): Running {
		const listeners = new Set<(done: number) => void>();
		const tell = (done: number) => {
			if (done <= running.done) return;
			running.done = done;
			for (const listener of listeners) listener(done);
		};
		const folder = this.#last.then(() => this.#install(agent, asked, tell));
		const running: Running = { done: 0, listeners, folder };
		this.#running.set(agent.name, running);
		this.#failed.delete(agent.name);
		this.#last = folder
			.catch((error: unknown) => this.#failed.set(agent.name, error instanceof Error ? error.message : String(error)))
			.finally(() => this.#running.delete(agent.name));
		return running;
	}

	async #install(agent: AgentKind, asked: AgentPackage, tell: (done: number) => void): Promise<string> {
		const place = this.#place(agent, asked);
		const cache = join(this.#root, ".cache");
		const folder = join(this.#root, `${UNFINISHED}${randomUUID()}`);
		try {
			await mkdir(folder, { recursive: true, mode: 0o755 });
			await this.#removeUnfinished();
			await refuseWithoutRoom(this.#root, asked);
			await writeManifest(agent, folder);
			await npmInstall({
				folder,
				cache,
				lock: join(this.#root, "lock"),
				unless: place,
				timeoutMs: this.#limits.agentInstallMs,
				progressEveryMs: this.#limits.agentInstallTellMs,
				onProgress: (bytes) => tell(Math.min(bytes / asked.writtenBytes, 0.99)),
			});
			// What is renamed must be on the disk by then, or a power cut leaves a complete name on half a program.
			await promisify(execFile)("sync", ["-f", folder]);
			await this.#shelve(agent, folder, place);
			await rm(cache, { recursive: true, force: true });
		} catch (error) {
			if (await isFolder(place)) return place; // another process was faster
			throw asInstallFailed(agent, error);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
		tell(1);
		return place;
	}

	/** What killed processes left. Others may be at work, but not for longer than an installation may take. */
	async #removeUnfinished(): Promise<void> {
		for (const name of await readdir(this.#root)) {
			const path = join(this.#root, name);
			const info = name.startsWith(UNFINISHED) ? await stat(path).catch(() => undefined) : undefined;
			if (info && Date.now() - info.mtimeMs > 2 * this.#limits.agentInstallMs)
				await rm(path, { recursive: true, force: true });
		}
	}

	/** Other versions are nobody's any more: the sandboxes that used them died with the server that knew them. */
	async #shelve(agent: AgentKind, folder: string, place: string): Promise<void> {
		await chmod(folder, 0o755);
		await rename(folder, place);
		const others = (await readdir(this.#root)).filter(
			(name) => name.startsWith(`${agent.name}@`) && join(this.#root, name) !== place,
		);
		for (const name of others) await rm(join(this.#root, name), { recursive: true, force: true });
	}
}

const Lock = z.looseObject({ packages: z.looseObject({ "": z.looseObject({}) }) });

/** The lock beside the agent's own file, and the manifest it was made from, which it holds. */
async function writeManifest(agent: AgentKind, folder: string): Promise<void> {
	const text = await readFile(fileURLToPath(new URL(`../agents/${agent.name}.lock.json`, import.meta.url)), "utf8");
	const manifest = Lock.parse(JSON.parse(text)).packages[""];
	await writeFile(join(folder, "package-lock.json"), text, { mode: 0o644 });
	await writeFile(join(folder, "package.json"), JSON.stringify(manifest), { mode: 0o644 });
}

async function refuseWithoutRoom(root: string, { writtenBytes }: AgentPackage): Promise<void> {
	const { bavail, bsize } = await statfs(root);
	if (bavail * bsize >= writtenBytes) return;
	const free = megabytes(bavail * bsize);
	throw new InstallFailed(
		`It needs ${megabytes(writtenBytes)} of disk space, and ${free} are free. Free some, then try again.`,
	);
}

function megabytes(bytes: number): string {
	return `${Math.ceil(bytes / 1_000_000)} MB`;
}

function asInstallFailed(agent: AgentKind, error: unknown): InstallFailed {
	const isFull = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
	const said = error instanceof Error ? error.message : String(error);
	const why = isFull ? "The disk is full. Free some space, then try again." : said;
	return new InstallFailed(`${agent.title} could not be installed. ${why}`, { cause: error });
}

async function isFolder(path: string): Promise<boolean> {
	return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
