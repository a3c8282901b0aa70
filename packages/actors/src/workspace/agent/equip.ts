import type { Provider } from "@bullpen/credentials/provider";
import type { Limits } from "@bullpen/domain/limits";
import type { AgentKind } from "./agents/agent-kind.ts";
import type { ModelAccess } from "./model-door.ts";
import { agentShelf } from "./shelf/agent-shelf.ts";

/** What an agent needs beside a sandbox. */
export interface Equipment {
	/** Undefined where its programs are part of Bullpen. */
	readonly packageFolder: string | undefined;
	/** Undefined where it needs no model. */
	readonly models: { readonly access: ModelAccess; readonly provider: Provider } | undefined;
}

export interface EquipmentWish {
	readonly agent: AgentKind;
	readonly dataDir: string;
	readonly limits: Limits;
	readonly models?: ModelAccess;
	/** How far the installation is, 0 to 1; only while there is one. */
	onInstall?(done: number): void;
}

/**
 * Finds the agent a model that somebody pays for, then its programs, which are installed if they are missing.
 * @throws Error with the sentence to show: what is missing, and the next step
 */
export async function equip({ agent, dataDir, limits, models, onInstall }: EquipmentWish): Promise<Equipment> {
	const isPaid = await payableProvider(agent, models);
	if (agent.providers.length > 0 && isPaid === undefined)
		throw new Error(`${agent.title} has no key yet. ${keyStep(agent)}`);
	return {
		packageFolder: agent.package && (await agentShelf(dataDir, limits).folderOf(agent, onInstall)),
		models: isPaid && models && { access: models, provider: isPaid },
	};
}

/** The agent's most preferred provider that somebody pays for. */
async function payableProvider(agent: AgentKind, models: ModelAccess | undefined): Promise<Provider | undefined> {
	if (agent.providers.length === 0) return undefined;
	const paid = (await models?.providers()) ?? [];
	return agent.providers.find((provider) => paid.includes(provider));
}

const NAMES: Readonly<Record<Provider, string>> = {
	openai: "OpenAI",
	anthropic: "Anthropic",
	"openai-compatible": "OpenAI-compatible server",
};

/** What to do about a missing key. */
function keyStep({ providers }: AgentKind): string {
	const names = new Intl.ListFormat("en", { type: "disjunction" }).format(providers.map((each) => NAMES[each]));
	return `Add a key for ${names} in the settings, or ask whoever runs this server to.`;
}
