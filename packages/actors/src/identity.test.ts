import { generateKeyPairSync } from "node:crypto";
import { LIMITS } from "@bullpen/domain/limits";
import { describe, expect, test } from "vitest";
import { identify, type Keys, serviceToken, writeJwt } from "./identity.ts";

const pair = () => generateKeyPairSync("ed25519");
const web = pair();
const actors = pair();
const keys: Keys = {
	publicKeys: { web: web.publicKey, actors: actors.publicKey, edge: pair().publicKey },
	actorsPrivateKey: actors.privateKey,
};
const now = 1_800_000_000_000;
const check = { keys, actor: "chatRoom", key: ["r-1"], limits: LIMITS, now } as const;
const claims = {
	typ: "ticket",
	iss: "web",
	sub: "u-ada",
	aud: "chatRoom:r-1",
	name: "Ada",
	role: "member",
	iat: now / 1000,
	exp: now / 1000 + 120,
	jti: "one",
};
const ticket = (change: object = {}, key = web.privateKey) => ({ ticket: writeJwt({ ...claims, ...change }, key) });
const refusal = expect.objectContaining({ code: "unauthenticated" });

describe("identify", () => {
	test("a genuine ticket gives the person it was made for, and a lease", () => {
		expect(identify(ticket(), check)).toEqual({
			kind: "person",
			userId: "u-ada",
			name: "Ada",
			role: "member",
			ticketAt: now,
			leaseEndsAt: now + LIMITS.leaseMs,
		});
	});

	test.each([
		["another room", { aud: "chatRoom:r-2" }],
		["another actor", { aud: "workspace:r-1" }],
		["too old", { iat: now / 1000 - 300, exp: now / 1000 - 180 }],
		["not yet valid", { iat: now / 1000 + 60 }],
		["a service token's type", { typ: "service" }],
		["no subject", { sub: undefined }],
		["a hostile subject", { sub: "../u" }],
	])("a ticket for %s is refused", (_, change) => {
		expect(() => identify(ticket(change), check)).toThrow(refusal);
	});

	test("a ticket signed by anybody else is refused, service keys included", () => {
		expect(() => identify(ticket({}, actors.privateKey), check)).toThrow(refusal);
		expect(() => identify(ticket({}, pair().privateKey), check)).toThrow(refusal);
	});

	test("a token whose header names another algorithm is refused", () => {
		const [, payload, signature] = ticket().ticket.split(".");
		for (const alg of ["none", "HS256"]) {
			const header = Buffer.from(JSON.stringify({ alg })).toString("base64url");
			expect(() => identify({ ticket: `${header}.${payload}.${signature}` }, check)).toThrow(refusal);
		}
	});

	test.each([undefined, null, "", {}, { ticket: 7 }, { ticket: "a.b" }, { ticket: "a.b.c", service: "a.b.c" }])(
		"params %j are refused",
		(params) => {
			expect(() => identify(params, check)).toThrow(refusal);
		},
	);

	test("a key of several segments never matches, however it is joined", () => {
		expect(() => identify(ticket({ aud: "chatRoom:a,b" }), { ...check, key: ["a", "b"] })).toThrow(refusal);
		expect(() => identify(ticket({ aud: "chatRoom:undefined" }), { ...check, key: [] })).toThrow(refusal);
	});

	test("a service token gives its subject for its one audience only", () => {
		const service = serviceToken(keys, LIMITS, now, { subject: "directory:main", actor: "chatRoom", key: "r-1" });
		expect(identify({ service }, check)).toEqual({ kind: "service", issuer: "actors", subject: "directory:main" });
		expect(() => identify({ service }, { ...check, key: ["r-2"] })).toThrow(refusal);
		expect(() => identify({ ticket: service }, check)).toThrow(refusal);
		expect(() => identify({ service }, { ...check, now: now + 2 * LIMITS.serviceTokenMs })).toThrow(refusal);
	});

	test("an issuer cannot sign in another issuer's name", () => {
		const forged = {
			typ: "service",
			iss: "web",
			sub: "web",
			aud: "chatRoom:r-1",
			iat: now / 1000,
			exp: now / 1000 + 60,
		};
		expect(() => identify({ service: writeJwt({ ...forged, jti: "x" }, actors.privateKey) }, check)).toThrow(refusal);
	});
});
