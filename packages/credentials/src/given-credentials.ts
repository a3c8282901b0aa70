import { Problem } from "@bullpen/domain/problem";
import { readEndpoint } from "./base-url.ts";
import type { Credential } from "./credential.ts";
import { DEFAULT_BASE_URL, type Provider, SERVER } from "./provider.ts";
import { ProviderKey } from "./provider-key.ts";

const VARIABLES = [
	{ provider: "openai", key: "OPENAI_API_KEY", baseUrl: "OPENAI_BASE_URL" },
	{ provider: "anthropic", key: "ANTHROPIC_API_KEY", baseUrl: "ANTHROPIC_BASE_URL" },
] as const;

/**
 * Keys in the environment of the start command: the server's, used where it has none stored, and never stored themselves.
 * Whoever starts the server sets the base URL on purpose, so it may be private. A variable that is wrong is told, by its
 * name and never its value, and counts as none.
 */
export function givenCredentials(
	env: NodeJS.ProcessEnv,
	httpHosts: readonly string[],
	tell: (sentence: string) => void,
): ReadonlyMap<Provider, Credential> {
	const given = new Map<Provider, Credential>();
	for (const { provider, ...names } of VARIABLES) {
		const keyText = env[names.key]?.trim();
		if (!keyText) continue;
		const own = DEFAULT_BASE_URL[provider];
		const baseUrl = env[names.baseUrl]?.trim() || own;
		const key = attempt(names.key, tell, () => new ProviderKey(keyText));
		const endpoint = attempt(names.baseUrl, tell, () =>
			readEndpoint({ baseUrl, isPrivateAllowed: baseUrl !== own, httpHosts }),
		);
		if (!key || !endpoint) continue;
		const isAtProvider = endpoint.baseUrl === own;
		given.set(provider, { ...endpoint, id: `environment:${provider}`, provider, payer: SERVER, key, isAtProvider });
	}
	return given;
}

function attempt<Value>(variable: string, tell: (sentence: string) => void, read: () => Value): Value | undefined {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		tell(`${variable} is not used: ${error.message}`);
		return undefined;
	}
}
