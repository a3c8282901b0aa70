import type { TicketRequest, TicketResponse } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { fetchTickets, Tickets } from "./tickets.ts";

const user = { id: "ada", name: "Ada", role: "member" } as const;
const start = (answer?: (actors: TicketRequest["actors"]) => TicketResponse) => {
	const clock = new ManualClock();
	const requests: TicketRequest["actors"][] = [];
	let made = 0;
	const grant = (actors: TicketRequest["actors"]): TicketResponse => ({
		tickets: actors.map((address) => ({ ...address, ticket: `ticket ${++made}`, expiresAt: clock.now() + 120_000 })),
		user,
	});
	const tickets = new Tickets({
		clock,
		getTickets: async (actors) => {
			requests.push(actors);
			return (answer ?? grant)(actors);
		},
	});
	return { clock, tickets, requests, grant };
};

describe("tickets", () => {
	test("what is wanted in the same tick goes in one request, at most 20 in each", async () => {
		const { tickets, requests } = start();
		const rooms = Array.from({ length: 23 }, (_, n) => tickets.take("chatRoom", `r-${n}`));
		expect(new Set(await Promise.all(rooms)).size).toBe(23);
		expect(requests.map(({ length }) => length)).toEqual([20, 3]);
		expect(tickets.person).toEqual(user);
	});

	test("a ticket is given once: the next connection has a fresh one", async () => {
		const { tickets } = start();
		expect(await tickets.take("chatRoom", "general")).not.toBe(await tickets.take("chatRoom", "general"));
	});

	test("a prefetched ticket is used, unless it is about to expire", async () => {
		const { tickets, requests, clock } = start();
		const general = { actor: "chatRoom", key: "general" } as const;
		await tickets.prefetch([general]);
		expect(await tickets.take("chatRoom", "general")).toBe("ticket 1");
		await tickets.prefetch([general]);
		await clock.pass(110_000);
		expect(await tickets.take("chatRoom", "general")).toBe("ticket 3");
		expect(requests.length).toBe(3);
	});

	test("one that may not be had does not keep the others from theirs", async () => {
		const { tickets, grant } = start((actors) => {
			if (actors.some(({ key }) => key === "secret")) throw new Problem("forbidden", "no");
			return grant(actors);
		});
		const [good, bad] = await Promise.allSettled([
			tickets.take("chatRoom", "general"),
			tickets.take("chatRoom", "secret"),
		]);
		expect(good.status).toBe("fulfilled");
		expect(bad).toMatchObject({ status: "rejected", reason: { code: "forbidden" } });
	});

	test("a refusal of the server is a Problem, anything else says to try again", async () => {
		const answering = (status: number, body: string) =>
			fetchTickets("http://a.test/", async () => new Response(body, { status }));
		const refusal = JSON.stringify({ code: "rate_limited", message: "slow down", details: { waitMs: 5 } });
		await expect(answering(429, refusal)([])).rejects.toMatchObject({ code: "rate_limited", details: { waitMs: 5 } });
		await expect(answering(502, "<html>")([])).rejects.not.toBeInstanceOf(Problem);
	});

	test("the request is same-origin JSON, and nothing of it is in the address", async () => {
		const asked: [string, RequestInit | undefined][] = [];
		const fetch: typeof globalThis.fetch = async (input, init) => {
			asked.push([String(input), init]);
			return Response.json({ tickets: [], user });
		};
		await fetchTickets("http://a.test/", fetch)([{ actor: "chatRoom", key: "general" }]);
		expect(asked[0]?.[0]).toBe("http://a.test/api/ticket");
		expect(asked[0]?.[1]).toMatchObject({ method: "POST", credentials: "same-origin" });
	});
});
