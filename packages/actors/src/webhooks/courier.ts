import { isIP } from "node:net";
import { addressKind } from "@bullpen/credentials/network-address";
import type { Limits } from "@bullpen/domain/limits";
import type { Delivery } from "@bullpen/domain/webhook";
import type { Agent } from "undici";
import { checkedAgent } from "../checked-agent.ts";
import type { Lookup } from "../checked-lookup.ts";
import { Turnstile } from "../reads.ts";
import { type Signed, signatureOf } from "./signature.ts";

export interface Errand extends Signed {
	readonly url: string;
	readonly secret: string;
}
export type Answer = Pick<Delivery, "status" | "failure"> & { readonly tookMs: number };

interface Options {
	readonly limits: Limits;
	/** The owner of this server lets webhooks lead into its own network. */
	readonly isPrivateAllowed: boolean;
	readonly now: () => number;
	readonly lookup?: Lookup;
}

/**
 * Carries what rooms tell to programs outside. Addresses are people's words: they lead to public ones only, by the address
 * that was looked at; redirects are not followed, nothing of an answer is kept but its status, and everything has an end.
 */
export class Courier {
	readonly #options: Options;
	readonly #agent: Agent;
	/** For as long as somebody is on the way to a host. Whoever waits for a slow one is in nobody else's way. */
	readonly #hosts = new Map<string, { readonly turnstile: Turnstile; errands: number }>();
	readonly #turnstile: Turnstile;

	constructor(options: Options) {
		const { limits, lookup } = options;
		this.#options = options;
		this.#agent = checkedAgent({
			connections: limits.hooksAtOncePerHost,
			connectMs: limits.hookAnswerMs,
			answerMs: limits.hookAnswerMs,
			lookup,
			isAllowed: (address) => this.#mayReach(address),
			refused: () => new AddressRefused(),
		});
		this.#turnstile = turnstile(limits.hooksAtOnce);
	}

	/** Never rejects: what goes wrong is an answer, too. */
	async deliver(errand: Errand): Promise<Answer> {
		const leaveHost = await this.#enterHost(URL.parse(errand.url)?.origin ?? "");
		const leave = await this.#turnstile.enter();
		const startedAt = performance.now();
		const took = (): { tookMs: number } => ({ tookMs: Math.round(performance.now() - startedAt) });
		try {
			return { status: await this.#post(errand), ...took() };
		} catch (error) {
			return { failure: failureIn(error), ...took() };
		} finally {
			leave();
			leaveHost();
		}
	}

	async #enterHost(origin: string): Promise<() => void> {
		const host = this.#hosts.get(origin) ?? {
			turnstile: turnstile(this.#options.limits.hooksAtOncePerHost),
			errands: 0,
		};
		this.#hosts.set(origin, host);
		host.errands++;
		const leave = await host.turnstile.enter();
		return () => {
			leave();
			if (--host.errands === 0) this.#hosts.delete(origin);
		};
	}

	async #post({ url, secret, ...signed }: Errand): Promise<number> {
		const { origin, pathname, search, hostname } = new URL(url);
		const host = hostname.replace(/^\[|\]$/g, "");
		// An address written out is not looked up.
		if (isIP(host) !== 0 && !this.#mayReach(host)) throw new AddressRefused();
		const { statusCode, body } = await this.#agent.request({
			origin,
			path: pathname + search,
			method: "POST",
			body: signed.body,
			headers: {
				"content-type": "application/json",
				"user-agent": "Bullpen-Webhooks/1",
				"webhook-id": signed.messageId,
				"webhook-timestamp": String(signed.timestamp),
				"webhook-signature": signatureOf(secret, signed),
			},
			signal: AbortSignal.timeout(this.#options.limits.hookAnswerMs),
		});
		await body.dump({ limit: 16 * 1024 }).catch(() => undefined); // what it says does not matter, nor whether it says all
		return statusCode;
	}

	#mayReach(address: string): boolean {
		const kind = addressKind(address);
		return kind === "public" || (this.#options.isPrivateAllowed && kind !== "forbidden");
	}
}

/** No more wait than there are webhooks in rooms that are awake: each waits for one errand. */
const turnstile = (atOnce: number): Turnstile =>
	new Turnstile({ readsAtOnce: atOnce, readsWaitingMax: Number.POSITIVE_INFINITY });

class AddressRefused extends Error {}

function failureIn(error: unknown): NonNullable<Answer["failure"]> {
	if (error instanceof AddressRefused) return "address-refused";
	const { name, code } = error instanceof Error ? Object.assign({ code: "" }, error, { name: error.name }) : {};
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "name-unknown";
	return name === "TimeoutError" || /TIMEOUT|ETIMEDOUT/.test(String(code)) ? "timed-out" : "not-reached";
}
