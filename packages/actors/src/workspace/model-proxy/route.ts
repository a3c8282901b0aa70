import type { Provider } from "@bullpen/credentials/provider";

/** Whose form errors and answers have. */
export type ApiForm = "openai" | "anthropic";

/** One thing an agent may ask a provider for. Nothing else of a provider can be reached. */
export interface Route {
	readonly provider: Provider;
	readonly form: ApiForm;
	readonly method: "GET" | "POST";
	readonly operation: "responses" | "chat-completions" | "messages" | "count-tokens" | "models";
	/** Uses tokens that somebody pays. */
	readonly isPaid: boolean;
	/** What follows the provider's base URL. */
	readonly path: string;
}

const OPENAI = [
	{ method: "POST", at: "/v1/responses", operation: "responses", isPaid: true, path: "/responses" },
	{
		method: "POST",
		at: "/v1/chat/completions",
		operation: "chat-completions",
		isPaid: true,
		path: "/chat/completions",
	},
	{ method: "GET", at: "/v1/models", operation: "models", isPaid: false, path: "/models" },
] as const;

const ANTHROPIC = [
	{ method: "POST", at: "/v1/messages", operation: "messages", isPaid: true, path: "/v1/messages" },
	{
		method: "POST",
		at: "/v1/messages/count_tokens",
		operation: "count-tokens",
		isPaid: false,
		path: "/v1/messages/count_tokens",
	},
	{ method: "GET", at: "/v1/models", operation: "models", isPaid: false, path: "/v1/models" },
] as const;

const ROUTES: ReadonlyMap<string, Route> = new Map(
	[
		{ provider: "openai", form: "openai", routes: OPENAI } as const,
		{ provider: "openai-compatible", form: "openai", routes: OPENAI } as const,
		{ provider: "anthropic", form: "anthropic", routes: ANTHROPIC } as const,
	].flatMap(({ provider, form, routes }) =>
		routes.map(({ at, ...route }): [string, Route] => [
			`${route.method} /${provider}${at}`,
			{ ...route, provider, form },
		]),
	),
);

/** What the agents we know add; anything else is left out on the way. */
const QUERY_NAMES = new Set(["beta", "client_version", "limit", "after_id", "before_id"]);
const QUERY_VALUE = /^[\w.-]{1,100}$/;

/** The route of a request target, taken literally: nothing is decoded or resolved. Undefined for whatever is not listed. */
export function routeOf(method: string, target: string): Route | undefined {
	const [path = "", query, ...more] = target.split("?");
	const route = ROUTES.get(`${method} ${path}`);
	return route && more.length === 0 ? { ...route, path: route.path + keptQuery(query ?? "") } : undefined;
}

/** In whose form to refuse what has no route. */
export const formOf = (target: string): ApiForm => (target.startsWith("/anthropic/") ? "anthropic" : "openai");

function keptQuery(query: string): string {
	const kept = [...new URLSearchParams(query)].filter(
		([name, value]) => QUERY_NAMES.has(name) && QUERY_VALUE.test(value),
	);
	return kept.length === 0 ? "" : `?${new URLSearchParams(kept)}`;
}
