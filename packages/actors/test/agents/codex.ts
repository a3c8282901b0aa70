import { codex } from "../../src/workspace/agent/agents/codex.ts";
import { realAgent } from "./real-agent.ts";

await realAgent(codex, {
	provider: "openai",
	askedRun: "ASKRUN",
	asksToWrite: false,
	afterDenial: "cancelled",
	hasPlan: true,
	failure: 400,
	command: "init",
	sessions: [".codex"],
});
