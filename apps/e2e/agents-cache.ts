import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Agents are downloaded once for all tests on this machine. */
const CACHE = join(import.meta.dirname, "../../packages/actors/node_modules/.cache/bullpen-test/agents");

/** Makes an empty data folder one whose agents are those of the cache. */
export function shareAgents(dataFolder: string): void {
	mkdirSync(CACHE, { recursive: true });
	symlinkSync(CACHE, join(dataFolder, "agents"));
}
