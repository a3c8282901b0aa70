import { AgentName } from "@bullpen/domain/agent-name";
import type { AgentKind } from "./agents/agent-kind.ts";
import { claude } from "./agents/claude.ts";
import { codex } from "./agents/codex.ts";
import { demo } from "./agents/demo.ts";
import { opencode } from "./agents/opencode.ts";

/** Every agent, in the order in which they are offered. */
export const AGENTS: Readonly<Record<AgentName, AgentKind>> = { codex, claude, opencode, demo };

export function agentKind(name: string): AgentKind | undefined {
	const known = AgentName.safeParse(name);
	return known.success ? AGENTS[known.data] : undefined;
}
