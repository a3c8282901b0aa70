import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { claimsFor, KEYS, signed } from "../test/tickets.ts";
import type { GatewayTarget } from "./gateway-target.ts";
import { readTicketKey, requireTicket } from "./ticket.ts";

const ROOM: GatewayTarget = { wants: "connect", actor: "chatRoom", key: "general" };
const claims = claimsFor("chatRoom", "general");
const required = (ticket: string, at = claims.iat * 1000, target = ROOM) =>
	requireTicket(ticket, KEYS.publicKey, target, at);
const refusal = expect.objectContaining({ code: "unauthenticated" });

test("a ticket of the web for this actor passes, from its first second to its last and a few more", () => {
	for (const at of [claims.iat * 1000 - 4_000, claims.iat * 1000, claims.exp * 1000 + 4_000])
		expect(() => required(signed(claims), at)).not.toThrow();
	for (const at of [claims.iat * 1000 - 6_000, claims.exp * 1000 + 5_000])
		expect(() => required(signed(claims), at)).toThrow(refusal);
});

const [head, payload, signature] = signed(claims).split(".");
const pem = KEYS.publicKey.export({ type: "spki", format: "pem" });
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const symmetric = `${encoded({ alg: "HS256" })}.${payload}`;
test.each([
	["garbage", "aaaa.bbbb.cccc"],
	["of another signer", signed(claims, generateKeyPairSync("ed25519").privateKey)],
	["with other claims than were signed", `${head}.${encoded({ ...claims, role: "owner" })}.${signature}`],
	["with another header than was signed", `${encoded({ alg: "EdDSA", kid: "1" })}.${payload}.${signature}`],
	["cut short", `${head}.${payload}.${signature?.slice(0, 40)}`],
	["without a signature", `${head}.${payload}.`],
	["of four parts", `${head}.${payload}.${signature}.${signature}`],
	["that names no algorithm", signed(claims, KEYS.privateKey, {})],
	["that names none", `${encoded({ alg: "none" })}.${payload}.`],
	[
		"that takes the public key for a secret",
		`${symmetric}.${createHmac("sha256", pem).update(symmetric).digest("base64url")}`,
	],
	["that is a service token", signed({ ...claims, typ: "service" })],
	["of another issuer", signed({ ...claims, iss: "actors" })],
	["without an end", signed({ ...claims, exp: undefined })],
	["for another room", signed(claimsFor("chatRoom", "other"))],
	["for another actor of that key", signed(claimsFor("workspace", "general"))],
])("a ticket %s is refused", (_, ticket) => {
	expect(() => required(ticket)).toThrow(refusal);
});

test("the key is the web's public one, and of no other kind", () => {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-edge-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	expect(() => readTicketKey(folder)).toThrow(/web\.public\.pem/);
	writeFileSync(join(folder, "web.public.pem"), pem);
	expect(readTicketKey(folder).equals(KEYS.publicKey)).toBe(true);
	const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
	writeFileSync(join(folder, "web.public.pem"), rsa.export({ type: "spki", format: "pem" }));
	expect(() => readTicketKey(folder)).toThrow(/Ed25519/);
});
