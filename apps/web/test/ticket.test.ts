import { createHash } from "node:crypto";
import { tokenIsClosed } from "@bullpen/domain/bot";
import { audienceOf, type TicketRequest, TicketResponse } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test, vi } from "vitest";
import { answer } from "../lib/api.ts";
import type { RedeemBot, TellDirectory } from "../lib/directory-calls.ts";
import { requirePerson } from "../lib/identity.ts";
import { serviceCalls } from "../lib/service-calls.ts";
import { postTicket } from "../lib/ticket-endpoint.ts";
import { type Browser, PUBLIC_URL, type Server, startServer } from "./server.ts";

type Wanted = TicketRequest["actors"];

const general: Wanted = [{ actor: "chatRoom", key: "general" }];
const ask = (browser: Browser, actors: unknown, headers?: Record<string, string>) =>
	browser.post(postTicket, "/api/ticket", { actors }, headers);
const who = async (server: Server, browser: Browser) =>
	(await requirePerson(server, new Headers(browser.headers()))).person;

async function signedIn(variables: Record<string, string> = {}, tell?: TellDirectory) {
	const server = await startServer(variables, tell);
	const browser = server.browser();
	await browser.signIn("Ada");
	return { server, browser, ada: await who(server, browser) };
}

test("a ticket says who, for which one actor, and for how long, and nothing else", async () => {
	const { server, browser, ada } = await signedIn();
	const wanted: Wanted = [
		{ actor: "chatRoom", key: "general" },
		{ actor: "workspace", key: "w-1" },
		{ actor: "userInbox", key: ada.id },
		{ actor: "directory", key: "main" },
	];
	const { status, body } = await ask(browser, wanted);
	expect(status).toBe(200);
	const { tickets, user } = TicketResponse.parse(body);
	expect(user).toEqual({ id: ada.id, name: "Ada", role: "owner" });
	expect(tickets.map(({ actor, key }) => ({ actor, key }))).toEqual(wanted);
	for (const { actor, key, ticket, expiresAt } of tickets) {
		const { payload } = await jwtVerify(ticket, server.webPublicKey, {
			issuer: "web",
			audience: audienceOf(actor, key),
		});
		expect(payload).toEqual({
			typ: "ticket",
			iss: "web",
			sub: ada.id,
			aud: `${actor}:${key}`,
			name: "Ada",
			role: "owner",
			iat: expect.any(Number),
			exp: (payload.iat ?? 0) + 120,
			jti: expect.any(String),
		});
		expect(expiresAt).toBe((payload.exp ?? 0) * 1000);
		expect(decodeProtectedHeader(ticket).alg).toBe("EdDSA");
	}
	expect(new Set(tickets.map(({ ticket }) => ticket)).size).toBe(4);
});

test("without a session there is no ticket", async () => {
	const server = await startServer();
	expect(await ask(server.browser(), general)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
});

test.each<[string, Wanted]>([
	["somebody else's inbox", [{ actor: "userInbox", key: "u-somebody-else" }]],
	["another directory", [{ actor: "directory", key: "other" }]],
	["a key of two segments", [{ actor: "chatRoom", key: "general,admin" }]],
	["a key that climbs", [{ actor: "chatRoom", key: "../main" }]],
	["a key in capitals", [{ actor: "workspace", key: "W-1" }]],
	["a good one beside a bad one", [...general, { actor: "directory", key: "other" }]],
])("no ticket for %s", async (_, actors) => {
	const { browser } = await signedIn();
	expect(await ask(browser, actors)).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test.each([
	["nothing", []],
	["21 actors", Array(21).fill(general[0])],
	["an actor that does not exist", [{ actor: "admin", key: "main" }]],
	["no list", "general"],
	["more than was asked", [{ actor: "chatRoom", key: "general", role: "owner" }]],
])("a request for %s is refused", async (_, actors) => {
	const { browser } = await signedIn();
	expect(await ask(browser, actors)).toMatchObject({ status: 400, body: { code: "bad_input" } });
});

test.each([
	["another site", { origin: "https://evil.example" }],
	["another port", { origin: "http://127.0.0.1:4041" }],
	["a sandboxed frame", { origin: "null" }],
	["the same address by another name", { origin: "http://localhost:4040" }],
])("%s gets no ticket with a person's cookies", async (_, headers) => {
	const { browser } = await signedIn();
	expect(await ask(browser, general, headers)).toMatchObject({ status: 403, body: { code: "forbidden" } });
	expect((await ask(browser, general, { origin: PUBLIC_URL })).status).toBe(200);
});

test("a body that is not JSON by its type is refused, so that a plain form cannot ask", async () => {
	const { browser } = await signedIn();
	const refused = await ask(browser, general, { "content-type": "text/plain" });
	expect(refused).toMatchObject({ status: 400, body: { code: "bad_input" } });
});

test("a session that asks without end is told how long to wait", async () => {
	const { browser } = await signedIn({ BULLPEN_LIMITS: '{"ticketBurstPerSession":3,"ticketPerSecondPerSession":0.1}' });
	for (let count = 0; count < 3; count++) expect((await ask(browser, general)).status).toBe(200);
	expect(await ask(browser, general)).toMatchObject({
		status: 429,
		body: { code: "rate_limited", details: { waitMs: expect.any(Number) } },
	});
});

test("the directory hears of a person before their first ticket, once for each name and role", async () => {
	const tell = vi.fn<TellDirectory>(async () => {});
	const { server, browser, ada } = await signedIn({}, tell);
	await Promise.all([ask(browser, general), ask(browser, general), ask(browser, general)]);
	expect(tell.mock.calls).toEqual([["registerPerson", { userId: ada.id, name: "Ada", role: "owner" }]]);
	await (await server.auth.$context).internalAdapter.updateUser(ada.id, { role: "member" });
	await ask(browser, general);
	await ask(browser, general);
	expect(tell).toHaveBeenCalledTimes(2);
	expect(tell).toHaveBeenLastCalledWith("registerPerson", expect.objectContaining({ role: "member" }));
});

test("while the directory cannot be told there are no tickets, and the next try asks again", async () => {
	const tell = vi.fn<TellDirectory>().mockRejectedValueOnce(new Problem("busy", "Still starting.", { waitMs: 1_000 }));
	const { browser } = await signedIn({}, tell);
	expect(await ask(browser, general)).toEqual({
		status: 503,
		body: { code: "busy", message: "Still starting.", details: { waitMs: 1_000 } },
	});
	expect((await ask(browser, general)).status).toBe(200);
});

test("an engine that is not there costs a bounded wait", async () => {
	const server = await startServer({ BULLPEN_LIMITS: '{"registerPersonMs":300}' });
	const call = serviceCalls(server.settings.engine, server.signer);
	const failed = call("directory", "main", "registerPerson", { userId: "ada", name: "Ada", role: "owner" });
	await expect(failed).rejects.toMatchObject({ code: "busy", details: { waitMs: 1_000 } });
});

const TOKEN = `bpb_${"a".repeat(32)}`;
const robot = { userId: "b-1", name: "Robot", scopes: ["read" as const, "react" as const] };

test("[BOT3] a bot's tickets say what its token lets it do, are for its own rooms alone, and need no Origin", async () => {
	const redeem = vi.fn<RedeemBot>(async () => robot);
	const server = await startServer({}, undefined, redeem);
	const askAs = async (authorization: string, actors: unknown, more: Record<string, string> = {}) => {
		const headers = { "content-type": "application/json", authorization, ...more };
		const body = JSON.stringify({ actors });
		const url = new URL("/api/ticket", PUBLIC_URL);
		return answer(server, postTicket, new Request(url, { method: "POST", body, headers }));
	};
	const { tickets, user } = TicketResponse.parse(await (await askAs(`Bearer ${TOKEN}`, general)).json());
	expect(user).toEqual({ id: "b-1", name: "Robot", role: "guest" });
	const { payload } = await jwtVerify(tickets[0]?.ticket ?? "", server.webPublicKey);
	expect(payload).toMatchObject({ sub: "b-1", role: "guest", scopes: ["read", "react"] });
	expect(redeem.mock.calls).toEqual([[createHash("sha256").update(TOKEN).digest("hex")]]);

	for (const [actor, key] of [
		["workspace", "w-1"],
		["search", "main"],
		["userInbox", "u-somebody"],
	]) {
		expect((await askAs(`Bearer ${TOKEN}`, [{ actor, key }])).status).toBe(403);
	}
	expect((await askAs(`Bearer ${TOKEN}`, general, { origin: PUBLIC_URL })).status).toBe(200);
	expect((await askAs(`Bearer ${TOKEN}`, general, { origin: "https://elsewhere.example" })).status).toBe(403);
});

test("[BOT1] [BOT5] a token that is not good is refused, whoever's cookie comes with it, and guesses are slow", async () => {
	const redeem: RedeemBot = async () => {
		throw tokenIsClosed();
	};
	const server = await startServer({}, undefined, redeem);
	const browser = server.browser();
	await browser.signIn("Ada");
	for (const token of [TOKEN, "bpb_short", `${TOKEN}x`, "a.b.c"]) {
		expect((await ask(browser, general, { authorization: `Bearer ${token}` })).status).toBe(401);
	}
	const guesses = Array.from({ length: 70 }, () => ask(browser, general, { authorization: `Bearer ${TOKEN}` }));
	const statuses = new Set((await Promise.all(guesses)).map(({ status }) => status));
	expect(statuses).toEqual(new Set([401, 429]));
	expect((await ask(browser, general)).status).toBe(200);
});
