import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import type { AgentKind } from "../../src/workspace/agent/agents/agent-kind.ts";
import { confinement } from "../../src/workspace/agent/confinement.ts";
import { agentShelf } from "../../src/workspace/agent/shelf/agent-shelf.ts";

/** Agents are downloaded once for all runs of the tests on this machine. */
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/bullpen-test");

/**
 * Makes the data folder one in which the agent is installed.
 * @returns why it cannot be tested on this machine; undefined when it can
 */
export async function provideAgent(agent: AgentKind, dataDir: string): Promise<string | undefined> {
	const possible = await confinement(dataDir, LIMITS);
	if (possible.kind === "virtual") return `${possible.reason} ${possible.fix}`;
	try {
		await agentShelf(CACHE, LIMITS).folderOf(agent);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	mkdirSync(dataDir, { recursive: true });
	symlinkSync(join(CACHE, "agents"), join(dataDir, "agents"));
	return undefined;
}
