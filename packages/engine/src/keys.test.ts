import { createPrivateKey, createPublicKey } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareKeys } from "./keys.ts";
import { Refusal } from "./refusal.ts";

describe("prepareKeys", () => {
	let data: string;
	beforeEach(() => {
		data = mkdtempSync(join(tmpdir(), "bullpen-keys-"));
	});
	afterEach(() => rmSync(data, { recursive: true }));
	const contents = () =>
		Object.fromEntries(
			readdirSync(join(data, "keys")).map((name) => [name, readFileSync(join(data, "keys", name), "utf8")]),
		);

	test("makes every key, for this user only", () => {
		chmodSync(data, 0o755);
		const { folder, engineToken } = prepareKeys(data);
		expect(Object.keys(contents()).sort()).toEqual([
			"actors.private.pem",
			"actors.public.pem",
			"auth.secret",
			"edge.private.pem",
			"edge.public.pem",
			"engine.token",
			"push.private.pem",
			"push.public.pem",
			"web.private.pem",
			"web.public.pem",
		]);
		for (const path of [data, folder]) expect(statSync(path).mode & 0o777).toBe(0o700);
		for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
		expect(engineToken.length).toBeGreaterThanOrEqual(43); // 256 bits
		for (const issuer of ["web", "actors", "edge"]) {
			const privateKey = createPrivateKey(contents()[`${issuer}.private.pem`]!);
			expect(privateKey.asymmetricKeyType).toBe("ed25519");
			const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
			expect(publicKey).toBe(contents()[`${issuer}.public.pem`]);
		}
		const push = createPrivateKey(contents()["push.private.pem"]!);
		expect(push.asymmetricKeyDetails?.namedCurve).toBe("prime256v1"); // RFC 8292 2
		expect(createPublicKey(push).export({ type: "spki", format: "pem" })).toBe(contents()["push.public.pem"]);
	});

	test("never makes a key twice, and makes again only what is missing", () => {
		prepareKeys(data);
		const first = contents();
		rmSync(join(data, "keys/web.public.pem"));
		prepareKeys(data);
		expect(contents()).toEqual(first);
	});

	test("leaves nothing behind of a start that was killed while it wrote", () => {
		prepareKeys(data);
		const first = contents();
		rmSync(join(data, "keys/auth.secret"));
		writeFileSync(join(data, "keys/auth.secret.1.new"), "half", { mode: 0o600 });
		prepareKeys(data);
		expect(contents()["auth.secret"]).not.toBe("half");
		expect(contents()["engine.token"]).toBe(first["engine.token"]);
	});

	test("refuses a key that others may have read, and says how to go on", () => {
		prepareKeys(data);
		chmodSync(join(data, "keys/web.private.pem"), 0o644);
		expect(() => prepareKeys(data)).toThrow(Refusal);
		expect(() => prepareKeys(data)).toThrow(/web\.private\.pem is open to other users \(mode 644\).*chmod/);
	});

	test("refuses a public key that does not belong to its private key", () => {
		prepareKeys(data);
		writeFileSync(join(data, "keys/web.public.pem"), contents()["edge.public.pem"]!);
		expect(() => prepareKeys(data)).toThrow(/does not belong/);
	});
});
