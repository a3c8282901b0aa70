import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that breaks when it is told to: open sockets end at any byte, without a word. */
export interface WireCutter {
	readonly endpoint: string;
	/** Of each open socket, as this says. */
	cut(isCut: () => boolean): void;
	close(): Promise<void>;
}

export async function openWireCutter(to: string): Promise<WireCutter> {
	const { hostname, port, pathname } = new URL(to);
	const open = new Set<Socket>();
	const server = createServer((near) => {
		const far = connect(Number(port), hostname);
		for (const [one, other] of [
			[near, far],
			[far, near],
		] as const) {
			one.pipe(other);
			one.on("error", () => undefined); // its closing says enough
			one.on("close", () => other.destroy());
		}
		open.add(near);
		near.on("close", () => open.delete(near));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port: own } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${own}${pathname === "/" ? "" : pathname}`,
		cut: (isCut) => {
			for (const socket of open) if (isCut()) socket.destroy();
		},
		close: async () => {
			for (const socket of open) socket.destroy();
			server.close();
			await once(server, "close");
		},
	};
}
