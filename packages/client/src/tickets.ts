import { type ActorName, audienceOf, type TicketRequest, TicketResponse } from "@bullpen/domain/identity";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { z } from "zod";
import { CLIENT_LIMITS, type ClientLimits, type Clock, systemClock } from "./limits.ts";

export type Person = TicketResponse["user"];
type Ticket = TicketResponse["tickets"][number];
type Address = TicketRequest["actors"][number];

/** Asks the server for tickets, as the signed-in person. */
export type GetTickets = (actors: TicketRequest["actors"]) => Promise<TicketResponse>;

export interface TicketsOptions {
	readonly getTickets: GetTickets;
	readonly limits?: ClientLimits | undefined;
	readonly clock?: Clock | undefined;
}

interface Waiting {
	readonly address: Address;
	resolve(ticket: string): void;
	reject(error: unknown): void;
}

/**
 * Hands out tickets, each once: a connection that was refused or lost asks for a fresh one. What is wanted in the same
 * tick goes in one request.
 */
export class Tickets {
	readonly #getTickets: GetTickets;
	readonly #limits: ClientLimits;
	readonly #clock: Clock;
	readonly #unused = new Map<string, Ticket>();
	#waiting: Waiting[] = [];
	#person: Person | null = null;

	constructor({ getTickets, limits = CLIENT_LIMITS, clock = systemClock }: TicketsOptions) {
		this.#getTickets = getTickets;
		this.#limits = limits;
		this.#clock = clock;
	}

	/** Who we are, as of the last answer. */
	get person(): Person | null {
		return this.#person;
	}

	/** @throws Problem `unauthenticated`, `forbidden` or `not_found`; any other error means: try again. */
	take(actor: ActorName, key: string): Promise<string> {
		const unused = this.#takeUnused(actor, key);
		if (unused !== null) return Promise.resolve(unused);
		return new Promise((resolve, reject) => {
			this.#waiting.push({ address: { actor, key }, resolve, reject });
			if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
		});
	}

	/** Fetches tickets that will be taken soon, in one request. */
	async prefetch(actors: TicketRequest["actors"]): Promise<void> {
		const fetched = await this.#fetch(actors);
		for (const ticket of fetched) this.#unused.set(audienceOf(ticket.actor, ticket.key), ticket);
	}

	#takeUnused(actor: ActorName, key: string): string | null {
		const audience = audienceOf(actor, key);
		const ticket = this.#unused.get(audience);
		this.#unused.delete(audience);
		const isGood = ticket !== undefined && ticket.expiresAt - this.#limits.ticketMarginMs > this.#clock.now();
		return isGood ? ticket.ticket : null;
	}

	#flush(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (let at = 0; at < waiting.length; at += this.#limits.ticketsPerRequest) {
			void this.#answer(waiting.slice(at, at + this.#limits.ticketsPerRequest));
		}
	}

	/** The server answers for all or none: when one is refused, the others are asked for alone. */
	async #answer(waiting: readonly Waiting[]): Promise<void> {
		try {
			const tickets = await this.#fetch(waiting.map(({ address }) => address));
			for (const { address, resolve, reject } of waiting) {
				const found = tickets.find(({ actor, key }) => actor === address.actor && key === address.key);
				if (found) resolve(found.ticket);
				else reject(new Problem("forbidden", "The server gave no ticket for this.", { ...address }));
			}
		} catch (error) {
			const isOnesFault = error instanceof Problem && (error.code === "forbidden" || error.code === "bad_input");
			if (isOnesFault && waiting.length > 1) for (const each of waiting) void this.#answer([each]);
			else for (const { reject } of waiting) reject(error);
		}
	}

	async #fetch(actors: TicketRequest["actors"]): Promise<readonly Ticket[]> {
		const { tickets, user } = await this.#getTickets(actors);
		this.#person = user;
		return tickets;
	}
}

/**
 * `POST <url>/api/ticket`. `fetch` carries who we are: a page's own sends its cookie, a script passes one from
 * `sign-in.ts`.
 */
export const fetchTickets =
	(url: string, fetch: typeof globalThis.fetch = globalThis.fetch): GetTickets =>
	async (actors) => {
		const response = await fetch(`${url.replace(/\/$/, "")}/api/ticket`, {
			method: "POST",
			credentials: "same-origin",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ actors } satisfies TicketRequest),
		});
		if (response.ok) return TicketResponse.parse(await response.json());
		throw (await problemOf(response)) ?? new Error(`Tickets: the server answered ${response.status}.`);
	};

/** Every refusal of the web's API has this body. Whatever stands between (the edge, a proxy) answers otherwise. */
const Refusal = z.object({ code: ProblemCode, message: z.string(), details: ProblemDetails });

/** The refusal in an answer of the web's API, or null when it is none. */
export const problemOf = async (response: Response): Promise<Problem | null> => {
	const body: unknown = await response.json().catch(() => null);
	const refusal = Refusal.safeParse(body);
	return refusal.success ? new Problem(refusal.data.code, refusal.data.message, refusal.data.details) : null;
};
