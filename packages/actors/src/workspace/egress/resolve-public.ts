import { lookup } from "node:dns/promises";
import { addressKind } from "@bullpen/credentials/network-address";
import { EgressRefusal } from "./egress-refusal.ts";

/** Every address a name has now. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
	(await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

const ADDRESSES_MAX = 4;

/**
 * The addresses to connect to, and to no others: a name that is asked again may answer differently. One that leads into this
 * machine or its networks makes the whole name worthless, whatever else it has.
 * @throws EgressRefusal
 */
export async function publicAddresses(resolve: Resolve, host: string): Promise<readonly string[]> {
	let addresses: readonly string[];
	try {
		addresses = await resolve(host);
	} catch {
		throw new EgressRefusal("unknown_host", 502, `${host} is not known.`);
	}
	if (addresses.length === 0) throw new EgressRefusal("unknown_host", 502, `${host} has no address.`);
	if (addresses.some((address) => addressKind(address) !== "public")) {
		throw new EgressRefusal("private_address", 403, `${host} leads to a private address.`);
	}
	return addresses.slice(0, ADDRESSES_MAX);
}
