import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface MetricsServer {
	readonly port: number;
	close(): void;
}

/** `GET /metrics` on a loopback port of its own: never on the public one. */
export async function serveMetrics(port: number, text: () => string): Promise<MetricsServer> {
	const server = createServer((request, response) => {
		const isAsked = request.method === "GET" && request.url === "/metrics";
		response.writeHead(isAsked ? 200 : 404, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
		response.end(isAsked ? text() : "");
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	return {
		port: (server.address() as AddressInfo).port,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}
