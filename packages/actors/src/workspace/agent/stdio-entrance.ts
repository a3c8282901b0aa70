import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { createServer } from "node:net";
import { Duplex } from "node:stream";
import { carry } from "./carry.ts";
import type { Entrance } from "./enclosure.ts";
import { socketPlace } from "./socket-place.ts";

/**
 * A way in over a process's own input and output, for sandboxes that inherit no socket: HTTP/2 (RFC 9113), in which each stream
 * is one connection, none holds up another, and `bridge.ts --stdio` is the far side.
 */
export async function stdioEntrance(folder: string): Promise<Entrance> {
	const { path, release } = await socketPlace(folder, "api");
	let session: ClientHttp2Session | undefined;
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		if (!session || session.closed || session.destroyed) return void socket.on("error", goneAnyway).destroy();
		carry(socket, session.request({ ":method": "POST", ":path": "/connection" }, { endStream: false }));
	});
	server.listen(path);
	await once(server, "listening");
	return {
		path,
		descriptors: [],
		options: ["--stdio"],
		attach({ stdout, stdin }, secrets) {
			if (!stdout || !stdin) throw new Error("Its input and output are not ours.");
			const both = Duplex.from({ readable: stdout, writable: stdin });
			const opened = connect("http://sandbox", { createConnection: () => both }).on("error", goneAnyway);
			session = opened;
			const begun = opened.request({ ":method": "POST", ":path": "/begin" }, { endStream: false });
			begun.on("error", goneAnyway).resume().end(JSON.stringify(secrets));
			return new Promise((resolve) => {
				begun.once("response", () => resolve());
			});
		},
		async release() {
			session?.destroy();
			server.close();
			await release();
		},
	};
}

/** Its process tells the end by exiting. */
function goneAnyway(): void {}
