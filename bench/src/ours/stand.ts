import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registry } from "@bullpen/actors";
import type { LIMITS } from "@bullpen/domain/limits";
import { startStack } from "@bullpen/engine/stack";
import { type Client, createClient } from "rivetkit/client";
import { PEOPLE } from "../seat.ts";
import type { Stand } from "../stand.ts";
import { Signer } from "./ticket.ts";

/** Limits protect a server from people; a bench wants to see what lies beyond them. Their code stays on the path. */
const RAISED: Partial<Record<keyof typeof LIMITS, number>> = {
	sendBurstPerConnection: 1e9,
	sendPerSecondPerConnection: 1e9,
	sendBurstPerPerson: 1e9,
	sendPerSecondPerPerson: 1e9,
	callBurstPerConnection: 1e9,
	callPerSecondPerConnection: 1e9,
	callBurstPerPerson: 1e9,
	callPerSecondPerPerson: 1e9,
	roomsOpenedPerHour: 1e9,
	edgeHandshakeBurstPerAddress: 1e9,
	edgeHandshakesPerSecondPerAddress: 1e9,
	edgeHeardBurstPerAddress: 1e12,
	edgeHeardPerSecondPerAddress: 1e12,
};
const REGISTERED_AT_ONCE = 10;
const OPENER = "bench-0";

/** The whole of Bullpen but its pages, as production runs it, on an empty data folder. `env`: for its Node processes. */
export async function startOurs(
	env: Readonly<Record<string, string>> = {},
	{ people = PEOPLE, limits: own = {} }: { people?: number; limits?: typeof RAISED } = {},
): Promise<Stand> {
	const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-bench-"));
	const asked: unknown = JSON.parse(process.env.BENCH_LIMITS ?? "{}"); // checked by whoever reads them
	const limits = { BULLPEN_LIMITS: JSON.stringify(Object.assign({}, RAISED, own, asked)), ...env };
	const stack = await startStack({
		dataFolder,
		mode: "test",
		parts: ["engine", "rooms", "workspaces", "edge"],
		env: { rooms: limits, workspaces: limits, edge: limits },
	});
	const keys = join(dataFolder, "keys");
	const client = createClient<Registry>({ endpoint: stack.engineUrl, encoding: "json", disableMetadataLookup: true });
	const signer = new Signer(keys);
	const openRoom = async (name: string): Promise<string> => {
		const params = signer.ticket(OPENER, "directory", "main");
		return (await client.directory.get(["main"], { params }).openRoom({ name })).roomId;
	};
	const stop = async (): Promise<void> => {
		await client.dispose();
		await stack.stop();
		const kept = process.env.BENCH_KEEP_LOGS;
		if (kept) cpSync(join(dataFolder, "logs"), kept, { recursive: true });
		rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await register(client, signer, people);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		engine: { url: stack.engineUrl, token: stack.engineToken },
		places: {
			direct: { kind: "ours", endpoint: stack.engineUrl, keys },
			edge: { kind: "ours", endpoint: `${stack.publicUrl}/rivet`, keys },
		},
		openRoom,
		processes: () => {
			const { engine, rooms, workspaces, edge } = stack.pids();
			const ids = (...pids: (number | undefined)[]): number[] => pids.filter((pid) => pid !== undefined);
			return { engine: ids(engine), actors: ids(rooms, workspaces), edge: ids(edge) };
		},
		logs: join(dataFolder, "logs"),
		stop,
	};
}

/** As the web does when somebody signs in for the first time: the directory knows them, and they have an inbox. */
async function register(client: Client<Registry>, signer: Signer, people: number): Promise<void> {
	for (let i = 0; i < people; i += REGISTERED_AT_ONCE) {
		const directory = client.directory.get(["main"], { params: signer.service("directory", "main") });
		const ids = Array.from({ length: Math.min(REGISTERED_AT_ONCE, people - i) }, (_, n) => `bench-${i + n}`);
		await Promise.all(ids.map((userId) => directory.registerPerson({ userId, name: userId, role: "member" })));
	}
}
