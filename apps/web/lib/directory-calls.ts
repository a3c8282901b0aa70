import { Problem, ProblemCode } from "@bullpen/domain/problem";
import type { ActionInput } from "@bullpen/domain/wire";
import { createClient } from "rivetkit/client";
import type { Settings } from "./settings.ts";
import { makeServiceToken, type Signer } from "./tickets.ts";

/** What the web tells `directory["main"]`. */
type Told = {
	[N in "registerPerson" | "setActive" | "notePicture" | "noteAct"]: [name: N, input: ActionInput<"directory", N>];
};
export type TellDirectory = (...told: Told[keyof Told]) => Promise<void>;

/** Refusals of the directory that its asker is to hear; anything else is that it could not be told. */
const PASSED_ON: ReadonlySet<string> = new Set(["forbidden", "not_found"]);

/**
 * The signed calls of the directory, with a bounded wait.
 * @throws Problem `busy` when it cannot be told in time · `forbidden` `not_found`
 */
export function directoryCalls(engine: Settings["engine"], signer: Signer): TellDirectory {
	const client = createClient({
		endpoint: engine.url,
		token: engine.token,
		encoding: "json",
		disableMetadataLookup: true,
	});
	return async (name, input) => {
		const signal = AbortSignal.timeout(signer.limits.registerPersonMs);
		try {
			const service = await makeServiceToken(signer, "directory", "main", Date.now());
			const directory = client.get("directory", ["main"], { params: { service } });
			await withinTime(directory.action({ name, args: [input], signal }), signal);
		} catch (cause) {
			throw refusalIn(cause) ?? notTold(cause);
		}
	};
}

const notTold = (cause: unknown): Problem =>
	new Problem("busy", "Bullpen is still starting. Try again in a moment.", {
		waitMs: 1_000,
		reason: reasonOf(cause),
	});

function refusalIn(cause: unknown): Problem | undefined {
	if (!(cause instanceof Error) || Reflect.get(cause, "group") !== "user") return undefined;
	const code = ProblemCode.safeParse(Reflect.get(cause, "code"));
	return code.success && PASSED_ON.has(code.data) ? new Problem(code.data, cause.message) : undefined;
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
