import { once } from "node:events";
import { statSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EgressStage, PUBLIC, RULES } from "../../../test/egress-stage.ts";

let stage: EgressStage;
beforeEach(() => {
	stage = new EgressStage();
});
afterEach(() => stage.close());

test("a named host is reached, at the address that was looked at", async () => {
	await stage.open();
	const { answer, socket } = await stage.tunnel("Packages.test:443");
	expect(answer).toMatch(/^HTTP\/1\.1 200 /);
	socket.write("hello");
	expect(String((await once(socket, "data"))[0])).toBe("hello");
	expect(stage.dialled).toEqual([[PUBLIC, 443]]);
	socket.destroy();
	await vi.waitFor(() => expect(stage.proxy.usage).toMatchObject({ connections: 1, bytesSent: 5, bytesReceived: 5 }));
	expect(stage.proxy.usage.hosts).toEqual({ "packages.test": 1 });
	expect(statSync(join(stage.folder, "egress.sock")).mode & 0o777).toBe(0o600);
});

test.each([
	"evil.test:443",
	"packages.test:22",
	"packages.test.evil.test:443",
	"127.0.0.1:443",
	"[::1]:443",
	"169.254.169.254:80",
	"2130706433:80",
	"localhost:443",
	"packages.test",
	"packages.test:443@evil.test:443",
])("%s is refused, and nothing is connected", async (authority) => {
	await stage.open();
	expect((await stage.tunnel(authority)).answer).toMatch(/^HTTP\/1\.1 40[03] /);
	expect(stage.dialled).toEqual([]);
});

test.each([
	"127.0.0.1",
	"10.1.2.3",
	"192.168.1.1",
	"172.17.0.1",
	"100.64.0.1",
	"169.254.169.254",
	"100.100.100.200",
	"0.0.0.0",
	"::1",
	"fe80::1",
	"fc00::1",
	"fd00:ec2::254",
	"::ffff:127.0.0.1",
	"64:ff9b::7f00:1",
])("a named host that leads to %s is refused, also beside a public address", async (address) => {
	const answers = [[address], [PUBLIC, address]];
	await stage.open({ resolve: async () => answers.shift() ?? [] });
	for (let n = 0; n < 2; n++) {
		expect((await stage.tunnel("packages.test:443")).answer).toMatch(
			/^HTTP\/1\.1 403 packages\.test leads to a private address/,
		);
	}
	expect(stage.dialled).toEqual([]);
	expect(stage.proxy.usage.refusals).toEqual({ private_address: 2 });
});

test("a name is looked up once for each connection: the second answer of a rebinding server never counts", async () => {
	const resolve = vi.fn(async () => (resolve.mock.calls.length === 1 ? [PUBLIC] : ["127.0.0.1"]));
	await stage.open({ resolve });
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/ 200 /);
	expect(resolve).toHaveBeenCalledTimes(1);
	expect(stage.dialled).toEqual([[PUBLIC, 443]]);
});

test("rules that change count for the next connection", async () => {
	let now = RULES;
	await stage.open({ rules: () => now });
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/ 200 /);
	now = [];
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/ 403 /);
});

test("plain requests go through with the host's own name, without what is the proxy's", async () => {
	let seen: IncomingMessage | undefined;
	const port = await stage.listen(
		createHttpServer((incoming, response) => {
			seen = incoming;
			void text(incoming).then((body) => response.end(`${incoming.method} ${incoming.url} ${body}`));
		}),
	);
	await stage.open({ dial: () => connect({ host: "127.0.0.1", port }) });
	const asked = request({
		socketPath: join(stage.folder, "egress.sock"),
		method: "POST",
		path: "http://packages.test/a?b=c",
		headers: { host: "evil.test", "proxy-authorization": "Basic x", "x-kept": "1" },
	}).end("body");
	const [answer] = (await once(asked, "response")) as [IncomingMessage];
	expect(await text(answer)).toBe("POST /a?b=c body");
	expect(seen?.headers).toMatchObject({ host: "packages.test", "x-kept": "1" });
	expect(seen?.headers).not.toHaveProperty("proxy-authorization");
});

test.each([
	"/",
	"https://packages.test/",
	"ftp://packages.test/",
	"http://user:word@packages.test/",
	"http://127.0.0.1/",
])("a plain request for %s is refused", async (path) => {
	await stage.open();
	expect((await stage.ask(`GET ${path} HTTP/1.1\r\nHost: packages.test\r\n\r\n`)).answer).toMatch(
		/^HTTP\/1\.1 40[03] /,
	);
	expect(stage.dialled).toEqual([]);
});

test("so many connections at once and no more", async () => {
	await stage.open({}, { egressConnectionsMax: 3 });
	const sockets = [];
	for (let n = 0; n < 3; n++) sockets.push(await stage.tunnel("packages.test:443"));
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 503 /);
	sockets[0]?.socket.destroy();
	await vi.waitFor(async () => expect((await stage.tunnel("packages.test:443")).answer).toMatch(/ 200 /));
});

test.each([
	["is silent", { egressSilentMs: 100 }],
	["lasts", { egressConnectionMs: 100 }],
])("a connection that %s too long is ended", async (_, limits) => {
	await stage.open({}, limits);
	const { answer, socket } = await stage.tunnel("packages.test:443");
	expect(answer).toMatch(/ 200 /);
	await once(socket, "close");
});

test("[EGR2] a host that is not allowed any more is cut off at once, another one stays", async () => {
	let allowed = [...RULES, { host: "kept.test", ports: [443] }];
	await stage.open({ rules: () => allowed });
	const { socket: gone } = await stage.tunnel("packages.test:443");
	const { socket: kept } = await stage.tunnel("kept.test:443");
	allowed = allowed.slice(1);
	await once(gone, "close");
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 403 /);
	expect(kept.destroyed).toBe(false);
});

test("[EGR3] who was refused is told by name, with the reason; what is no name is not", async () => {
	const onRefused = vi.fn();
	await stage.open({ onRefused, resolve: async () => ["10.0.0.1"] });
	for (const place of ["Other.test:8080", "packages.test:443", "127.0.0.1:80", "[::1]:80", "x y:80"])
		await stage.tunnel(place);
	expect(onRefused.mock.calls).toEqual([
		[{ host: "other.test", port: 8080 }, "not_allowed"],
		[{ host: "packages.test", port: 443 }, "private_address"],
	]);
});

test("a name that no server answers for is given up in time", async () => {
	await stage.open({ resolve: () => new Promise(() => undefined) }, { egressConnectMs: 50 });
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 502 packages\.test is not known/);
});

test("a connection that carries too much is ended", async () => {
	await stage.open({}, { egressConnectionBytesMax: 1_000_000 });
	const { socket } = await stage.tunnel("packages.test:443");
	const more = setInterval(() => socket.write(Buffer.alloc(200_000)), 10);
	socket.resume();
	await vi.waitFor(() => expect(socket.destroyed).toBe(true), 5_000);
	clearInterval(more);
});

test("a host that does not answer is given up, and closing cuts what runs and says what was used", async () => {
	const onUsed = vi.fn();
	await stage.open({ onUsed, dial: () => connect({ host: "127.0.0.1", port: 1 }) });
	expect((await stage.tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 502 /);
	await stage.proxy.close();
	expect(onUsed).toHaveBeenCalledWith(expect.objectContaining({ connections: 0, refused: 1 }));
});
