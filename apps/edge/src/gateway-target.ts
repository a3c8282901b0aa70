import { isPublicAction } from "@bullpen/domain/authorization";
import { RoomId } from "@bullpen/domain/id";
import { ActorName } from "@bullpen/domain/identity";

/** One actor of ours by its key, and what is wanted of it. */
export type GatewayTarget =
	| { readonly wants: "connect"; readonly actor: ActorName; readonly key: string }
	| { readonly wants: "action"; readonly actor: ActorName; readonly key: string; readonly action: string };

const PATH = /^\/rivet\/gateway\/([A-Za-z]{1,32})\/(?:connect|action\/([A-Za-z]{1,64}))$/;

/**
 * Reads a request target as it came over the wire, undecoded. Anything that is not exactly one of the two shapes is
 * nothing: no other parameter, none twice, nothing percent-encoded, no path that another reader could resolve.
 */
export function parseGatewayTarget(requestTarget: string): GatewayTarget | undefined {
	const [path = "", query, ...rest] = requestTarget.split("?");
	const [, name, action] = PATH.exec(path) ?? [];
	const actor = ActorName.safeParse(name);
	const key = query === undefined || rest.length > 0 ? undefined : parseKey(query);
	if (!actor.success || key === undefined) return undefined;
	if (action === undefined) return { wants: "connect", actor: actor.data, key };
	return isPublicAction(actor.data, action) ? { wants: "action", actor: actor.data, key, action } : undefined;
}

/** The same target in the engine's words, written from what was read: nothing of the client's text gets through. */
export function engineTarget(target: GatewayTarget): string {
	const verb = target.wants === "connect" ? "connect" : `action/${target.action}`;
	return `/gateway/${target.actor}/${verb}?rvt-namespace=default&rvt-method=get&rvt-key=${target.key}`;
}

function parseKey(query: string): string | undefined {
	const parameters = new Map<string, string>();
	for (const parameter of query.split("&")) {
		const [name = "", value = "", ...rest] = parameter.split("=");
		if (rest.length > 0 || parameters.has(name)) return undefined;
		parameters.set(name, value);
	}
	// Every id has the form of a room's.
	const key = RoomId.safeParse(parameters.get("rvt-key"));
	const isExact =
		parameters.size === 3 && parameters.get("rvt-namespace") === "default" && parameters.get("rvt-method") === "get";
	return isExact && key.success ? key.data : undefined;
}
