import { join } from "node:path";
import { startChild } from "@bullpen/engine/child";
import { startTestEngine } from "@bullpen/engine/test";
import type { Stand } from "../stand.ts";

/** The naive room on an engine as it comes, straight to the engine: nothing in between that could slow it. */
export async function startNaive(): Promise<Stand> {
	const engine = await startTestEngine({ isTuned: false });
	const runner = startChild({
		file: process.execPath,
		args: [join(import.meta.dirname, "server.ts")],
		env: { ...engine.env, RIVET_LOG_LEVEL: "error" },
	});
	await runner.printed(/actors ready/);
	return {
		engine: { url: engine.endpoint, token: engine.token },
		places: { naive: { kind: "naive", endpoint: engine.endpoint } },
		openRoom: async (name) => name,
		processes: () => ({ engine: [engine.pid()], actors: [runner.pid] }),
		stop: async () => {
			await runner.stop(2_000);
			await engine.stop();
		},
	};
}
