import type { Limits } from "@bullpen/domain/limits";
import { faultIn } from "./arguments-guard.ts";
import type { Client } from "./client.ts";
import type { ClientFrame } from "./client-frame.ts";
import type { Refusal } from "./json-frame.ts";
import { actionNotFound, BUSY, badInput, tooFast, tooLarge } from "./refusals.ts";

/** A call of a client on its way: waiting, or sent under its number and not answered. */
export interface Call {
	readonly client: Client;
	/** The client's own number, as JSON text. */
	readonly id: string;
	readonly name: string;
	/** The arguments, as JSON text. */
	readonly args: string;
	readonly bytes: number;
	/** Unix ms. */
	readonly since: number;
}

export type Admission =
	| { readonly type: "admitted"; readonly call: Call }
	| { readonly type: "refused"; readonly refusal: Refusal }
	/** RivetKit takes the frame for none, and closes. */
	| { readonly type: "ill" };

/** Names that could be an action's; nothing else is worth an actor's time. */
const ACTION_NAME = /^[A-Za-z]{1,64}$/;
/** What `forward` writes around each call, at most. */
const WRAP_BYTES = 256;

/** What becomes of a call before it goes anywhere. `paceOf` counts it, and says how long its person has to wait. */
export function admitCall(
	client: Client,
	{ id, name, args }: Extract<ClientFrame, { type: "call" }>,
	limits: Limits,
	paceOf: (userId: string) => number,
): Admission {
	if (!ACTION_NAME.test(name)) return refused(actionNotFound(name));
	const fault = faultIn(args, limits);
	if (fault?.type === "ill") return fault;
	if (fault !== undefined) return refused(badInput(fault.message));
	if (client.openCalls >= limits.edgeCallsPerConnectionMax) return refused(BUSY);
	const waitMs = paceOf(client.userId);
	if (waitMs > 0) return refused(tooFast(waitMs));
	const text = JSON.stringify(args);
	const bytes = Buffer.byteLength(text);
	if (bytes > limits.clientFrameBytesMax) return refused(tooLarge(limits.clientFrameBytesMax));
	return {
		type: "admitted",
		call: { client, id, name, args: text, bytes: bytes + WRAP_BYTES, since: Date.now() },
	};
}

const refused = (refusal: Refusal): Admission => ({ type: "refused", refusal });
