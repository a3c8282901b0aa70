import { Transform, type TransformCallback } from "node:stream";

const STAR = 0x2a;

/**
 * Passes an answer on with every occurrence of the key made unreadable, also one cut in two by the network. Some servers repeat
 * a wrong key in their error. Lengths stay, and nothing waits but what may be the beginning of a key.
 */
export class KeyFilter extends Transform {
	readonly #key: Buffer;
	#held: Buffer = Buffer.alloc(0);

	constructor(key: string) {
		super();
		this.#key = Buffer.from(key);
	}

	override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
		const bytes = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
		const key = this.#key;
		for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + key.length)) {
			bytes.fill(STAR, at, at + key.length);
		}
		const heldFrom = bytes.length - this.#beginningAtEnd(bytes);
		this.#held = bytes.subarray(heldFrom);
		done(null, bytes.subarray(0, heldFrom));
	}

	override _flush(done: TransformCallback): void {
		done(null, this.#held);
	}

	/** How many of the last bytes are how the key begins. */
	#beginningAtEnd(bytes: Buffer): number {
		for (let count = Math.min(this.#key.length - 1, bytes.length); count > 0; count--) {
			if (this.#key.compare(bytes, bytes.length - count, bytes.length, 0, count) === 0) return count;
		}
		return 0;
	}
}
