import type { Provider } from "@bullpen/credentials/provider";
import type { AgentName } from "@bullpen/domain/agent-name";
import type { Limits } from "@bullpen/domain/limits";
import type { AgentKind } from "./agents/agent-kind.ts";
import { AGENTS } from "./agents.ts";
import { type Confinement, confinement } from "./confinement.ts";
import { keyStep, payableProvider } from "./equip.ts";
import type { ModelAccess } from "./model-door.ts";
import { agentShelf, type Installation } from "./shelf/agent-shelf.ts";

/** One agent as people choose it: whether it can work here, and what stands in the way. */
export interface AgentOffer {
	readonly name: AgentName;
	readonly title: string;
	/** Of its package; absent for what is part of Bullpen. */
	readonly version?: string;
	readonly installation: Installation;
	/** The keys it can work with, any one of them; empty when it needs none. */
	readonly providers: readonly Provider[];
	readonly hasKey: boolean;
	/** It works when it is asked now; a missing one is installed first, by itself. */
	readonly isReady: boolean;
	/** The next step, as a sentence for people; absent when there is none to take. */
	readonly nextStep?: string;
	/** The one to offer first: the first that a key is there for, else the one that needs none. */
	readonly isDefault: boolean;
}

export interface AgentsWish {
	readonly dataDir: string;
	readonly limits: Limits;
	/** The keys that the asking workspace or person could use. */
	readonly models?: ModelAccess;
	readonly allowVirtual?: boolean;
	readonly confinement?: typeof confinement;
}

/** Every agent there is, in the order in which they are offered. Installs nothing. */
export async function listAgents(wish: AgentsWish): Promise<AgentOffer[]> {
	const possible = await (wish.confinement ?? confinement)(wish.dataDir, wish.limits);
	const offers = await Promise.all(Object.values(AGENTS).map((agent) => offerOf(agent, wish, possible)));
	const first = offers.find(({ isReady }) => isReady);
	return offers.map((offer) => ({ ...offer, isDefault: offer === first }));
}

/** Installs an agent without waiting for a prompt. @throws InstallFailed with a sentence for people */
export async function installAgent(name: AgentName, { dataDir, limits }: AgentsWish): Promise<void> {
	await agentShelf(dataDir, limits).folderOf(AGENTS[name]);
}

async function offerOf(
	agent: AgentKind,
	wish: AgentsWish,
	possible: Confinement,
): Promise<Omit<AgentOffer, "isDefault">> {
	const installation = await agentShelf(wish.dataDir, wish.limits).installation(agent);
	const hasKey = agent.providers.length === 0 || (await payableProvider(agent, wish.models)) !== undefined;
	const obstacle = sandboxObstacle(agent, wish, possible) ?? (hasKey ? undefined : keyStep(agent));
	const nextStep = obstacle ?? installStep(agent, installation);
	return {
		name: agent.name,
		title: agent.title,
		...(agent.package && { version: agent.package.version }),
		installation,
		providers: agent.providers,
		hasKey,
		isReady: obstacle === undefined,
		...(nextStep === undefined ? {} : { nextStep }),
	};
}

function sandboxObstacle(agent: AgentKind, { allowVirtual }: AgentsWish, possible: Confinement): string | undefined {
	if (possible.kind === "confined" || (agent.isVirtual && allowVirtual !== false)) return undefined;
	return `${possible.reason} ${possible.fix}`;
}

function installStep({ title }: AgentKind, installation: Installation): string | undefined {
	switch (installation.state) {
		case "installed":
			return undefined;
		case "installing":
			return `${title} is being installed.`;
		case "missing":
			return `${title} is installed at its first prompt (${Math.ceil(installation.bytes / 1_000_000)} MB).`;
		case "failed":
			return installation.reason;
	}
}
