import { createClient } from "rivetkit/client";
import { keepNoDelay } from "./no-delay.ts";
import { callAs, environment } from "./process.ts";
import { registry } from "./registry.ts";

// A backstop, never the plan: sandbox-agent 0.4.2 leaves a rejection unhandled for any failed POST, and one agent must not
// take every workspace down. What arrives here is a bug and is logged as one.
process.on("unhandledRejection", (reason) => {
	process.stderr.write(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
});

await registry.startAndWait();
keepNoDelay(Number(new URL(environment.engine.url).port));
if (environment.pool === "rooms") await openForPeople();
process.stdout.write("actors ready\n");

/** A real round trip through the engine, so that "ready" is the truth: the directory answers and `general` is there. */
async function openForPeople(): Promise<void> {
	const client = createClient<typeof registry>({ endpoint: environment.engine.url, token: environment.engine.token });
	const params = callAs("server", "directory", "main");
	await client.directory.getOrCreate(["main"], { params, poolName: "rooms" }).init();
	await client.dispose();
}
