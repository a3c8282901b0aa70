import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Limits } from "@bullpen/domain/limits";
import { onTestFinished } from "vitest";
import { listen, startDoor } from "./stage.ts";

/**
 * A door before an engine that accepts every handshake and shows the socket: for what is the door's own doing. A slow one
 * leaves calls to be answered by the test.
 */
export async function startDoorAlone(limits: Partial<Limits> = {}, isDevelopment = false, isSlow = false) {
	const calls: ServerResponse[] = [];
	const engine = createServer((_request, response) => {
		calls.push(response);
		if (!isSlow) response.end("{}");
	});
	const sockets: Socket[] = [];
	engine.on("upgrade", (_request, socket) => {
		socket.on("error", () => socket.destroy());
		socket.on("end", () => socket.end());
		sockets.push(socket as Socket);
		socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
	});
	const started = await startDoor(await listen(engine), limits, isDevelopment);
	onTestFinished(async () => {
		await started.stop();
		for (const socket of sockets) socket.destroy();
		engine.closeAllConnections();
		await new Promise((done) => engine.close(done));
	});
	return { ...started, port: started.door.port, engineSockets: sockets, engineCalls: calls };
}
