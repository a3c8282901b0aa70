import type { ActorName } from "@bullpen/domain/identity";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { type ActionInput, type ActionName, type ActionOutput, WIRE } from "@bullpen/domain/wire";
import { createClient } from "rivetkit/client";
import type { z } from "zod";
import { asProblem } from "./problem-response.ts";
import type { Settings } from "./settings.ts";
import { makeServiceToken, type Signer } from "./tickets.ts";

/**
 * One signed call of an actor in the web's own name, with a bounded wait.
 * @throws Problem a refusal that its asker is to hear · `busy` with `reason` when the actor cannot be asked in time
 */
export type CallActor = <A extends ActorName, N extends ActionName<A>>(
	actor: A,
	key: string,
	name: N,
	input: ActionInput<A, N>,
) => Promise<ActionOutput<A, N>>;

/** Refusals that the asker is to hear; anything else is that the actor could not be asked. */
const PASSED_ON: ReadonlySet<string> = new Set([
	"archived",
	"bad_input",
	"busy",
	"forbidden",
	"nonce_reused",
	"not_found",
	"not_member",
	"name_taken",
	"rate_limited",
	"text_empty",
	"text_invalid",
	"text_too_long",
	"unauthenticated",
]);

export function serviceCalls(engine: Settings["engine"], signer: Signer): CallActor {
	const client = createClient({
		endpoint: engine.url,
		token: engine.token,
		encoding: "json",
		disableMetadataLookup: true,
	});
	return async <A extends ActorName, N extends ActionName<A>>(
		actor: A,
		key: string,
		name: N,
		input: ActionInput<A, N>,
	): Promise<ActionOutput<A, N>> => {
		const signal = AbortSignal.timeout(signer.limits.registerPersonMs);
		try {
			const service = await makeServiceToken(signer, actor, key, Date.now());
			const called = client.get(actor, [key], { params: { service } });
			const answer = await withinTime(called.action({ name, args: [input], signal }), signal);
			const shapes: Readonly<Record<string, { readonly output: z.ZodType }>> = WIRE[actor].actions;
			return shapes[name]?.output.parse(answer) as ActionOutput<A, N>; // by the schema of these two names
		} catch (cause) {
			throw refusalIn(cause) ?? notAsked(cause);
		}
	};
}

/** Whether it could not be asked because there is no such actor. One that is still to be made is absent, too. */
export const isAbsent = (error: unknown): boolean => asProblem(error)?.details.reason === "actor/not_found";

const notAsked = (cause: unknown): Problem =>
	new Problem("busy", "Bullpen is still starting. Try again in a moment.", {
		waitMs: 1_000,
		reason: reasonOf(cause),
	});

function refusalIn(cause: unknown): Problem | undefined {
	if (!(cause instanceof Error) || Reflect.get(cause, "group") !== "user") return undefined;
	const code = ProblemCode.safeParse(Reflect.get(cause, "code"));
	if (!code.success || !PASSED_ON.has(code.data)) return undefined;
	const details = ProblemDetails.safeParse(Reflect.get(cause, "metadata"));
	return new Problem(code.data, cause.message, details.success ? details.data : {});
}

/** The client retries inside and does not always honour the signal: the wait ends here in any case. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	return Promise.race([work, promise]);
}

/** RivetKit's `group/code` of a failure (both are public), never its message. */
function reasonOf(cause: unknown): string {
	if (typeof cause !== "object" || cause === null) return "unknown";
	const group: unknown = Reflect.get(cause, "group");
	const code: unknown = Reflect.get(cause, "code");
	if (typeof group === "string" && typeof code === "string") return `${group}/${code}`;
	return cause instanceof Error ? cause.name : "unknown";
}
