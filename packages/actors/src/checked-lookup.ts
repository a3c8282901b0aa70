import type { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";

export type Lookup = typeof systemLookup;

/**
 * Looks a name up and leaves out the addresses that are not allowed, so that what was checked is what is connected to.
 * `refused` is why nothing is left.
 */
export function checkedLookup(
	lookup: Lookup,
	isAllowed: (address: string) => boolean,
	refused: () => Error,
): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, { ...options, all: true }, (error, found) => {
			if (error) return callback(error, []);
			const addresses = found.filter(({ address }) => isAllowed(address));
			const [first] = addresses;
			if (!first) return callback(refused(), []);
			if (options.all) callback(null, addresses);
			else callback(null, first.address, first.family);
		});
	};
}
