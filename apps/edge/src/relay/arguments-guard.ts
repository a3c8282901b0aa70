import type { Limits } from "@bullpen/domain/limits";

/** `refused`: this call is. `ill`: RivetKit takes such a frame for none, and closes. */
export type Fault = { readonly type: "refused"; readonly message: string } | { readonly type: "ill" };

const SIGNED = /^-?\d{1,1000}$/;

/**
 * Why these arguments must not reach an actor, or nothing. RivetKit (2.3.19) reads a whole merged frame with them: what
 * its reader takes long for, or breaks at, would be everybody's trouble. Deep or endless nesting, escaped values that are
 * none, and halves of characters (lone surrogates), which its JSON does not know.
 */
export function faultIn(args: readonly unknown[], limits: Limits): Fault | undefined {
	let left = limits.edgeArgumentsValuesMax;
	let level: unknown[] = [args];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > limits.edgeArgumentsDepthMax) return refused("The arguments are nested too deep.");
		const below: unknown[] = [];
		for (const value of level) {
			if (Array.isArray(value)) {
				if (!isKnownEscape(value)) return refused("The arguments hold an escaped value that is not known.");
				left -= value.length;
				if (left < 0) return refused("The arguments hold too many values.");
				for (const item of value) if (!collect(item, below)) return { type: "ill" };
			} else if (typeof value === "object" && value !== null) {
				for (const [key, item] of Object.entries(value)) {
					if (--left < 0) return refused("The arguments hold too many values.");
					if (!key.isWellFormed() || !collect(item, below)) return { type: "ill" };
				}
			}
		}
		level = below;
	}
	return undefined;
}

const refused = (message: string): Fault => ({ type: "refused", message });

/** Keeps what may hold more. False for a text that is not well-formed. */
function collect(item: unknown, below: unknown[]): boolean {
	if (typeof item === "string") return item.isWellFormed();
	if (typeof item === "object" && item !== null) below.push(item);
	return true;
}

function isKnownEscape(value: readonly unknown[]): boolean {
	const [tag, held] = value;
	if (value.length !== 2 || typeof tag !== "string" || !tag.startsWith("$")) return true;
	switch (tag) {
		case "$BigInt":
			return typeof held === "string" && SIGNED.test(held);
		case "$ArrayBuffer":
		case "$Uint8Array":
			return typeof held === "string";
		case "$Set":
			return Array.isArray(held);
		case "$Undefined":
			return true;
		default:
			return tag.startsWith("$$");
	}
}
