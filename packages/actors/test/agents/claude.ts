import { claude } from "../../src/workspace/agent/agents/claude.ts";
import { realAgent } from "./real-agent.ts";

await realAgent(claude, {
	provider: "anthropic",
	askedRun: "RUN",
	asksToWrite: true,
	afterDenial: "end_turn",
	hasPlan: false,
	failure: 400,
	sessions: [".claude/projects"],
});
