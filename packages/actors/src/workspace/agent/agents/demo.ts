import { fileURLToPath } from "node:url";
import type { AgentKind } from "./agent-kind.ts";

const folder = fileURLToPath(new URL("../", import.meta.resolve("@bullpen/demo-agent/main")));

/** Works without a model: everything can be tried with no key. */
export const demo: AgentKind = {
	name: "demo",
	title: "Demo agent",
	// Sandbox Agent's own `mock` is replaced: any name it does not know is refused by the server.
	sdkName: "mock",
	providers: [],
	isVirtual: true,
	launch: () => ({
		command: ["node", "/opt/demo-agent/src/main.ts"],
		readOnly: [{ from: folder, to: "/opt/demo-agent" }],
	}),
};
