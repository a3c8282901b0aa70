import { Problem } from "@bullpen/domain/problem";

interface Bounds {
	readonly bytesMax: number;
	/** How long nothing may come, and how long all of it may take. */
	readonly silentMs?: number;
	readonly wholeMs?: number;
}

/**
 * A request's body on its way to where it is kept: no more than it may be, and all of what its sender announced.
 * @throws Problem `frame_too_large` `bad_input` `busy`
 */
export async function* boundedBody(request: Request, bounds: Bounds): AsyncGenerator<Uint8Array, void> {
	const { bytesMax, silentMs = Number.POSITIVE_INFINITY, wholeMs = Number.POSITIVE_INFINITY } = bounds;
	const announced = announcedBytes(request);
	const tooLarge = (): Problem =>
		new Problem("frame_too_large", "This is larger than this server takes.", { bytesMax });
	if (announced !== null && announced > bytesMax) throw tooLarge();
	const reader = request.body?.getReader();
	const endsAt = performance.now() + wholeMs;
	let bytes = 0;
	try {
		while (reader) {
			const { done, value } = await within(Math.min(silentMs, endsAt - performance.now()), reader.read());
			if (done) break;
			bytes += value.byteLength;
			if (bytes > bytesMax) throw tooLarge();
			yield value;
		}
	} finally {
		reader?.cancel().catch(() => undefined); // what is left of it is nobody's to read
	}
	if (announced !== null && bytes < announced) throw new Problem("bad_input", "This broke off.", { bytes, announced });
}

/** What the sender says it is, null where they do not say. */
export function announcedBytes(request: Request): number | null {
	const text = request.headers.get("content-length");
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** @throws Problem `busy` */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	if (ms === Number.POSITIVE_INFINITY) return work;
	const { promise, reject } = Promise.withResolvers<never>();
	const tooSlow = (): void => reject(new Problem("busy", "This came too slowly. Try again.", { waitMs: 1_000 }));
	const timer = setTimeout(tooSlow, Math.max(0, ms));
	try {
		return await Promise.race([work, promise]);
	} finally {
		clearTimeout(timer);
	}
}
