import type { AgentName } from "./agent-name.ts";
import type { DirectoryAgentRow } from "./directory.ts";

/** One agent as somebody chooses it: whether it can work for them, and what stands in the way. */
export interface AgentOffer {
	readonly name: AgentName;
	readonly title: string;
	readonly installation: DirectoryAgentRow["installation"];
	/** Whose keys it could use; empty also for one that needs none. */
	readonly payers: readonly ("server" | "me")[];
	readonly needsKey: boolean;
	/** The keys any one of which is enough, as people call them. */
	readonly keyNames: readonly string[];
	/** Why it cannot work on this machine, with the fix. */
	readonly obstacle: string | undefined;
	/** It works when it is asked now; a missing one is installed first, by itself. */
	readonly isReady: boolean;
	/** The one to offer first. */
	readonly isDefault: boolean;
}

const KEY_NAMES = new Map([
	["openai", "OpenAI"],
	["anthropic", "Anthropic"],
	["openai-compatible", "an OpenAI-compatible server"],
]);

/** What people call a provider. */
export const providerName = (provider: string): string => KEY_NAMES.get(provider) ?? provider;

/** Every agent in the order of preference, for somebody who has keys of these providers. The first that works is the default. */
export function agentOffers(rows: readonly DirectoryAgentRow[], ownProviders: readonly string[]): AgentOffer[] {
	const offers = rows.toSorted((a, b) => a.position - b.position).map((row) => offerOf(row, ownProviders));
	const first = offers.find(({ isReady }) => isReady);
	return offers.map((offer) => ({ ...offer, isDefault: offer === first }));
}

function offerOf(row: DirectoryAgentRow, ownProviders: readonly string[]): Omit<AgentOffer, "isDefault"> {
	const { id, name, installation, providers, serverProviders, obstacle } = row;
	const isPaidBy = (others: readonly string[]): boolean => providers.some((provider) => others.includes(provider));
	const payers = [
		...(isPaidBy(serverProviders) ? (["server"] as const) : []),
		...(isPaidBy(ownProviders) ? (["me"] as const) : []),
	];
	const needsKey = providers.length > 0;
	return {
		name: id,
		title: name,
		installation,
		payers,
		needsKey,
		keyNames: providers.map(providerName),
		obstacle,
		isReady: obstacle === undefined && (!needsKey || payers.length > 0),
	};
}
