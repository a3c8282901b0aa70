import { once } from "node:events";
import { chmod, chown, rename, rm } from "node:fs/promises";
import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";
import { dirname, join } from "node:path";

/** Where a proxy is reached. */
export type Place =
	| {
			/** In a folder that only we can enter; what lies there is replaced. At most 100 bytes (unix(7)). */
			readonly socketPath: string;
			/** Whose socket it is, when we are root: the sandbox's user. Nobody else may connect. */
			readonly socketUid?: number;
	  }
	/** One that listens already, wherever. The proxy takes it over, and closes it. */
	| { readonly server: Server };

const SOCKET_PATH_BYTES_MAX = 100;

/** Lets `http` answer at a place. @returns what ends that, and every connection. */
export async function listenAt(place: Place, http: HttpServer): Promise<() => Promise<void>> {
	if ("server" in place) {
		http.listen(place.server); // takes its handle over
		await once(http, "listening");
		return () => closeServer(http);
	}
	const { socketPath, socketUid } = place;
	if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES_MAX) {
		throw new Error("The path of the model socket is too long.");
	}
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

async function closeServer(http: HttpServer): Promise<void> {
	if (!http.listening) return;
	const closed = once(http, "close");
	http.close();
	http.closeAllConnections();
	await closed;
}
