import type { Registry } from "@bullpen/actors";
import { ActorName, audienceOf } from "@bullpen/domain/identity";
import type { Problem } from "@bullpen/domain/problem";
import type { ActionName } from "@bullpen/domain/wire";
import { type Client, createClient } from "rivetkit/client";
import { type Clock, systemClock } from "./limits.ts";
import { problemIn } from "./refusal.ts";
import type { Tickets } from "./tickets.ts";

export interface TicketedClientOptions {
	/** What a person opens in the browser: the edge. */
	readonly url: string;
	readonly tickets: Tickets;
	/** Where actors are reached, when that is not the edge: tests and benchmarks go to an engine directly. */
	readonly endpoint?: string | undefined;
	readonly clock?: Clock | undefined;
}

export interface TicketedClient {
	/** For `createRivetKitWithClient` and `get(name, [key]).connect()`. It never creates an actor. */
	readonly rivet: Client<Registry>;
	/** What an error of a connection means, the refusal of its ticket included; null when trying again may help. */
	explain(actor: ActorName, key: string, error: unknown): Problem | null;
	/** Why there is no connection, asked by one plain call; null when nobody says. It never rejects. */
	diagnose(actor: ActorName, key: string): Promise<Problem | null>;
}

/** What anybody who may enter may ask. */
const QUESTION = {
	chatRoom: "getRoom",
	userInbox: "getInbox",
	workspace: "getSessionInfo",
	directory: "list",
	search: "getIndexState",
} as const satisfies { readonly [A in ActorName]: ActionName<A> };

/** A RivetKit client of which every connection, and every reconnect, presents a fresh ticket for that one actor. */
export const createTicketedClient = ({
	url,
	tickets,
	endpoint = `${url.replace(/\/$/, "")}/rivet`,
	clock = systemClock,
}: TicketedClientOptions): TicketedClient => {
	quietRivetKit();
	const rivet = createClient<Registry>({
		endpoint,
		encoding: "json",
		disableMetadataLookup: true,
		devtools: false,
	});
	const pace = pacer(clock);
	const refusals = new Map<string, Problem>();

	const present = async (actor: ActorName, key: string): Promise<{ ticket: string }> => {
		const audience = audienceOf(actor, key);
		await pace(audience);
		try {
			const ticket = await tickets.take(actor, key);
			refusals.delete(audience);
			return { ticket };
		} catch (error) {
			const problem = problemIn(error);
			if (problem) refusals.set(audience, problem);
			else refusals.delete(audience);
			throw error;
		}
	};
	const get = rivet.get;
	// The accessors (`rivet.chatRoom.get`) and the React hook both end in this one method.
	Object.assign(rivet, {
		get: (name: string, key: string | string[]) => {
			const [only = "", ...more] = [key].flat();
			const actor = ActorName.parse(name);
			if (more.length > 0) throw new TypeError("Keys have one segment.");
			return get(name, [only], { getParams: () => present(actor, only) });
		},
		getOrCreate: neverCreate,
		getForId: neverCreate,
		create: neverCreate,
	});
	return {
		rivet,
		explain: (actor, key, error) =>
			isTicketError(error) ? (refusals.get(audienceOf(actor, key)) ?? null) : problemIn(error),
		// RivetKit 2.3.19 keeps to itself that there is no such actor: it connects again, for ever.
		diagnose: async (actor, key) => {
			try {
				const ticket = await tickets.take(actor, key);
				const query = new URLSearchParams({ "rvt-namespace": "default", "rvt-method": "get", "rvt-key": key });
				const answer = await fetch(`${endpoint}/gateway/${actor}/action/${QUESTION[actor]}?${query}`, {
					method: "POST",
					headers: {
						"content-type": "application/json",
						"x-rivet-encoding": "json",
						"x-rivet-conn-params": JSON.stringify({ ticket }),
					},
					body: JSON.stringify({ args: [] }),
				});
				return answer.ok ? null : problemIn(await answer.json());
			} catch (error) {
				return problemIn(error); // no network, no server, no words of ours: that is what trying again is for
			}
		},
	};
};

const neverCreate = (): never => {
	throw new Error("Actors are made by the directory alone: use get().");
};

/** RivetKit 2.3.19 wraps whatever `getParams` throws and keeps only its text. */
const isTicketError = (error: unknown): boolean =>
	typeof error === "object" && error !== null && "code" in error && error.code === "get_params_failed";

const CALM_MS = 10_000;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 2_000;

/**
 * Slows down whoever connects again and again: the stock React hook (2.3.11) opens the next connection the moment one
 * fails. The first two attempts go at once.
 */
const pacer = (clock: Clock): ((audience: string) => Promise<void>) => {
	const attempts = new Map<string, { count: number; at: number }>();
	return (audience) => {
		const now = clock.now();
		for (const [each, { at }] of attempts) if (now - at > CALM_MS) attempts.delete(each);
		const count = (attempts.get(audience)?.count ?? 0) + 1;
		attempts.set(audience, { count, at: now });
		if (count <= 2) return Promise.resolve();
		const ms = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** (count - 3));
		return new Promise((resolve) => void clock.after(ms, resolve));
	};
};

/** Its log repeats on the console what `Phase` and `Problem` say. `RIVET_LOG_LEVEL` brings it back. */
const quietRivetKit = (): void => {
	if (typeof process === "undefined") return;
	const { env } = process;
	env.RIVET_LOG_LEVEL ??= "silent";
};
