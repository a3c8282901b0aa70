import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EgressStage, PUBLIC } from "../../../test/egress-stage.ts";

let stage: EgressStage;
beforeEach(() => {
	stage = new EgressStage();
	stage.allowHalfOpen = true;
});
afterEach(() => stage.close());

const PLAIN = "GET http://packages.test/ HTTP/1.1\r\nHost: packages.test\r\n\r\n";

/** A host that does with each connection what the test says. */
async function hostThat(act: (socket: Socket) => void): Promise<{ dial: () => Socket }> {
	const port = await stage.listen(createServer((socket) => act(socket.on("error", () => undefined))));
	return { dial: () => connect({ host: "127.0.0.1", port }) };
}

test.each(["000 No", "099 No", "101 Switching Protocols", "700 Odd", "999 Odd", "abc"])(
	"a host that answers %s breaks its own answer and nothing else",
	async (status) => {
		const host = await hostThat((socket) =>
			socket.once("data", () => socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)),
		);
		await stage.open(host);
		expect((await stage.ask(PLAIN)).answer).toBe("");
		expect((await stage.tunnel()).answer).toMatch(/ 200 /);
	},
);

test("what a host says before it hangs up arrives, also where nobody has read it yet", async () => {
	const established = "HTTP/1.1 200 Connection established\r\n\r\n".length;
	let bytes = 0;
	await stage.open(await hostThat((socket) => socket.end(Buffer.alloc(bytes))));
	// Somewhere among these, what the system holds for a reader is full, and the rest waits here.
	for (bytes = 50_000; bytes < 600_000; bytes += 25_000) {
		const { connections, bytesReceived } = stage.proxy.usage;
		const socket = stage.connect();
		socket.write("CONNECT packages.test:443 HTTP/1.1\r\nHost: packages.test:443\r\n\r\n");
		await vi.waitFor(() => expect(stage.proxy.usage.connections).toBe(connections + 1), { interval: 1 });
		for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
		let read = 0;
		for await (const chunk of socket) read += chunk.length;
		expect(read).toBe(bytes + established);
		await vi.waitFor(() => expect(stage.proxy.usage.bytesReceived).toBe(bytesReceived + bytes));
	}
});

test("whoever leaves before the host stands leaves no connection to it", async () => {
	const resolved = Promise.withResolvers<string[]>();
	const seen: Socket[] = [];
	const host = await hostThat((socket) => seen.push(socket.resume()));
	const resolve = vi.fn(() => resolved.promise);
	await stage.open({ ...host, resolve });
	const sockets = [stage.connect(), stage.connect()];
	sockets[0]?.write("CONNECT packages.test:443 HTTP/1.1\r\nHost: packages.test:443\r\n\r\n");
	sockets[1]?.write(PLAIN);
	await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(2));
	for (const socket of sockets) socket.destroy();
	// Behind them in line: by its answer they are known to have gone.
	expect((await stage.tunnel("other.test:443")).answer).toMatch(/ 403 /);
	resolved.resolve([PUBLIC]);
	await vi.waitFor(() => expect(seen).toHaveLength(2));
	await vi.waitFor(() => expect(seen.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true));
});

test("who was refused holds nothing: the connection is over, also where the other side stays", async () => {
	await stage.open({}, { egressConnectionsMax: 1 });
	const refused = [];
	for (let n = 0; n < 4; n++) refused.push(await stage.tunnel("other.test:443"));
	for (const { answer } of refused) expect(answer).toMatch(/^HTTP\/1\.1 403 /);
	expect((await stage.tunnel()).answer).toMatch(/ 200 /);
});

test("[EGR2] the end of a sandbox ends all it has open: tunnels, what waits for its host, and what was refused", async () => {
	const resolve = vi.fn(async (host: string) => (host === "packages.test" ? [PUBLIC] : new Promise<never>(() => {})));
	const names = ["packages.test", "waits.test"];
	const rules = () => names.map((host) => ({ host, ports: [80, 443] }));
	await stage.open({ resolve, rules });
	const { socket: open } = await stage.tunnel();
	const { socket: refused } = await stage.tunnel("other.test:443");
	const waiting = stage.connect();
	waiting.write("CONNECT waits.test:443 HTTP/1.1\r\nHost: waits.test:443\r\n\r\n");
	const silent = stage.connect();
	await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(2));
	const all = [open, refused, waiting, silent];
	for (const socket of all) socket.resume();
	await stage.proxy.close();
	await vi.waitFor(() => expect(all.map(({ readableEnded }) => readableEnded)).not.toContain(false));
});

test("a request head that is too large reaches nothing", async () => {
	await stage.open({}, { egressHeadBytesMax: 2_000 });
	expect((await stage.tunnel("packages.test:443", `X: ${"x".repeat(3_000)}\r\n`)).answer).not.toMatch(/ 200 /);
	expect((await stage.ask(`GET http://packages.test/${"x".repeat(3_000)} HTTP/1.1\r\n\r\n`)).answer).toBe("");
	expect(stage.dialled).toEqual([]);
});

test("a program that asks without end is answered at a pace, refusals included", async () => {
	await stage.open({}, { egressConnectBurst: 3, egressConnectsPerSecond: 0.001 });
	expect((await stage.tunnel()).answer).toMatch(/ 200 /);
	expect((await stage.tunnel("other.test:443")).answer).toMatch(/ 403 /);
	expect((await stage.ask("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")).answer).toMatch(/ 400 /);
	const waiting = [stage.tunnel(), stage.tunnel("other.test:443"), stage.ask(PLAIN)];
	// Behind them in line, and not one that is answered: by its end they are known to have been heard.
	expect((await stage.ask("nonsense\r\n\r\n")).answer).toBe("");
	expect(stage.proxy.usage).toMatchObject({ connections: 1, refused: 2 });
	await stage.proxy.close();
	for (const { answer } of await Promise.all(waiting)) expect(answer).toBe("");
	expect(stage.dialled).toHaveLength(1);
});
