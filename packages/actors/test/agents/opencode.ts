import { opencode } from "../../src/workspace/agent/agents/opencode.ts";
import { realAgent } from "./real-agent.ts";

await realAgent(opencode, {
	provider: "openai-compatible",
	askedRun: "RUN",
	asksToWrite: true,
	afterDenial: "end_turn",
	hasPlan: false,
	failure: 401,
	sessions: [".local/share/opencode"],
});
