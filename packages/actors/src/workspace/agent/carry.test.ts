import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { carry } from "./carry.ts";

const folder = mkdtempSync(join(tmpdir(), "bullpen-carry-"));
afterAll(() => rmSync(folder, { recursive: true }));

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
	for (const socket of sockets.splice(0)) socket.destroy();
	for (const server of servers.splice(0)) server.close();
});

async function listen(where: "path" | "port", act: (socket: Socket) => void): Promise<() => Socket> {
	const kept = (socket: Socket): Socket => {
		sockets.push(socket.on("error", () => undefined));
		return socket;
	};
	const server = createServer({ allowHalfOpen: true }, (socket) => act(kept(socket)));
	servers.push(server);
	server.listen(where === "path" ? { path: join(folder, `${servers.length}.sock`) } : { port: 0, host: "127.0.0.1" });
	await once(server, "listening");
	const address = server.address();
	const to = typeof address === "string" ? { path: address } : { port: address?.port ?? 0 };
	return () => kept(connect({ ...to, allowHalfOpen: true }));
}

test("whoever has said all hears all, also who reads late", async () => {
	let bytes = 0;
	const far = await listen("path", (socket) => socket.resume().on("end", () => socket.end(Buffer.alloc(bytes))));
	const carried: [Socket, Socket][] = [];
	const near = await listen("path", (socket) => {
		const other = far();
		carried.push([socket, other]);
		carry(socket, other);
	});
	// Somewhere among these, what the system holds for a reader is full, and the rest waits here.
	for (bytes = 50_000; bytes < 1_200_000; bytes += 25_000) {
		const socket = near();
		socket.end("all");
		for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
		let read = 0;
		for await (const chunk of socket) read += chunk.length;
		expect(read).toBe(bytes);
	}
	await vi.waitFor(() => expect(carried.flat().every((socket) => socket.destroyed)).toBe(true));
});

test("when one side is lost, the other is let go, whatever it still says or has said", async () => {
	const fars: Socket[] = [];
	const far = await listen("port", (socket) => fars.push(socket.resume()));
	const near = await listen("port", (socket) => carry(socket, far()));
	for (const end of [
		() => undefined,
		(socket: Socket) => socket.end("all"),
		(_: Socket, other: Socket) => other.end("all"),
	]) {
		const socket = near().resume();
		await vi.waitFor(() => expect(fars).toHaveLength(1));
		const other = fars.pop() as Socket;
		end(socket, other);
		socket.resetAndDestroy();
		await vi.waitFor(() => expect(other.destroyed || other.readableEnded).toBe(true));
		other.destroy();
	}
});
