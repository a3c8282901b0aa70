import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Credential } from "@bullpen/credentials/credential";
import type { ApiForm } from "./route.ts";

/**
 * Headers that pass; every other one stays behind: credentials and cookies of any name, what belongs to one connection
 * (RFC 9110, 7.6.1), what tells of proxies, and what picks another organisation or project of the same key.
 */
const TO_PROVIDER =
	/^(?:accept|content-type|content-encoding|user-agent|anthropic-(?:version|beta)|openai-beta|idempotency-key|originator|version|session_id|conversation_id|x-app|x-client-request-id|x-stainless-[\w-]+|x-codex-[\w-]+)$/;

const TO_AGENT =
	/^(?:content-type|content-length|cache-control|request-id|x-request-id|retry-after|retry-after-ms|x-should-retry|openai-(?:version|model|processing-ms)|x-models-etag|x-reasoning-included|x-ratelimit-[\w-]+|anthropic-ratelimit-[\w-]+|x-codex-[\w-]+)$/;

/** What is sent to the provider: what passes of the agent's headers, and the payer's key in place of the workspace's token. */
export function headersToProvider(
	given: IncomingHttpHeaders,
	form: ApiForm,
	key: Credential["key"],
	length: number | undefined,
): Record<string, string> {
	const ofConnection = new Set((given.connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
	const kept = Object.entries(given).filter(([name]) => TO_PROVIDER.test(name) && !ofConnection.has(name));
	return {
		...Object.fromEntries(kept.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))),
		...(form === "anthropic" ? { "x-api-key": key.reveal() } : { authorization: `Bearer ${key.reveal()}` }),
		// What is compressed could not be searched for the key, nor for what it used.
		"accept-encoding": "identity",
		...(length !== undefined && { "content-length": String(length) }),
	};
}

/** What the agent gets to see of the provider's headers; one that repeats the key does not pass. */
export function headersToAgent(given: IncomingHttpHeaders, key: Credential["key"]): OutgoingHttpHeaders {
	const secret = key.reveal();
	const kept = Object.entries(given).filter(([name, value]) => TO_AGENT.test(name) && !`${value}`.includes(secret));
	return Object.fromEntries(kept);
}
