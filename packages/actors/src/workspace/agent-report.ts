import { setTimeout as sleep } from "node:timers/promises";
import { type Provider, Provider as Providers, SERVER } from "@bullpen/credentials/provider";
import type { Limits } from "@bullpen/domain/limits";
import type { confinement as Confine, Confinement } from "./agent/confinement.ts";
import { type AgentState, listAgents } from "./agent/list-agents.ts";
import type { Keys } from "./payer.ts";

interface Options {
	readonly dataDir: string;
	readonly limits: Limits;
	readonly allowVirtual: boolean;
	readonly confinement: typeof Confine;
	readonly keys: Keys;
	/** Tells the directory. What it did not take is told again. */
	readonly tell: (agents: readonly AgentState[]) => Promise<void>;
	readonly onProblem: (error: unknown) => void;
	/** Ends it. */
	readonly signal: AbortSignal;
}

/**
 * Tells what agents there are here, once at the start and whenever it changes: installations go on, keys come and go in
 * another process. Whether programs can be confined is asked again now and then, since somebody may just install what was missing.
 */
export async function reportAgents({ dataDir, limits, allowVirtual, keys, tell, onProblem, signal, ...wish }: Options) {
	let told = "";
	let possible: Confinement | undefined;
	let askedAt = 0;
	while (!signal.aborted) {
		try {
			if (possible?.kind !== "confined" && Date.now() - askedAt > limits.agentConfinementAskMs) {
				askedAt = Date.now();
				possible = await wish.confinement(dataDir, limits);
			}
			const paid = Providers.options.filter((provider: Provider) => keys.find(SERVER, provider) !== undefined);
			const agents = possible && (await listAgents({ dataDir, limits, allowVirtual, possible, paid }));
			const now = JSON.stringify(agents);
			if (agents && now !== told) {
				await tell(agents);
				told = now;
			}
		} catch (error) {
			onProblem(error);
		}
		await sleep(limits.agentReportMs, undefined, { signal, ref: false }).catch(() => undefined); // ended while it slept
	}
}
