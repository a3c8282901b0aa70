import type { Readable } from "node:stream";

/** A file on its way to whoever asked for it; closed when they have gone, or asked for its headers alone. */
export function fileBody(stream: Readable, { method }: Request): ReadableStream<Uint8Array> | null {
	if (method === "HEAD") {
		stream.destroy();
		return null;
	}
	const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (done) controller.close();
			else controller.enqueue(value);
		},
		cancel() {
			stream.destroy();
		},
	});
}
