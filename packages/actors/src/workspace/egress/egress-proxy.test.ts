import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type EgressOptions, type EgressProxy, openEgressProxy } from "./egress-proxy.ts";

const PUBLIC = "93.184.215.14";
const rules = [{ host: "packages.test", ports: [80, 443] }];

let folder: string;
let proxy: EgressProxy | undefined;
let far: Server;
let dialled: [string, number][];
const servers: Server[] = [];
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-egress-"));
	dialled = [];
	far = await listening(createServer((socket) => socket.on("error", () => undefined).pipe(socket)));
});
afterEach(async () => {
	await proxy?.close();
	proxy = undefined;
	for (const server of servers.splice(0)) server.close();
	rmSync(folder, { recursive: true, force: true });
});

async function listening<Kind extends Server>(server: Kind): Promise<Kind> {
	servers.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function open(options: Partial<EgressOptions> = {}, limits: Partial<Limits> = {}): Promise<EgressProxy> {
	proxy = await openEgressProxy(
		{
			rules: () => rules,
			resolve: async () => [PUBLIC],
			dial: (address, port) => {
				dialled.push([address, port]);
				return connect({ host: "127.0.0.1", port: portOf(far) });
			},
			...options,
		},
		{ socketPath: join(folder, "egress.sock") },
		{ ...LIMITS, ...limits },
	);
	return proxy;
}

/** What the proxy answers to one request head, and the connection. */
async function ask(head: string): Promise<{ answer: string; socket: Socket }> {
	const socket = connect({ path: join(folder, "egress.sock") });
	socket.on("error", () => undefined);
	socket.write(head);
	const [chunk] = await Promise.race([once(socket, "data"), once(socket, "close").then(() => [""])]);
	return { answer: String(chunk), socket };
}
const tunnel = (authority: string) => ask(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);

test("a named host is reached, at the address that was looked at", async () => {
	await open();
	const { answer, socket } = await tunnel("Packages.test:443");
	expect(answer).toMatch(/^HTTP\/1\.1 200 /);
	socket.write("hello");
	expect(String((await once(socket, "data"))[0])).toBe("hello");
	expect(dialled).toEqual([[PUBLIC, 443]]);
	socket.destroy();
	await vi.waitFor(() => expect(proxy?.usage).toMatchObject({ connections: 1, bytesSent: 5, bytesReceived: 5 }));
	expect(proxy?.usage.hosts).toEqual({ "packages.test": 1 });
	expect(statSync(join(folder, "egress.sock")).mode & 0o777).toBe(0o600);
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
	await open();
	expect((await tunnel(authority)).answer).toMatch(/^HTTP\/1\.1 40[03] /);
	expect(dialled).toEqual([]);
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
	await open({ resolve: async () => answers.shift() ?? [] });
	for (let n = 0; n < 2; n++) {
		expect((await tunnel("packages.test:443")).answer).toMatch(
			/^HTTP\/1\.1 403 packages\.test leads to a private address/,
		);
	}
	expect(dialled).toEqual([]);
	expect(proxy?.usage.refusals).toEqual({ private_address: 2 });
});

test("a name is looked up once for each connection: the second answer of a rebinding server never counts", async () => {
	const resolve = vi.fn(async () => (resolve.mock.calls.length === 1 ? [PUBLIC] : ["127.0.0.1"]));
	await open({ resolve });
	expect((await tunnel("packages.test:443")).answer).toMatch(/ 200 /);
	expect(resolve).toHaveBeenCalledTimes(1);
	expect(dialled).toEqual([[PUBLIC, 443]]);
});

test("rules that change count for the next connection", async () => {
	let now = rules;
	await open({ rules: () => now });
	expect((await tunnel("packages.test:443")).answer).toMatch(/ 200 /);
	now = [];
	expect((await tunnel("packages.test:443")).answer).toMatch(/ 403 /);
});

test("plain requests go through with the host's own name, without what is the proxy's", async () => {
	let seen: IncomingMessage | undefined;
	const web = await listening(
		createHttpServer((incoming, response) => {
			seen = incoming;
			void text(incoming).then((body) => response.end(`${incoming.method} ${incoming.url} ${body}`));
		}),
	);
	await open({ dial: () => connect({ host: "127.0.0.1", port: portOf(web) }) });
	const asked = request({
		socketPath: join(folder, "egress.sock"),
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
	await open();
	expect((await ask(`GET ${path} HTTP/1.1\r\nHost: packages.test\r\n\r\n`)).answer).toMatch(/^HTTP\/1\.1 40[03] /);
	expect(dialled).toEqual([]);
});

test("so many connections at once and no more", async () => {
	await open({}, { egressConnectionsMax: 3 });
	const sockets = [];
	for (let n = 0; n < 3; n++) sockets.push(await tunnel("packages.test:443"));
	expect((await tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 503 /);
	sockets[0]?.socket.destroy();
	await vi.waitFor(async () => expect((await tunnel("packages.test:443")).answer).toMatch(/ 200 /));
});

test.each([
	["is silent", { egressSilentMs: 100 }],
	["lasts", { egressConnectionMs: 100 }],
])("a connection that %s too long is ended", async (_, limits) => {
	await open({}, limits);
	const { answer, socket } = await tunnel("packages.test:443");
	expect(answer).toMatch(/ 200 /);
	await once(socket, "close");
});

test("[EGR2] a host that is not allowed any more is cut off at once, another one stays", async () => {
	let allowed = [...rules, { host: "kept.test", ports: [443] }];
	await open({ rules: () => allowed });
	const { socket: gone } = await tunnel("packages.test:443");
	const { socket: kept } = await tunnel("kept.test:443");
	allowed = allowed.slice(1);
	await once(gone, "close");
	expect((await tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 403 /);
	expect(kept.destroyed).toBe(false);
});

test("[EGR3] who was refused is told by name, with the reason; what is no name is not", async () => {
	const onRefused = vi.fn();
	await open({ onRefused, resolve: async () => ["10.0.0.1"] });
	for (const place of ["Other.test:8080", "packages.test:443", "127.0.0.1:80", "[::1]:80", "x y:80"])
		await tunnel(place);
	expect(onRefused.mock.calls).toEqual([
		[{ host: "other.test", port: 8080 }, "not_allowed"],
		[{ host: "packages.test", port: 443 }, "private_address"],
	]);
});

test("a name that no server answers for is given up in time", async () => {
	await open({ resolve: () => new Promise(() => undefined) }, { egressConnectMs: 50 });
	expect((await tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 502 packages\.test is not known/);
});

test("a connection that carries too much is ended", async () => {
	await open({}, { egressConnectionBytesMax: 1_000_000 });
	const { socket } = await tunnel("packages.test:443");
	const more = setInterval(() => socket.write(Buffer.alloc(200_000)), 10);
	socket.resume();
	await vi.waitFor(() => expect(socket.destroyed).toBe(true), 5_000);
	clearInterval(more);
});

test("a host that does not answer is given up, and closing cuts what runs and says what was used", async () => {
	const onUsed = vi.fn();
	await open({ onUsed, dial: () => connect({ host: "127.0.0.1", port: 1 }) });
	expect((await tunnel("packages.test:443")).answer).toMatch(/^HTTP\/1\.1 502 /);
	await proxy?.close();
	expect(onUsed).toHaveBeenCalledWith(expect.objectContaining({ connections: 0, refused: 1 }));
});
