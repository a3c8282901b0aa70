import { once } from "node:events";
import { rename } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { basename, dirname, join } from "node:path";
import { type SocketPlace, socketPlace } from "./socket-place.ts";

/** A socket that listens already and only we can reach, for a child that inherits its descriptor. */
export interface InheritedSocket extends SocketPlace {
	readonly descriptor: number;
	/** Lets go of it here, once the child has it. */
	handOver(): void;
}

/** Nobody connects to it before the child takes what comes. */
export async function inheritedSocket(folder: string): Promise<InheritedSocket> {
	const { path, release } = await socketPlace(folder, "api");
	const first = join(dirname(path), `new-${basename(path)}`);
	const server = createServer();
	server.listen(first);
	await once(server, "listening");
	// Closing a server removes the path it listened on: by then the socket has another.
	await rename(first, path);
	return { path, release, descriptor: descriptorOf(server), handOver: () => void server.close() };
}

/** The listening socket's descriptor, which `spawn` can hand down; Node keeps it in a field without a public name. */
function descriptorOf(server: Server): number {
	const handle: unknown = Reflect.get(server, "_handle");
	const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
	if (typeof fd !== "number" || fd < 0) throw new Error("This Node does not tell a server's descriptor.");
	return fd;
}
