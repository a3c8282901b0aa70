import { fileURLToPath } from "node:url";
import type { Limits } from "@bullpen/domain/limits";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";
import { expect, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));

/** Workspaces with scripted agents, and people at them. */
export class WorkspaceTown {
	readonly visitors: Visitors;
	readonly #house: House;
	readonly #limits: Partial<Limits>;
	#actors: ActorsProcess;
	#made = 0;

	private constructor(house: House, limits: Partial<Limits>, actors: ActorsProcess) {
		this.#house = house;
		this.#limits = limits;
		this.#actors = actors;
		this.visitors = new Visitors(house);
	}

	static async open(limits: Partial<Limits>): Promise<WorkspaceTown> {
		const house = await openHouse();
		return new WorkspaceTown(house, limits, await house.startActors("workspaces", { entry: SCRIPTED, limits }));
	}

	get lines(): readonly string[] {
		return this.#actors.lines;
	}

	/** A workspace of Ada's, and these people at it. Ada is its owner. */
	async found<const Names extends readonly string[]>(
		...names: Names
	): Promise<[id: string, ...watchers: { [I in keyof Names]: Watcher }]> {
		const id = `w-${++this.#made}`;
		await this.visitors.make(id);
		const watchers = await Promise.all(names.map((name) => this.visitors.watch(id, name)));
		return [id, ...watchers] as unknown as [string, ...{ [I in keyof Names]: Watcher }];
	}

	/** kill -9 of the process with all workspaces, and another one in its place. */
	async crash(): Promise<void> {
		await this.#actors.kill("SIGKILL");
		this.#actors = await this.#house.startActors("workspaces", { entry: SCRIPTED, limits: this.#limits });
	}

	async close(): Promise<void> {
		await this.visitors.client.dispose();
		await this.#house.stop();
	}
}

export const eventually = (check: () => void, waitMs = 10_000): Promise<void> => vi.waitFor(check, waitMs);

export const turnsOf = (watcher: Watcher): TurnRow[] => [...watcher.view.turns.values()];
export const ended = (watcher: Watcher, count: number): Promise<void> =>
	eventually(() => expect(turnsOf(watcher).filter(({ status }) => status !== "running")).toHaveLength(count));

/** The one question that waits. */
export async function asked(watcher: Watcher): Promise<PermissionRow> {
	await eventually(() => expect(watcher.view.pendingPermissions).toHaveLength(1));
	return watcher.view.pendingPermissions[0]!;
}

export const refusal = (call: Promise<unknown>): Promise<{ code: string; metadata?: unknown }> =>
	call.then(
		() => Promise.reject(new Error("nothing was refused")),
		(error: unknown) => error as { code: string; metadata?: unknown },
	);
