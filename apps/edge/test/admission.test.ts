import { once } from "node:events";
import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { startDoorAlone } from "./fake-engine.ts";
import { ask, CONNECT, handshake, holdHandshake, OFFER, raw, TICKET } from "./raw.ts";

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
	const head = Object.entries({ ...CALL.headers, host: `127.0.0.1:${port}`, "transfer-encoding": "chunked" });
	const lines = [`POST ${SEND} HTTP/1.1`, ...head.map(([name, value]) => `${name}: ${value}`)];
	const chunked = await raw(port, lines, `7d0\r\n${body}\r\n0\r\n\r\n`);
	expect(chunked.status).toBe(413);
	expect(code(chunked.body)).toBe("frame_too_large");
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
