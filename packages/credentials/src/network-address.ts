import { BlockList, isIP } from "node:net";

/**
 * What an IP address is for somebody who may only go out to the internet. `forbidden` addresses are never meant by anybody:
 * metadata services of clouds, multicast, reserved ranges.
 */
export type AddressKind = "public" | "private" | "loopback" | "forbidden";

/** IANA special-purpose registries (RFC 6890 and its successors); metadata addresses as the clouds document them. */
const LISTS: readonly { readonly kind: Exclude<AddressKind, "public">; readonly list: BlockList }[] = [
	{
		kind: "forbidden",
		list: listOf(
			"0.0.0.0/8",
			"169.254.0.0/16",
			"100.100.100.200/32",
			"192.0.0.0/24",
			"192.0.2.0/24",
			"192.88.99.0/24",
			"198.51.100.0/24",
			"203.0.113.0/24",
			"224.0.0.0/4",
			"240.0.0.0/4",
			"::/128",
			"64:ff9b:1::/48",
			"100::/64",
			"2001::/23",
			"2001:db8::/32",
			"3fff::/20",
			"5f00::/16",
			"fd00:ec2::254/128",
			"fec0::/10",
			"fe80::/10",
			"ff00::/8",
		),
	},
	{ kind: "loopback", list: listOf("127.0.0.0/8", "::1/128") },
	{
		kind: "private",
		list: listOf("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "fc00::/7"),
	},
];

/** IPv6 forms that lead to an IPv4 address, as [prefix of expanded groups, index of the group it starts at]. */
const CARRIERS = [
	{ prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // IPv4-mapped
	{ prefix: [0, 0, 0, 0, 0, 0], at: 6 }, // IPv4-compatible
	{ prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64, RFC 6052
	{ prefix: [0x2002], at: 1 }, // 6to4
] as const;

/** @throws Error for what is no IP address. */
export function addressKind(address: string): AddressKind {
	const bare = address.replace(/^\[|\]$/g, "").split("%")[0] ?? "";
	const family = isIP(bare);
	if (family === 0) throw new Error("Not an IP address.");
	const carried = family === 6 && bare !== "::1" && bare !== "::" ? carriedBy(bare) : undefined;
	if (carried !== undefined) return addressKind(carried);
	const found = LISTS.find(({ list }) => list.check(bare, family === 4 ? "ipv4" : "ipv6"));
	return found?.kind ?? "public";
}

function carriedBy(address: string): string | undefined {
	const groups = groupsOf(address);
	const carrier = CARRIERS.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
	if (!carrier) return undefined;
	const [high = 0, low = 0] = groups.slice(carrier.at);
	return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address. `URL` writes every form of one in the same way, without dots. */
function groupsOf(address: string): number[] {
	const [left = "", right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
	const numbers = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
	const [head, tail] = [numbers(left), numbers(right ?? "")];
	return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function listOf(...ranges: string[]): BlockList {
	const list = new BlockList();
	for (const range of ranges) {
		const [net = "", bits = ""] = range.split("/");
		list.addSubnet(net, Number(bits), net.includes(":") ? "ipv6" : "ipv4");
	}
	return list;
}
