import { Transform, type TransformCallback } from "node:stream";

/** Bytes on their way through: counted, shown to `see`, and refused beyond `bytesMax` with what `tooLarge` makes. */
export class Passing extends Transform {
	readonly #bytesMax: number;
	readonly #see: (chunk: Buffer) => void;
	readonly #tooLarge: () => Error;
	bytes = 0;

	constructor(bytesMax: number, see: (chunk: Buffer) => void, tooLarge: () => Error) {
		super();
		this.#bytesMax = bytesMax;
		this.#see = see;
		this.#tooLarge = tooLarge;
	}

	override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
		this.bytes += chunk.length;
		if (this.bytes > this.#bytesMax) {
			done(this.#tooLarge());
			return;
		}
		this.#see(chunk);
		done(null, chunk);
	}
}
