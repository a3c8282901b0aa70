import { createServer } from "node:net";

/** Systems take the ports of outgoing connections from above this (Linux 32768, macOS and Windows 49152). */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * Ports of 127.0.0.1 nobody listens on, all different. They lie below the range of outgoing connections, so a part that
 * is restarted a minute later finds its port still free.
 */
export async function freePorts(count: number): Promise<number[]> {
	const found = new Set<number>();
	for (let attempt = 0; found.size < count; attempt++) {
		if (attempt > 1_000) throw new Error(`no free port found between ${FIRST} and ${LAST}`);
		const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
		if (!found.has(port) && (await isFree(port, "127.0.0.1"))) found.add(port);
	}
	return [...found];
}

/** Whether a listener could be opened there this moment. */
export function isFree(port: number, host: string): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
	});
}
