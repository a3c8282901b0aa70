import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceClaims } from "@bullpen/domain/identity";
import { LIMITS } from "@bullpen/domain/limits";
import { expect, onTestFinished, test } from "vitest";
import { edgeToken, newEdgeSubject, readEdgeKey } from "./edge-token.ts";

const keys = generateKeyPairSync("ed25519");

test("the token is this edge's, for one actor, for a moment", () => {
	const subject = newEdgeSubject();
	const now = 1_700_000_000_500;
	const token = edgeToken({ key: keys.privateKey, subject, limits: LIMITS, now }, "chatRoom", "general");
	const [header, payload, signature] = token.split(".");
	expect(verify(null, Buffer.from(`${header}.${payload}`), keys.publicKey, Buffer.from(signature!, "base64url"))).toBe(
		true,
	);
	const claims = ServiceClaims.parse(JSON.parse(Buffer.from(payload!, "base64url").toString()));
	expect(claims).toMatchObject({ iss: "edge", sub: subject, aud: "chatRoom:general", iat: 1_700_000_000 });
	expect(claims.exp - claims.iat).toBe(LIMITS.serviceTokenMs / 1000);
	expect(subject).toMatch(/^edge:/);
	expect(newEdgeSubject()).not.toBe(subject);
});

test("the key is the edge's private one, and of no other kind", () => {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-edge-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const write = (key: typeof keys.privateKey): void =>
		writeFileSync(join(folder, "edge.private.pem"), key.export({ type: "pkcs8", format: "pem" }));
	expect(() => readEdgeKey(folder)).toThrow(/edge\.private\.pem/);
	write(keys.privateKey);
	expect(readEdgeKey(folder).equals(keys.privateKey)).toBe(true);
	write(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
	expect(() => readEdgeKey(folder)).toThrow(/Ed25519/);
});
