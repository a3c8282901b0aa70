import { RedeemedBot } from "@bullpen/domain/bot";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import type { ActionInput } from "@bullpen/domain/wire";
import { createClient } from "rivetkit/client";
import type { z } from "zod";
import type { Settings } from "./settings.ts";
import { makeServiceToken, type Signer } from "./tickets.ts";

/** What the web tells `directory["main"]`. */
type Told = {
	[N in "registerPerson" | "setActive" | "notePicture" | "noteAct"]: [name: N, input: ActionInput<"directory", N>];
};
export type TellDirectory = (...told: Told[keyof Told]) => Promise<void>;
/** Whose token has this SHA-256. @throws Problem `unauthenticated` `busy` */
export type RedeemBot = (tokenHash: string) => Promise<z.infer<typeof RedeemedBot>>;

/** Refusals of the directory that its asker is to hear; anything else is that it could not be told. */
const PASSED_ON: ReadonlySet<string> = new Set(["busy", "forbidden", "not_found", "unauthenticated"]);

export interface DirectoryCalls {
	/** @throws Problem `forbidden` `not_found` · `busy` when it cannot be told in time */
	readonly tell: TellDirectory;
	readonly redeemBot: RedeemBot;
}

/** The signed calls of the directory, with a bounded wait. */
export function directoryCalls(engine: Settings["engine"], signer: Signer): DirectoryCalls {
	const client = createClient({
		endpoint: engine.url,
		token: engine.token,
		encoding: "json",
		disableMetadataLookup: true,
	});
	const call = async (name: string, input: unknown): Promise<unknown> => {
		const signal = AbortSignal.timeout(signer.limits.registerPersonMs);
		try {
			const service = await makeServiceToken(signer, "directory", "main", Date.now());
			const directory = client.get("directory", ["main"], { params: { service } });
			return await withinTime(directory.action({ name, args: [input], signal }), signal);
		} catch (cause) {
			throw refusalIn(cause) ?? notTold(cause);
		}
	};
	return {
		tell: async (name, input) => void (await call(name, input)),
		redeemBot: async (tokenHash) => RedeemedBot.parse(await call("redeemBot", { tokenHash })),
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
