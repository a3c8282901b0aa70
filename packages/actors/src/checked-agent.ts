import { lookup as systemLookup } from "node:dns";
import { Agent } from "undici";
import { checkedLookup, type Lookup } from "./checked-lookup.ts";

interface Options {
	/** To one host. */
	readonly connections: number;
	readonly connectMs: number;
	readonly answerMs: number;
	readonly lookup?: Lookup | undefined;
	readonly isAllowed: (address: string) => boolean;
	readonly refused: () => Error;
}

/**
 * Goes where people's words lead: by names to allowed addresses alone, with no redirect followed, and with an end to all that is
 * waited for. An address that is written out is not looked up: whoever takes such ones asks for them first.
 */
export const checkedAgent = ({
	connections,
	connectMs,
	answerMs,
	lookup = systemLookup,
	isAllowed,
	refused,
}: Options): Agent =>
	new Agent({
		allowH2: false,
		connections,
		connect: { timeout: connectMs, lookup: checkedLookup(lookup, isAllowed, refused) },
		headersTimeout: answerMs,
		bodyTimeout: answerMs,
		maxHeaderSize: 16 * 1024,
	});
