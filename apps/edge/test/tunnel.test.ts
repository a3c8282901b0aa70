import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { startDoorAlone } from "./fake-engine.ts";
import { ask, holdHandshake } from "./raw.ts";

async function tunnel(limits = {}) {
	const stage = await startDoorAlone(limits);
	const client = await holdHandshake(stage.port);
	client.on("error", () => {});
	const [engine] = stage.engineSockets;
	if (!engine) throw new Error("the handshake reached no engine");
	return { ...stage, client, engine };
}
const openTunnels = async (port: number): Promise<number> =>
	JSON.parse((await ask(port, { target: "/healthz" })).body).tunnels;

test("bytes go both ways as they are", async () => {
	const { client, engine } = await tunnel();
	client.write("up");
	expect(String((await once(engine, "data"))[0])).toBe("up");
	engine.write("down");
	expect(String((await once(client, "data"))[0])).toBe("down");
});

test.each(["client", "engine"] as const)(
	"when the %s goes, the other side goes too and nothing stays",
	async (side) => {
		const stage = await tunnel();
		const other = side === "client" ? stage.engine : stage.client;
		expect(await openTunnels(stage.port)).toBe(1);
		const closed = once(other.resume(), "close");
		stage[side].destroy();
		await closed;
		await vi.waitFor(async () => expect(await openTunnels(stage.port)).toBe(0));
	},
);

test("a client that takes less than it is told goes before it fills anybody's memory", async () => {
	const { client, engine, port } = await tunnel({ edgeWaitingBytesMax: 2 * 1024 * 1024 });
	client.pause();
	const nibbles = setInterval(() => client.read(1), 20);
	const before = process.memoryUsage().rss;
	const chunk = Buffer.alloc(64 * 1024);
	let sent = 0;
	const write = (): void => {
		while (sent < 200 * 1024 * 1024 && engine.write(chunk)) sent += chunk.length;
	};
	engine.on("drain", write);
	write();
	await new Promise((closed) => engine.once("close", closed));
	clearInterval(nibbles);
	expect(sent).toBeLessThan(64 * 1024 * 1024);
	expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
	expect(await openTunnels(port)).toBe(0);
});

test("a client that takes nothing goes, however little waits for it", async () => {
	const { client, engine } = await tunnel({
		edgePingMs: 50,
		edgeStalledMs: 400,
		edgeWaitingBytesMax: 64 * 1024 * 1024,
	});
	client.pause();
	engine.write(Buffer.alloc(16 * 1024 * 1024));
	await new Promise((closed) => engine.once("close", closed));
});

test("all connections of one address are heard at the pace of one", async () => {
	const stage = await tunnel({
		edgeHeardBurstPerAddress: 64 * 1024,
		edgeHeardPerSecondPerAddress: 256 * 1024,
		edgeHeardPerFrame: 0,
	});
	const clients = [stage.client, await holdHandshake(stage.port), await holdHandshake(stage.port)];
	let heard = 0;
	for (const socket of stage.engineSockets) socket.on("data", (chunk) => (heard += chunk.length));
	const startedAt = performance.now();
	const each = 128 * 1024;
	for (const client of clients) client.write(Buffer.alloc(each));
	await vi.waitFor(() => expect(heard).toBe(clients.length * each), { timeout: 10_000 });
	expect(performance.now() - startedAt).toBeGreaterThan(500);
});

test("a flood of tiny frames is heard at that pace, too", async () => {
	const { client, engine } = await tunnel({
		edgeHeardBurstPerAddress: 64 * 1024,
		edgeHeardPerSecondPerAddress: 512 * 1024,
		edgeHeardPerFrame: 512,
	});
	let heard = 0;
	engine.on("data", (chunk) => (heard += chunk.length));
	const startedAt = performance.now();
	const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
	client.write(Buffer.concat(Array.from({ length: 1_000 }, () => pong)));
	client.write(pong);
	await vi.waitFor(() => expect(heard).toBeGreaterThanOrEqual(1_000 * pong.length));
	client.write(Buffer.from("last"));
	await vi.waitFor(() => expect(heard).toBe(1_001 * pong.length + 4), { timeout: 5_000 });
	expect(performance.now() - startedAt).toBeGreaterThan(500);
});

test("a client that fell silent goes, one that answers pings stays", async () => {
	const { client, engine, port } = await tunnel({ edgePingMs: 50, edgeSilentMs: 300 });
	const talking = await holdHandshake(port);
	const pongs = setInterval(() => talking.write("pong"), 50);
	const pings = setInterval(() => engine.destroyed || engine.write("ping"), 50);
	await once(client.resume(), "close");
	expect(talking.destroyed).toBe(false);
	expect(await openTunnels(port)).toBe(1);
	clearInterval(pongs);
	clearInterval(pings);
	await once(talking.resume(), "close");
});

test("a door that closes says so, lets running requests end and leaves no connection", async () => {
	const { client, door, port } = await tunnel();
	expect(await ask(port, { target: "/healthz" })).toMatchObject({ status: 200 });
	const closed = once(client.resume(), "close");
	await door.drain();
	await closed;
	expect((await ask(port, { target: "/healthz" })).status).toBe(0);
});
