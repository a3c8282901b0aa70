/**
 * The demo agent as a process: the Agent Client Protocol over stdin and stdout, no model, no dependencies. Runs as
 * `node src/main.ts` from a read-only folder; keeps its sessions in `$HOME/.bullpen-demo-agent`.
 */
import { homedir } from "node:os";
import { AcpAgent } from "./acp-agent.ts";
import { SessionStore } from "./session-store.ts";

const words = Number(process.env.DEMO_AGENT_WORDS_MS ?? 15);
const agent = new AcpAgent(process.stdout, new SessionStore(homedir()), {
	words: Number.isFinite(words) ? Math.min(Math.max(words, 0), 1_000) : 15,
	output: 150,
});

function end(): void {
	agent.cancelAll();
	process.exit(0);
}
process.stdout.on("error", end); // nobody listens any more
process.on("SIGTERM", end);
process.on("SIGINT", end);

await agent.peer.listen(process.stdin);
end();
