import { once } from "node:events";
import { chmod, chown, rename, rm } from "node:fs/promises";
import type { Server as HttpServer } from "node:http";
import type { Server, Socket } from "node:net";
import { dirname, join } from "node:path";

/** Where a proxy is reached. */
export type Place =
	| {
			/** In a folder that only we can enter; what lies there is replaced. At most 100 bytes (unix(7)). */
			readonly socketPath: string;
			/** Whose socket it is, when we are root: the sandbox's user. Nobody else may connect. */
			readonly socketUid?: number;
	  }
	/** One that listens already, wherever. Closed with the proxy. */
	| { readonly server: Server };

const SOCKET_PATH_BYTES_MAX = 100;

/** Lets `http` answer at a place. @returns what ends that. */
export async function listenAt(place: Place, http: HttpServer): Promise<() => Promise<void>> {
	if ("server" in place) return takeOver(place.server, http);
	const { socketPath, socketUid } = place;
	if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES_MAX)
		throw new Error("The path of the model socket is too long.");
	const draft = join(dirname(socketPath), `.${crypto.randomUUID().slice(0, 8)}`);
	http.listen(draft);
	await once(http, "listening");
	await chmod(draft, 0o600);
	if (socketUid !== undefined) await chown(draft, socketUid, socketUid);
	// Closing a server removes the path it listened on: by then the socket has another.
	await rename(draft, socketPath);
	return async () => {
		await rm(socketPath, { force: true });
		await closeServer(http);
	};
}

function takeOver(server: Server, http: HttpServer): () => Promise<void> {
	const onConnection = (socket: Socket) => http.emit("connection", socket);
	server.maxConnections = http.maxConnections;
	server.on("connection", onConnection);
	return async () => {
		server.off("connection", onConnection);
		await closeServer(server);
	};
}

async function closeServer(server: Server): Promise<void> {
	const closed = server.listening ? once(server, "close") : undefined;
	server.close();
	if ("closeAllConnections" in server && typeof server.closeAllConnections === "function") server.closeAllConnections();
	await closed;
}
