import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { SandboxKind } from "@bullpen/domain/workspace";
import { z } from "zod";
import { claim } from "./claim.ts";
import type { Db } from "./db.ts";

/** Where a workspace's files are. `confined` ones lie in one data folder; `virtual` ones in the actor's database. */
export interface Place {
	readonly kind: SandboxKind;
	readonly isHere: boolean;
	readonly host: string;
}

const Row = z.object({ kind: SandboxKind, place: z.string(), host: z.string() });

/** Undefined before the workspace's first start. */
export async function placeOf(db: Db, dataDir: string): Promise<Place | undefined> {
	const [row] = await db.execute("SELECT kind, place, host FROM agent_place WHERE id = 1");
	if (!row) return undefined;
	const { kind, place, host } = Row.parse(row);
	return { kind, host, isHere: kind === "virtual" || place === (await idOf(dataDir)) };
}

/** Remembered for ever: a workspace never starts with an empty folder somewhere else. */
export async function settle(db: Db, dataDir: string, kind: SandboxKind): Promise<void> {
	await db.execute(
		"INSERT INTO agent_place (id, kind, place, host) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
		kind,
		await idOf(dataDir),
		hostname(),
	);
}

/** The data folder's own id, made when first asked. */
async function idOf(dataDir: string): Promise<string> {
	const folder = join(dataDir, "sandbox");
	await mkdir(folder, { recursive: true });
	return claim(join(folder, "place"), randomUUID());
}
