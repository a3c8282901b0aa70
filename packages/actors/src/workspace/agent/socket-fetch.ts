import type { Readable } from "node:stream";
import { Agent } from "undici";

export interface SocketFetch {
	readonly fetch: typeof globalThis.fetch;
	close(): void;
}

/**
 * `fetch` over a unix socket, whatever the URL's host: it can reach nothing else. Waits as long as a turn takes (undici's own
 * header and body timeouts are 300 s) and follows no redirect.
 */
export function socketFetch(socketPath: string): SocketFetch {
	const dispatcher = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
	const send: typeof globalThis.fetch = async (input, init) => {
		const request = new Request(input instanceof Request ? input : `${new URL(input)}`, init);
		const { pathname, search } = new URL(request.url);
		const { statusCode, headers, body } = await dispatcher.request({
			origin: "http://sandbox",
			path: pathname + search,
			method: METHODS.find((method) => method === request.method) ?? "GET",
			headers: Object.fromEntries(request.headers),
			body: request.body === null ? null : Buffer.from(await request.arrayBuffer()),
			signal: request.signal,
		});
		const kept = new Headers();
		for (const [name, value] of Object.entries(headers)) if (value !== undefined) kept.set(name, String(value));
		const isEmpty = statusCode === 204 || statusCode === 205 || statusCode === 304;
		if (isEmpty) await body.dump();
		return new Response(isEmpty ? null : webStream(body), { status: statusCode, headers: kept });
	};
	return { fetch: send, close: () => void dispatcher.destroy().catch(() => undefined) };
}

const METHODS = ["POST", "PUT", "DELETE"] as const;

function webStream(body: Readable): ReadableStream<Uint8Array> {
	const chunks = body[Symbol.asyncIterator]();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (done) controller.close();
			else if (value instanceof Uint8Array) controller.enqueue(value);
		},
		cancel() {
			body.on("error", () => undefined).destroy();
		},
	});
}
