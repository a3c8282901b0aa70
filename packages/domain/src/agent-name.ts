import { z } from "zod";
import { Problem } from "./problem.ts";

/** The agents that people may ask for. What each one is made of only the agent host knows. */
export const AgentName = z.enum(["demo", "codex", "claude", "opencode"]);
export type AgentName = z.infer<typeof AgentName>;

/** @throws Problem `bad_input` with the names there are */
export function knownAgent(name: string): AgentName {
	const known = AgentName.safeParse(name);
	if (known.success) return known.data;
	throw new Problem("bad_input", "There is no such agent.", { field: "agent", agents: AgentName.options.join(", ") });
}
