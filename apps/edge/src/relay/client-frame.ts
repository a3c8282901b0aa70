/** What a client says. `id` is JSON text that goes back with the answer; `args` were parsed and not yet looked at. */
export type ClientFrame =
	| { readonly type: "call"; readonly id: string; readonly name: string; readonly args: readonly unknown[] }
	| { readonly type: "subscription"; readonly event: string; readonly isWanted: boolean };

/**
 * Reads a frame of RivetKit's JSON encoding (rivetkit 2.3.19: two kinds, extra fields ignored, binary or text), or nothing
 * when it is not one: such a client is told `actor.invalid_request` and closed.
 */
export function readClientFrame(data: Buffer): ClientFrame | undefined {
	const frame = parse(data);
	if (!isRecord(frame) || !isRecord(frame.body) || !isRecord(frame.body.val)) return undefined;
	const { tag, val } = frame.body;
	if (tag === "ActionRequest") return readCall(val);
	return tag === "SubscriptionRequest" ? readSubscription(val) : undefined;
}

function readCall({ id, name, args }: Record<string, unknown>): ClientFrame | undefined {
	const echo = readId(id);
	if (echo === undefined || typeof name !== "string" || args === undefined) return undefined;
	return { type: "call", id: echo, name, args: isArgumentList(args) ? args : [] };
}

function readSubscription({ eventName, subscribe }: Record<string, unknown>): ClientFrame | undefined {
	if (typeof eventName !== "string" || typeof subscribe !== "boolean") return undefined;
	return { type: "subscription", event: eventName, isWanted: subscribe };
}

const UNSIGNED = /^\d{1,20}$/;
const UNSIGNED_MAX = 2n ** 64n;

/** `["$BigInt","7"]`, or a plain number, which RivetKit answers in that form too. */
function readId(id: unknown): string | undefined {
	if (typeof id === "number") return Number.isSafeInteger(id) && id >= 0 ? `["$BigInt","${id}"]` : undefined;
	if (!Array.isArray(id) || id.length !== 2 || id[0] !== "$BigInt") return undefined;
	const digits: unknown = id[1];
	const isUnsigned = typeof digits === "string" && UNSIGNED.test(digits) && BigInt(digits) < UNSIGNED_MAX;
	return isUnsigned ? `["$BigInt","${digits}"]` : undefined;
}

/** A list of two whose first is `$…` is one escaped value and no list, unless the `$` is doubled. */
function isArgumentList(args: unknown): args is unknown[] {
	if (!Array.isArray(args)) return false;
	const [first] = args;
	return args.length !== 2 || typeof first !== "string" || !first.startsWith("$") || first.startsWith("$$");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(data: Buffer): unknown {
	try {
		return JSON.parse(data.toString("utf8"));
	} catch {
		return undefined; // not JSON: no frame
	}
}
