import { Refused } from "./refused.ts";

/** A stream read piece by piece, as much as is asked for. */
export class Bytes {
	readonly #source: AsyncIterator<Uint8Array>;
	#left: Uint8Array = new Uint8Array(0);

	constructor(source: AsyncIterable<Uint8Array>) {
		this.#source = source[Symbol.asyncIterator]();
	}

	/** Exactly so many; undefined at the end. @throws Refused `damaged` when the end comes in between */
	async take(count: number): Promise<Buffer | undefined> {
		const pieces: Uint8Array[] = [];
		let missing = count;
		while (missing > 0) {
			const piece = await this.#next(missing);
			if (piece === undefined) {
				if (missing === count) return undefined;
				throw new Refused("damaged", "It ends in the middle.");
			}
			pieces.push(piece);
			missing -= piece.length;
		}
		return Buffer.concat(pieces);
	}

	/** So many, in whatever pieces they come. @throws Refused `damaged` */
	async *pieces(count: number): AsyncGenerator<Uint8Array> {
		for (let missing = count; missing > 0; ) {
			const piece = await this.#next(missing);
			if (piece === undefined) throw new Refused("damaged", "It ends in the middle.");
			missing -= piece.length;
			yield piece;
		}
	}

	async #next(most: number): Promise<Uint8Array | undefined> {
		while (this.#left.length === 0) {
			const { value, done } = await this.#source.next();
			if (done) return undefined;
			this.#left = value;
		}
		const piece = this.#left.subarray(0, most);
		this.#left = this.#left.subarray(piece.length);
		return piece;
	}
}
