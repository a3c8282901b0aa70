import { performServerHandshake, type ServerHttp2Stream } from "node:http2";
import { Duplex } from "node:stream";

/** How the host comes in: what it says first, and from then on one connection to the server for each of its own. */
export interface Host {
	readonly variables: Promise<string>;
	open(toServer: () => Duplex, carry: (from: Duplex, to: Duplex) => void): void;
}

/** The far side of `stdio-entrance.ts`: the first stream brings the variables, each later one is a connection. */
export function hostOverStdio(): Host {
	const session = performServerHandshake(Duplex.from({ readable: process.stdin, writable: process.stdout }));
	// The host holds the other end: when it is gone, so is this.
	session.on("error", () => process.exit(0)).on("close", () => process.exit(0));
	const { promise: first, resolve } = Promise.withResolvers<ServerHttp2Stream>();
	session.once("stream", resolve);
	return {
		variables: first.then(bodyOf),
		open(toServer, carry) {
			session.on("stream", (stream: ServerHttp2Stream) => {
				stream.respond({ ":status": 200 });
				carry(stream, toServer());
			});
			void first.then((stream) => stream.respond({ ":status": 200 }, { endStream: true }));
		},
	};
}

function bodyOf(stream: ServerHttp2Stream): Promise<string> {
	return new Promise((resolve) => {
		let text = "";
		stream.setEncoding("utf8").on("end", () => resolve(text));
		stream.on("data", (chunk: string) => {
			text += chunk;
		});
	});
}
