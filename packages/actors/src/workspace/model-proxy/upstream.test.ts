import { once } from "node:events";
import { createServer } from "node:http";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, expect, test } from "vitest";
import type { Lookup } from "../../checked-lookup.ts";
import { Upstream } from "./upstream.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0)) await close();
});

async function listener(): Promise<number> {
	const server = createServer((_, response) => response.end("here")).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(async () => server.close());
	const address = server.address();
	return address !== null && typeof address === "object" ? address.port : 0;
}

/** Every name leads to these. */
const leadsTo =
	(...addresses: string[]) =>
	(_: string, __: unknown, callback: (error: null, found: unknown) => void) =>
		callback(
			null,
			addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
		);

async function ask(baseUrl: string, isPrivateAllowed: boolean, addresses: string[]): Promise<string> {
	const upstream = new Upstream({ ...LIMITS, modelConnectMs: 300 }, leadsTo(...addresses) as unknown as Lookup);
	closing.push(() => upstream.close());
	const endpoint = { baseUrl, isPrivateAllowed };
	const signal = AbortSignal.timeout(5_000);
	try {
		const { body } = await upstream.send({ endpoint, path: "/models", method: "GET", headers: {}, body: null, signal });
		return await body.text();
	} catch (error) {
		return error instanceof Error && "kind" in error ? String(error.kind) : String(error);
	}
}

test.each([
	["127.0.0.1"],
	["10.1.2.3"],
	["192.168.0.1", "::1"],
	["169.254.169.254"],
	["fd00:ec2::254"],
	["::ffff:127.0.0.1"],
	["64:ff9b::7f00:1"],
])("a public name that leads to %s is not connected to", async (...addresses) => {
	const port = await listener();
	expect(await ask(`http://model.example:${port}`, false, addresses)).toBe("address_refused");
});

test("a private address is connected to where the owner said so", async () => {
	expect(await ask(`http://model.example:${await listener()}`, true, ["127.0.0.1"])).toBe("here");
});

test("metadata addresses are refused even then", async () => {
	expect(await ask("http://model.example", true, ["169.254.169.254"])).toBe("address_refused");
});

test("of several addresses only those that are allowed are tried", async () => {
	const port = await listener();
	expect(await ask(`http://model.example:${port}`, false, ["127.0.0.1", "192.0.2.1"])).toBe("address_refused");
	expect(await ask(`http://model.example:${port}`, true, ["169.254.169.254", "127.0.0.1"])).toBe("here");
});

test("an address written out is checked, too", async () => {
	const port = await listener();
	expect(await ask(`http://127.0.0.1:${port}`, false, [])).toBe("address_refused");
	expect(await ask(`http://[::ffff:127.0.0.1]:${port}`, false, [])).toBe("address_refused");
	expect(await ask(`http://127.0.0.1:${port}`, true, [])).toBe("here");
});
