import { lookup as systemLookup } from "node:dns";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import type { Endpoint } from "@bullpen/credentials/base-url";
import { addressKind } from "@bullpen/credentials/network-address";
import type { Limits } from "@bullpen/domain/limits";
import { Agent, type Dispatcher } from "undici";
import { checkedLookup, type Lookup } from "../../checked-lookup.ts";
import { Refusal } from "./refusal.ts";

export interface UpstreamRequest {
	readonly endpoint: Endpoint;
	readonly path: string;
	readonly method: "GET" | "POST";
	readonly headers: Record<string, string>;
	readonly body: Readable | null;
	readonly signal: AbortSignal;
}

/** Connections to providers. Follows no redirect, and connects only to addresses it has looked at. */
export class Upstream {
	readonly #public: Agent;
	readonly #anywhere: Agent;

	constructor(limits: Limits, lookup: Lookup = systemLookup) {
		const agent = (isPrivateAllowed: boolean) => {
			const allowed = (address: string) => isAllowed(address, isPrivateAllowed);
			return new Agent({
				allowH2: false,
				connections: limits.modelRequestsAtOnce,
				connect: { timeout: limits.modelConnectMs, lookup: checkedLookup(lookup, allowed, addressRefused) },
				// The exchange has its own clocks, which know what the agent does.
				headersTimeout: 0,
				bodyTimeout: 0,
			});
		};
		this.#public = agent(false);
		this.#anywhere = agent(true);
	}

	/** @throws Refusal `address_refused` for an address nobody allowed; what undici throws when there is no answer. */
	async send({ endpoint, path, body, ...request }: UpstreamRequest): Promise<Dispatcher.ResponseData> {
		const { origin, pathname, hostname } = new URL(endpoint.baseUrl);
		const host = hostname.replace(/^\[|\]$/g, "");
		// An address written out is not looked up.
		if (isIP(host) !== 0 && !isAllowed(host, endpoint.isPrivateAllowed)) throw addressRefused();
		const agent = endpoint.isPrivateAllowed ? this.#anywhere : this.#public;
		return await agent.request({ ...request, body, origin, path: pathname.replace(/\/$/, "") + path });
	}

	async close(): Promise<void> {
		await Promise.all([this.#public.destroy(), this.#anywhere.destroy()]);
	}
}

function isAllowed(address: string, isPrivateAllowed: boolean): boolean {
	const kind = addressKind(address);
	return kind === "public" || (isPrivateAllowed && kind !== "forbidden");
}

const addressRefused = (): Refusal =>
	new Refusal(
		"address_refused",
		"The provider's base URL leads to a private address. The server's owner can allow that for it.",
	);
