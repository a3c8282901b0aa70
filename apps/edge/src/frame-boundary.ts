/**
 * Follows WebSocket frames (RFC 6455, 5.2) as they pass, by their headers alone: whether the bytes seen so far end
 * where a frame does. Only there may another frame be put between.
 */
export class FrameBoundary {
	/** The header that is arriving; empty between frames and inside a payload. */
	#header: number[] = [];
	#payloadLeft = 0;
	#frames = 0;

	/** Frames that have begun. */
	get frames(): number {
		return this.#frames;
	}

	get isReached(): boolean {
		return this.#payloadLeft === 0 && this.#header.length === 0;
	}

	read(chunk: Uint8Array): void {
		let at = 0;
		while (at < chunk.length) {
			if (this.#payloadLeft > 0) {
				const passed = Math.min(this.#payloadLeft, chunk.length - at);
				this.#payloadLeft -= passed;
				at += passed;
				continue;
			}
			this.#header.push(chunk[at] ?? 0);
			at++;
			const length = payloadLength(this.#header);
			if (length === undefined) continue;
			this.#payloadLeft = length;
			this.#frames++;
			this.#header = [];
		}
	}
}

/** Bytes after a header, or nothing while it is not whole. */
function payloadLength(header: readonly number[]): number | undefined {
	const [, second] = header;
	if (second === undefined) return undefined;
	const short = second & 0x7f;
	const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
	const mask = second & 0x80 ? 4 : 0;
	if (header.length < 2 + extended + mask) return undefined;
	if (extended === 0) return short;
	return header.slice(2, 2 + extended).reduce((length, byte) => length * 256 + byte, 0);
}
