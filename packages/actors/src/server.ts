import { registry } from "./registry.ts";

// A backstop, never the plan: sandbox-agent 0.4.2 leaves a rejection unhandled for any failed POST, and one agent must not
// take every workspace down. What arrives here is a bug and is logged as one.
process.on("unhandledRejection", (reason) => {
	process.stderr.write(`unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
});

await registry.startAndWait();
process.stdout.write(`actors ready\n`);
