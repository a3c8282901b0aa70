import type { Provider } from "@bullpen/credentials/provider";
import type { AgentName } from "@bullpen/domain/agent-name";
import type { DirectoryAgentRow } from "@bullpen/domain/directory";
import type { Limits } from "@bullpen/domain/limits";
import type { AgentKind } from "./agents/agent-kind.ts";
import { AGENTS } from "./agents.ts";
import type { Confinement } from "./confinement.ts";
import { agentShelf } from "./shelf/agent-shelf.ts";

/** An agent of this machine, as the directory tells it. */
export type AgentState = Omit<DirectoryAgentRow, "version">;

export interface AgentsWish {
	readonly dataDir: string;
	readonly limits: Limits;
	/** What programs can be confined by here. */
	readonly possible: Confinement;
	/** Providers that the server has a usable key of. */
	readonly paid: readonly Provider[];
	readonly allowVirtual?: boolean;
}

/** Every agent there is, in the order in which they are offered. Installs nothing. */
export function listAgents(wish: AgentsWish): Promise<AgentState[]> {
	return Promise.all(Object.values(AGENTS).map((agent, position) => stateOf(agent, position, wish)));
}

/** Installs an agent without waiting for a prompt. @throws InstallFailed with a sentence for people */
export async function installAgent(
	name: AgentName,
	{ dataDir, limits }: Pick<AgentsWish, "dataDir" | "limits">,
): Promise<void> {
	await agentShelf(dataDir, limits).folderOf(AGENTS[name]);
}

async function stateOf(agent: AgentKind, position: number, wish: AgentsWish): Promise<AgentState> {
	const { name, title, providers } = agent;
	const obstacle = sandboxObstacle(agent, wish);
	return {
		kind: "directoryAgent",
		id: name,
		name: title,
		position,
		installation: await agentShelf(wish.dataDir, wish.limits).installation(agent),
		providers: [...providers],
		serverProviders: providers.filter((provider) => wish.paid.includes(provider)),
		...(obstacle === undefined ? {} : { obstacle }),
	};
}

function sandboxObstacle(agent: AgentKind, { allowVirtual, possible }: AgentsWish): string | undefined {
	if (possible.kind === "confined" || (agent.isVirtual && allowVirtual !== false)) return undefined;
	return `${possible.reason} ${possible.fix}`;
}
