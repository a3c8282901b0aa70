import { createPublicKey } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { addressKind } from "@bullpen/credentials/network-address";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { PushMessage, PushOutcome, PushSubscription } from "@bullpen/domain/push";
import { refuseEndpoint } from "@bullpen/domain/push-rules";
import type { Agent } from "undici";
import webPush, { type RequestDetails } from "web-push";
import { checkedAgent } from "../checked-agent.ts";
import type { Lookup } from "../checked-lookup.ts";
import { Turnstile } from "../reads.ts";
import type { Vapid } from "./vapid.ts";

interface Options {
	readonly vapid: Vapid;
	readonly limits: Limits;
	/** For tests: push services of their own, at 127.0.0.1 and without TLS. */
	readonly isLoopbackAllowed: boolean;
	readonly lookup?: Lookup;
}

export interface Push {
	readonly subscription: PushSubscription;
	readonly message: PushMessage;
	/** Worth waking a device for. */
	readonly isUrgent: boolean;
	/** Of those that wait for a device at its push service, a newer one with the same topic takes the older one's place. */
	readonly topic: string;
	/** Asked before every further try. */
	readonly isWanted: () => boolean;
}

interface Encrypted {
	readonly origin: string;
	readonly path: string;
	readonly headers: RequestDetails["headers"];
	readonly body: Buffer | null;
}
/** Status, and how long the push service asks to wait. */
interface Answer {
	readonly status: number;
	readonly waitMs: number;
}

/**
 * Sends to devices by the push services of their browsers (RFC 8030), which see how much and when, and nothing of what
 * (RFC 8291). The address is a browser's word: it leads to public addresses only, redirects are not followed, nothing of an
 * answer is kept but its status, and everything has an end.
 */
export class PushService {
	readonly #options: Options;
	readonly #agent: Agent;
	readonly #turnstile: Turnstile;

	constructor(options: Options) {
		const { limits, lookup } = options;
		this.#options = options;
		this.#agent = checkedAgent({
			connections: limits.pushesAtOnce,
			connectMs: limits.pushConnectMs,
			answerMs: limits.pushAnswerMs,
			lookup,
			isAllowed: (address) => addressKind(address) === "public",
			refused: () => new Error("The push service has no public address."),
		});
		this.#turnstile = new Turnstile({
			readsAtOnce: limits.pushesAtOnce,
			readsWaitingMax: limits.pushesWaitingMax,
		});
	}

	/** @throws Problem `bad_input` for what no push service gives */
	check({ endpoint, keys }: PushSubscription): void {
		refuseEndpoint(endpoint, this.#options.isLoopbackAllowed);
		const point = Buffer.from(keys.p256dh, "base64url");
		try {
			const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
			createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" } });
		} catch {
			throw new Problem("bad_input", "This is no key of a device.", { field: "keys.p256dh" });
		}
	}

	/** Tries a few times where that may help. Never rejects. */
	async send(push: Push): Promise<PushOutcome> {
		const { pushTriesMax, pushRetryMs, pushRetryMaxMs } = this.#options.limits;
		const request = this.#requestOf(push);
		if (request === undefined) return "refused";
		for (let tries = 1; ; tries++) {
			const { status, waitMs } = await this.#post(request);
			if (status >= 200 && status < 300) return "delivered";
			if (status === 404 || status === 410) return "gone";
			const mayHelp = status === 0 || status === 429 || status >= 500;
			if (!mayHelp) return "refused";
			if (tries >= pushTriesMax || waitMs > pushRetryMaxMs) return "unreachable";
			await wait(Math.max(waitMs, Math.min(pushRetryMaxMs, pushRetryMs * 4 ** (tries - 1))), undefined, { ref: false });
			if (!push.isWanted()) return "unreachable";
		}
	}

	/** Encrypted once, however often it is tried. Undefined for keys that cannot be used. */
	#requestOf({ subscription, message, isUrgent, topic }: Push): Encrypted | undefined {
		try {
			const { headers, body } = webPush.generateRequestDetails(subscription, JSON.stringify(message), {
				TTL: Math.ceil(this.#options.limits.pushKeptMs / 1_000),
				urgency: isUrgent ? "high" : "normal",
				topic,
				contentEncoding: "aes128gcm",
			});
			const { origin, pathname, search } = new URL(subscription.endpoint);
			return { origin, path: pathname + search, headers, body };
		} catch {
			return undefined; // it was checked when it came; what a library refuses since is of no use to anybody
		}
	}

	/** Status 0: no answer. */
	async #post({ origin, path, headers, body }: Encrypted): Promise<Answer> {
		const { vapid, limits } = this.#options;
		let leave: (() => void) | undefined;
		try {
			leave = await this.#turnstile.enter();
			const response = await this.#agent.request({
				...{ origin, path, method: "POST", body },
				headers: { ...headers, authorization: vapid.headerFor(origin) },
				signal: AbortSignal.timeout(limits.pushAnswerMs),
			});
			const rest = { limit: ANSWER_BYTES_MAX, signal: AbortSignal.timeout(limits.pushAnswerMs) };
			await response.body.dump(rest).catch(() => undefined); // its status says what became of the message
			return { status: response.statusCode, waitMs: retryAfter(response.headers["retry-after"]) };
		} catch {
			return { status: 0, waitMs: 0 }; // no address, no connection, no answer in time, too many before us
		} finally {
			leave?.();
		}
	}

	close(): Promise<void> {
		return this.#agent.destroy();
	}
}

/** What is read of an answer, so that its connection can be used again. */
const ANSWER_BYTES_MAX = 16 * 1024;

/** RFC 9110 10.2.3, as seconds; a date is as good as nothing said. */
function retryAfter(header: string | string[] | undefined): number {
	const seconds = Number(Array.isArray(header) ? header[0] : header);
	return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}
