import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { LIMITS } from "@bullpen/domain/limits";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Lookup } from "../checked-lookup.ts";
import { Courier } from "./courier.ts";
import { Sealing } from "./sealing.ts";
import { isSignedWith, newSecret, signatureOf } from "./signature.ts";

const signed = { messageId: "h-1.1", timestamp: 1_700_000_000, body: "{}" };
const limits = { ...LIMITS, hookAnswerMs: 300 };
/** Names lead where they are told to. */
const leadingTo =
	(...addresses: string[]) =>
	(_name: string, _options: unknown, callback: (error: null, found: object[]) => void): void =>
		callback(
			null,
			addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
		);
const send = (url: string, more: { isPrivateAllowed?: boolean; lookup?: unknown } = {}) =>
	new Courier({ limits, isPrivateAllowed: false, now: Date.now, ...(more as { lookup?: Lookup }) }).deliver({
		...signed,
		url,
		secret: newSecret(),
	});
async function listen(answer: RequestListener): Promise<number> {
	const server = createServer(answer).listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => void server.close().closeAllConnections());
	return (server.address() as AddressInfo).port;
}

describe("where a courier goes", () => {
	test.each([
		"http://127.0.0.1:1/",
		"http://127.1:1/",
		"http://2130706433:1/",
		"http://[::1]:1/",
		"http://[::ffff:127.0.0.1]:1/",
		"http://10.0.0.1/",
		"http://169.254.169.254/latest/meta-data/",
		"http://0.0.0.0:1/",
	])("[HOOK6] not to %s", async (url) => {
		expect(await send(url)).toMatchObject({ failure: "address-refused" });
	});

	test("[HOOK6] nor by a name to one, whichever of its addresses it is, nor ever to where nobody means to go", async () => {
		let hits = 0;
		const port = await listen((_, response) => void response.writeHead(200, { n: String(++hits) }).end());
		const url = `http://hooks.example:${port}/`;
		expect(await send(url, { lookup: leadingTo("127.0.0.1", "10.1.1.1") })).toMatchObject({
			failure: "address-refused",
		});
		const owner = { isPrivateAllowed: true };
		expect(await send("http://169.254.169.254/", owner)).toMatchObject({ failure: "address-refused" });
		expect(hits).toBe(0);
		expect(await send(url, { ...owner, lookup: leadingTo("127.0.0.1") })).toMatchObject({ status: 200 });
		expect(hits).toBe(1);
	});

	test("[HOOK6] a redirect is an answer like any other, and one that does not come ends", async () => {
		const paths: (string | undefined)[] = [];
		const port = await listen((request, response) => {
			paths.push(request.url);
			if (request.url === "/slow") return;
			response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
		});
		const owner = { isPrivateAllowed: true };
		expect(await send(`http://127.0.0.1:${port}/one`, owner)).toMatchObject({ status: 307 });
		expect(await send(`http://127.0.0.1:${port}/slow`, owner)).toMatchObject({ failure: "timed-out" });
		expect(await send("http://127.0.0.1:1/", owner)).toMatchObject({ failure: "not-reached" });
		expect(paths).toEqual(["/one", "/slow"]);
	});
});

test("[HOOK6] an answer without an end is left in time, and what it says is not kept", async () => {
	const ends: Promise<unknown>[] = [];
	const port = await listen((request, response) => {
		ends.push(once(response, "close"));
		response.writeHead(request.url === "/taken" ? 200 : 500);
		const drip = setInterval(() => response.write("x"), 5);
		response.once("close", () => clearInterval(drip));
	});
	const owner = { isPrivateAllowed: true };
	const [taken, failed] = await Promise.all(
		["taken", "failed"].map((path) => send(`http://127.0.0.1:${port}/${path}`, owner)),
	);
	expect([taken, failed]).toEqual([
		{ status: 200, tookMs: expect.any(Number) },
		{ status: 500, tookMs: expect.any(Number) },
	]);
	await Promise.all(ends);
});

test("[HOOK6] those who wait for a slow host are in the way of nobody who goes elsewhere", async () => {
	let [open, most] = [0, 0];
	const gate = Promise.withResolvers<void>();
	const slow = await listen(async (_, response) => {
		most = Math.max(most, ++open);
		await gate.promise;
		open--;
		response.writeHead(200).end();
	});
	const quick = await listen((_, response) => void response.writeHead(200).end());
	const narrow = { ...LIMITS, hooksAtOnce: 4, hooksAtOncePerHost: 2 };
	const courier = new Courier({ limits: narrow, isPrivateAllowed: true, now: Date.now });
	const go = (port: number) =>
		courier.deliver({ ...signed, url: `http://127.0.0.1:${port}/`, secret: newSecret() }).then(({ status }) => status);
	const many = Array.from({ length: 12 }, () => go(slow));
	expect(await go(quick)).toBe(200);
	await vi.waitFor(() => expect(open).toBe(2), 10_000);
	gate.resolve();
	expect(await Promise.all(many)).toEqual(Array(12).fill(200));
	expect(most).toBe(2);
});

test("[HOOK3] a signature is that of Standard Webhooks, and any one of several has to be right", () => {
	// The example of the specification's reference libraries.
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
	const example = {
		messageId: "msg_p5jXN8AQM9LWM0D4loKWxJek",
		timestamp: 1_614_265_330,
		body: '{"test": 2432232314}',
	};
	const right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
	expect(signatureOf(secret, example)).toBe(right);
	expect(isSignedWith(secret, example, `v1,old v2,other ${right}`)).toBe(true);
	for (const other of ["", "v1,", right.slice(3), right.replace("v1", "v2")]) {
		expect(isSignedWith(secret, example, other)).toBe(false);
	}
});

test("[HOOK1] a sealed secret opens with this server's keys, for what it was sealed for", () => {
	const [one, other] = [0, 1].map(() => new Sealing(generateKeyPairSync("ed25519").privateKey));
	const sealed = one?.seal("whsec_a", "r-1 h-1") ?? "";
	expect(sealed).not.toContain("whsec_a");
	expect(one?.open(sealed, "r-1 h-1")).toBe("whsec_a");
	expect(one?.open(sealed, "r-2 h-1")).toBeUndefined();
	expect(other?.open(sealed, "r-1 h-1")).toBeUndefined();
	expect(one?.open("", "r-1 h-1")).toBeUndefined();
});
