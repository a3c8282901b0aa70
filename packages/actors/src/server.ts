import { createClient } from "rivetkit/client";
import { keepNoDelay } from "./no-delay.ts";
import { callAs, environment, limits } from "./process.ts";
import { allowVirtual, confinement, modelKeys, registry } from "./registry.ts";
import { reportAgents } from "./workspace/agent-report.ts";

// A backstop, never the plan: sandbox-agent 0.4.2 leaves a rejection unhandled for any failed POST, and one agent must not
// take every workspace down. What arrives here is a bug and is logged as one.
process.on("unhandledRejection", (reason) => {
	process.stderr.write(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
});

await registry.startAndWait();
keepNoDelay(Number(new URL(environment.engine.url).port));
if (environment.pool === "rooms") await openForPeople();
if (modelKeys) void tellAgents(modelKeys);
process.stdout.write("actors ready\n");

/** The directory lives in the other process: what agents there are is told to it, for as long as this one lives. */
async function tellAgents(keys: NonNullable<typeof modelKeys>): Promise<void> {
	const client = createClient<typeof registry>({ endpoint: environment.engine.url, token: environment.engine.token });
	await reportAgents({
		dataDir: environment.dataFolder,
		limits,
		allowVirtual,
		confinement,
		keys,
		tell: async (agents) => {
			const params = callAs("server", "directory", "main");
			await client.directory.get(["main"], { params }).noteAgents({ agents: [...agents] });
		},
		onProblem: (error) => process.stderr.write(`the agents were not told: ${String(error)}\n`),
		signal: new AbortController().signal,
	});
}

/** A real round trip through the engine, so that "ready" is the truth: the directory answers and `general` is there. */
async function openForPeople(): Promise<void> {
	const client = createClient<typeof registry>({ endpoint: environment.engine.url, token: environment.engine.token });
	const params = callAs("server", "directory", "main");
	await client.directory.getOrCreate(["main"], { params, poolName: "rooms" }).init();
	const searching = callAs("server", "search", "main");
	await client.search.getOrCreate(["main"], { params: searching, poolName: "rooms" }).init();
	await client.dispose();
}
