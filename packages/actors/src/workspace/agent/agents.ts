import { fileURLToPath } from "node:url";
import { AgentName } from "@bullpen/domain/agent-name";

/** One kind of agent: what its launcher needs inside the sandbox. An agent is one entry here; see docs/how-to/add-an-agent.md. */
export interface AgentKind {
	/** The name Sandbox Agent knows it by: its launcher is `agent_processes/<sdkName>-acp`. Never leaves the agent host. */
	readonly sdkName: string;
	/** Host folders shown read-only inside the sandbox. */
	readonly readOnly: readonly { readonly from: string; readonly to: string }[];
	/** The command line that speaks ACP over stdio, run with `node` and the sandbox's own programs on PATH. */
	readonly command: readonly string[];
	/** Whether it can work in memory, running nothing, where no sandbox is possible. */
	readonly isVirtual: boolean;
}

const demoAgent = fileURLToPath(new URL("../", import.meta.resolve("@bullpen/demo-agent/main")));

const AGENTS: Readonly<Record<AgentName, AgentKind>> = {
	demo: {
		// Sandbox Agent's own `mock` is replaced: any name it does not know is refused by the server.
		sdkName: "mock",
		readOnly: [{ from: demoAgent, to: "/opt/demo-agent" }],
		command: ["node", "/opt/demo-agent/src/main.ts"],
		isVirtual: true,
	},
};

export function agentKind(name: string): AgentKind | undefined {
	const known = AgentName.safeParse(name);
	return known.success ? AGENTS[known.data] : undefined;
}
