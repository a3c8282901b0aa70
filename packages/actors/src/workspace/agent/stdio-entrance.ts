import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { createConnection, createServer, type Socket } from "node:net";
import { carry } from "./carry.ts";
import type { Entrance } from "./enclosure.ts";
import { socketPlace } from "./socket-place.ts";

/**
 * A way in over a process's own input and output, for sandboxes that inherit no socket: HTTP/2 (RFC 9113), in which each stream
 * is one connection, none holds up another, and `bridge.ts --stdio` is the far side.
 */
export async function stdioEntrance(folder: string): Promise<Entrance> {
	const { path, release } = await socketPlace(folder, "api");
	const [near, far] = await socketPair(folder);
	for (const end of [near, far]) end.on("error", goneAnyway);
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
			far.pipe(stdin.on("error", goneAnyway));
			stdout.pipe(far);
			for (const end of [stdin, stdout]) end.once("close", () => far.destroy());
			const opened = connect("http://sandbox", { createConnection: () => near }).on("error", goneAnyway);
			session = opened;
			const begun = opened.request({ ":method": "POST", ":path": "/begin" }, { endStream: false });
			begun.on("error", goneAnyway).resume().end(JSON.stringify(secrets));
			return new Promise((resolve) => {
				begun.once("response", () => resolve());
			});
		},
		async release() {
			session?.destroy();
			near.destroy();
			far.destroy();
			server.close();
			await release();
		},
	};
}

/**
 * Two ends of a socket. Node's HTTP/2 (22) over any other stream throws where nothing can catch it when its session ends just
 * after that stream did (`JSStreamSocket.doWrite`), and what is inside decides when that is.
 */
async function socketPair(folder: string): Promise<[Socket, Socket]> {
	const { path, release } = await socketPlace(folder, "link");
	const server = createServer();
	try {
		server.listen(path);
		await once(server, "listening");
		const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
		const near = createConnection(path);
		await once(near, "connect");
		return [near, await accepted];
	} finally {
		server.close();
		await release();
	}
}

/** Its process tells the end by exiting; whoever waits on a connection, by losing it. */
function goneAnyway(): void {}
