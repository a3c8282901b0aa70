import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { startDoorAlone } from "./fake-engine.ts";
import { ask, CONNECT, handshake, holdHandshake, OFFER, offerOf, raw, TICKET } from "./raw.ts";
import { claimsFor, signed, ticketFor } from "./tickets.ts";

const SEND = CONNECT.replace("connect", "action/sendMessage");
const CALL = {
	method: "POST",
	target: SEND,
	headers: {
		"content-type": "application/json",
		"x-rivet-encoding": "json",
		"x-rivet-conn-params": JSON.stringify({ ticket: TICKET }),
	},
	body: '{"args":[]}',
};
const chunkedLines = (port: number, target: string, headers: Readonly<Record<string, string>> = {}): string[] => {
	const all = { ...headers, host: `127.0.0.1:${port}`, "transfer-encoding": "chunked", connection: "close" };
	return [`POST ${target} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)];
};
const chunksOf = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const code = (body: string): unknown => JSON.parse(body).code;

test.each([
	"evil.example",
	"127.0.0.1.evil.example",
	"127.0.0.1",
	"127.0.0.1:1",
	"[::1]:80",
	"",
	"127.0.0.1:1@evil.example",
])("a page that came by another name reaches nothing: Host %j", async (host) => {
	const { port } = await startDoorAlone();
	for (const target of ["/", "/api/ticket", "/rivet/metadata"])
		expect((await ask(port, { target, host })).status).toBe(403);
	expect((await ask(port, { ...CALL, host })).status).toBe(403);
	expect((await handshake(port, CONNECT, {}, host)).status).toBe(403);
});

test("whoever opens localhost is sent to the one name that cookies are for", async () => {
	const { port, publicUrl } = await startDoorAlone();
	const answer = await ask(port, { target: "/r/general?m=1", host: `localhost:${port}` });
	expect(answer).toMatchObject({ status: 307, headers: { location: `${publicUrl.origin}/r/general?m=1` } });
	expect((await ask(port, { ...CALL, host: `localhost:${port}` })).status).toBe(403);
	expect((await ask(port, { target: "//evil.example/", host: `localhost:${port}` })).status).toBe(400);
});

test.each(["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:4040"])(
	"a page of another site changes nothing and connects to nothing: Origin %s",
	async (origin) => {
		const { port } = await startDoorAlone();
		expect((await handshake(port, CONNECT, { origin })).status).toBe(403);
		expect((await ask(port, { ...CALL, headers: { ...CALL.headers, origin } })).status).toBe(403);
		for (const method of ["POST", "PUT", "PATCH", "DELETE"])
			expect((await ask(port, { method, target: "/api/ticket", headers: { origin } })).status).toBe(403);
		expect((await ask(port, { target: "/", headers: { origin } })).status).toBe(200);
	},
);

test("a browser that leaves out the Origin still says that another site asked", async () => {
	const { port } = await startDoorAlone();
	for (const site of ["cross-site", "same-site", "none"])
		expect((await ask(port, { method: "POST", target: "/api/x", headers: { "sec-fetch-site": site } })).status).toBe(
			403,
		);
	expect((await ask(port, { method: "POST", target: "/api/x" })).status).toBe(200);
});

test("our own pages, and programs without an Origin, connect by their ticket alone", async () => {
	const { port, publicUrl } = await startDoorAlone();
	expect((await handshake(port, CONNECT, { origin: publicUrl.origin })).status).toBe(101);
	expect((await handshake(port, CONNECT)).status).toBe(101);
	const noTicket = await handshake(port, CONNECT, { "sec-websocket-protocol": "rivet, rivet_encoding.json" });
	expect(noTicket.status).toBe(401);
	expect(code(noTicket.body)).toBe("unauthenticated");
	const encoded = await handshake(port, CONNECT, { "sec-websocket-protocol": OFFER.replace("json", "cbor") });
	expect(encoded.status).toBe(400);
	expect(encoded.body).toMatch(/encoding: \\"json\\"/);
});

test.each([
	["made up", "aaaa.bbbb.cccc"],
	["of another signer", signed(claimsFor("chatRoom", "general"), generateKeyPairSync("ed25519").privateKey)],
	["for another room", ticketFor("chatRoom", "other")],
	["that has expired", signed({ ...claimsFor("chatRoom", "general"), exp: Math.floor(Date.now() / 1000) - 6 })],
])("a ticket %s is refused before anything is opened to the engine", async (_, ticket) => {
	const { port, engineSockets, engineCalls } = await startDoorAlone();
	const connParams = JSON.stringify({ ticket });
	const call = await ask(port, { ...CALL, headers: { ...CALL.headers, "x-rivet-conn-params": connParams } });
	const connection = await handshake(port, CONNECT, { "sec-websocket-protocol": offerOf(ticket) });
	for (const { status, body } of [call, connection]) {
		expect(status).toBe(401);
		expect(JSON.parse(body)).toEqual({ code: "unauthenticated", message: expect.any(String), details: {} });
	}
	expect(engineCalls.length + engineSockets.length).toBe(0);
	expect((await ask(port, CALL)).status).toBe(200);
	expect((await handshake(port, CONNECT)).status).toBe(101);
	expect([engineCalls.length, engineSockets.length]).toEqual([1, 1]);
});

test("an address calls without a connection so often and is then told how long to wait; its connections go on", async () => {
	const { port, engineCalls } = await startDoorAlone({ edgeCallBurstPerAddress: 2, edgeCallsPerSecondPerAddress: 0.1 });
	const forged = { ...CALL.headers, "x-rivet-conn-params": JSON.stringify({ ticket: "aaaa.bbbb.cccc" }) };
	for (let turn = 0; turn < 3; turn++) expect((await ask(port, { ...CALL, headers: forged })).status).toBe(401);
	for (let turn = 0; turn < 2; turn++) expect((await ask(port, CALL)).status).toBe(200);
	const refused = await ask(port, CALL);
	const { code: said, details } = JSON.parse(refused.body);
	expect([refused.status, said]).toEqual([429, "rate_limited"]);
	expect(details.waitMs).toBeGreaterThan(5_000);
	expect(refused.headers["retry-after"]).toBe(String(Math.ceil(details.waitMs / 1000)));
	expect(engineCalls).toHaveLength(2);
	expect((await handshake(port, CONNECT)).status).toBe(101);
});

test("an address has so many calls at once, and the next when one is answered or given up", async () => {
	const { port, engineCalls } = await startDoorAlone({ edgeCallsAtOncePerAddress: 2 }, false, true);
	const answered = ask(port, CALL);
	await vi.waitFor(() => expect(engineCalls).toHaveLength(1));
	const abandoned = holdCall(port);
	await vi.waitFor(() => expect(engineCalls).toHaveLength(2));
	const refused = await ask(port, CALL);
	expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
	expect(JSON.parse(refused.body)).toMatchObject({ code: "rate_limited", details: { waitMs: 1_000 } });
	expect(engineCalls).toHaveLength(2);
	engineCalls[0]?.end("{}");
	expect((await answered).status).toBe(200);
	abandoned.destroy();
	await vi.waitFor(() => expect(engineCalls[1]?.destroyed).toBe(true));
	const next = [ask(port, CALL), ask(port, CALL)];
	await vi.waitFor(() => expect(engineCalls).toHaveLength(4));
	for (const call of engineCalls) call.end("{}");
	for (const { status } of await Promise.all(next)) expect(status).toBe(200);
});

/** A call whose answer nobody waits for. */
function holdCall(port: number): Socket {
	const body = `Content-Length: ${CALL.body.length}`;
	const headers = Object.entries(CALL.headers).map(([name, value]) => `${name}: ${value}`);
	const lines = [`POST ${SEND} HTTP/1.1`, `Host: 127.0.0.1:${port}`, body, ...headers];
	const socket = connect(port, "127.0.0.1");
	socket.write(`${lines.join("\r\n")}\r\n\r\n${CALL.body}`);
	return socket;
}

test("a head that comes drop by drop is cut off in time, handshakes too", async () => {
	const { port } = await startDoorAlone({ edgeHeadMs: 200 });
	const started = Date.now();
	for (const line of ["GET / HTTP/1.1\r\n", `GET ${CONNECT} HTTP/1.1\r\nUpgrade: websocket\r\n`]) {
		const socket = connect(port, "127.0.0.1");
		socket.on("error", () => {});
		socket.write(`${line}Host: 127.0.0.1:${port}\r\n`);
		const dripping = setInterval(() => socket.writable && socket.write("x-more: 1\r\n"), 20);
		socket.resume();
		await once(socket, "close");
		clearInterval(dripping);
	}
	expect(Date.now() - started).toBeLessThan(5_000);
});

test("a head that is too large is refused", async () => {
	const { port } = await startDoorAlone();
	expect((await ask(port, { target: "/", headers: { "x-large": "x".repeat(17 * 1024) } })).status).toBe(400);
});

test("an engine that accepts and then says nothing does not hold a handshake for ever", async () => {
	const { port, publicUrl } = await startDoorAlone({ edgeHandshakeMs: 100 });
	const silent = await import("node:net").then(({ createServer }) => createServer(() => {}));
	const { listen, startDoor } = await import("./stage.ts");
	const other = await startDoor(await listen(silent), { edgeHandshakeMs: 100 });
	const answer = await handshake(other.door.port, CONNECT, { origin: other.publicUrl.origin });
	expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
	await other.stop();
	silent.close();
	expect((await handshake(port, CONNECT, { origin: publicUrl.origin })).status).toBe(101);
});

test("an address that connects too often is told how long to wait, one that holds too much is not answered", async () => {
	const { port } = await startDoorAlone({
		edgeHandshakeBurstPerAddress: 3,
		edgeHandshakesPerSecondPerAddress: 0.1,
		edgeSocketsPerAddress: 4,
	});
	const held = await Promise.all([holdHandshake(port), holdHandshake(port), holdHandshake(port)]);
	const refused = await handshake(port, CONNECT);
	expect(refused.status).toBe(429);
	expect(JSON.parse(refused.body)).toMatchObject({ code: "rate_limited", details: { waitMs: expect.any(Number) } });
	const page = connect(port, "127.0.0.1");
	await once(page, "connect");
	expect((await ask(port, { target: "/" })).status).toBe(0);
	page.destroy();
	for (const socket of held) socket.destroy();
	await vi.waitFor(async () => expect((await ask(port, { target: "/" })).status).toBe(200));
});

test("a call may be 1 MiB and not more, whether it says its length or not", async () => {
	const { port } = await startDoorAlone({ clientFrameBytesMax: 1_000 });
	const body = "x".repeat(2_000);
	expect(await ask(port, { ...CALL, body: "x".repeat(1_000) })).toMatchObject({ status: 200 });
	expect(await ask(port, { ...CALL, body })).toMatchObject({ status: 413 });
	const chunked = await raw(port, chunkedLines(port, SEND, CALL.headers), chunksOf(body));
	expect(chunked.status).toBe(413);
	expect(code(chunked.body)).toBe("frame_too_large");
});

test("a body for the web may be as large as that and not more, whether it says its length or not", async () => {
	const { port, webBodies } = await startDoorAlone({ edgeWebBodyBytesMax: 100_000 });
	const target = "/api/x";
	const [fits, large] = ["x".repeat(100_000), "x".repeat(100_001)];
	expect((await ask(port, { method: "POST", target, body: fits })).headers["x-answered-by"]).toBe("web");
	expect((await raw(port, chunkedLines(port, target), chunksOf(fits))).headers["x-answered-by"]).toBe("web");
	expect(webBodies).toEqual([fits.length, fits.length]);
	const refusals = [
		await ask(port, { method: "POST", target, body: large }),
		await raw(port, chunkedLines(port, target), chunksOf(large)),
		await raw(port, [`POST ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Content-Length: ${large.length}`]),
	];
	for (const { status, body } of refusals) {
		expect(status).toBe(413);
		expect(JSON.parse(body)).toMatchObject({ code: "frame_too_large", details: { bytesMax: 100_000 } });
	}
	const told = await raw(port, chunkedLines(port, target, { expect: "100-continue" }), chunksOf(large));
	expect([told.status, told.body]).toEqual([100, expect.stringMatching(/^HTTP\/1\.1 413 /)]);
	expect(webBodies).toEqual([fits.length, fits.length]);
});

test("archives and files of messages may be larger than any other body, and only where such go", async () => {
	const { port, webBodies } = await startDoorAlone({
		edgeWebBodyBytesMax: 100,
		originArchiveBytesMax: 1_000,
		messageFileBytesMax: 500,
	});
	const send = (target: string, bytes: number) => ask(port, { method: "POST", target, body: "x".repeat(bytes) });
	expect((await send("/api/uploads", 1_000)).headers["x-answered-by"]).toBe("web");
	expect((await send("/api/files?room=general&name=a", 500)).headers["x-answered-by"]).toBe("web");
	for (const [target, bytes] of [
		["/api/uploads", 1_001],
		["/api/uploads/x", 101],
		["/api/uploads?x", 101],
		["/api/files?room=general&name=a", 501],
		["/api/files", 101],
		["/api/files/general?x", 101],
		["/api/ticket", 101],
	] as const) {
		expect((await send(target, bytes)).status, target).toBe(413);
	}
	expect(webBodies).toEqual([1_000, 500]);
});

test("the web hears where a request came from from the door alone", async () => {
	const { port, publicUrl } = await startDoorAlone();
	const lies = {
		forwarded: "for=192.0.2.1",
		"x-forwarded-for": "192.0.2.1",
		"x-forwarded-host": "evil.example",
		"x-forwarded-proto": "https",
		"x-forwarded-port": "443",
		"x-real-ip": "192.0.2.1",
		"x-middleware-subrequest": "proxy",
		"x-rivet-token": "token",
		"x-nonce": "mine",
		"content-security-policy": "script-src *",
	};
	const { headers } = JSON.parse((await ask(port, { target: "/", headers: { ...lies, "x-own": "kept" } })).body);
	expect(headers).toEqual({
		host: publicUrl.host,
		connection: expect.any(String),
		"x-own": "kept",
		"x-forwarded-for": "127.0.0.1",
		"x-forwarded-host": publicUrl.host,
		"x-forwarded-proto": "http",
	});
});

test.each(["/_next/webpack-hmr", "/_next/webpack-hmr?id=1"])(
	"development's own socket %s opens in development alone",
	async (target) => {
		const development = await startDoorAlone({}, true);
		expect((await handshake(development.port, target)).headers["x-answered-by"]).toBe("web");
		const production = await startDoorAlone();
		expect((await handshake(production.port, target)).status).toBe(404);
		expect((await handshake(development.port, "/_next/other")).status).toBe(404);
	},
);

test("without the web people are told to try again, and a request that is none is refused", async () => {
	const { port } = await startDoorAlone();
	expect((await raw(port, ["nonsense"])).status).toBe(400);
	expect((await raw(port, ["GET / HTTP/1.1", "x: y"])).status).toBe(400);
	expect((await ask(port, { method: "OPTIONS", target: "*" })).status).toBe(400);
});

test("a browser keeps its connection from page to page", async () => {
	const { port } = await startDoorAlone();
	const agent = new Agent({ keepAlive: true });
	const page = async (): Promise<boolean> => {
		const request = get({ port, path: "/", agent, headers: { host: `127.0.0.1:${port}` } });
		const [answer] = (await once(request, "response")) as [IncomingMessage];
		expect(answer.statusCode).toBe(200);
		await once(answer.resume(), "end");
		return request.reusedSocket;
	};
	expect([await page(), await page(), await page()]).toEqual([false, true, true]);
	agent.destroy();
});

test("a connection that says nothing is closed in time without a word, which a browser would take for an answer", async () => {
	const { port } = await startDoorAlone({ edgeHeadMs: 200 });
	const silent = connect(port, "127.0.0.1");
	const heard: Buffer[] = [];
	silent.on("data", (data) => heard.push(data)).on("error", () => {});
	await once(silent, "close");
	expect(Buffer.concat(heard).toString()).toBe("");
});
