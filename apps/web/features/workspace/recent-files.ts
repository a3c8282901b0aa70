const PICTURES_MAX = 24;

/** The last pictures that were looked at, so that scrolling past one again asks for nothing. */
export class PictureCache {
	readonly #read: (itemId: number, position: number) => Promise<string>;
	readonly #known = new Map<string, Promise<string>>();

	constructor(read: (itemId: number, position: number) => Promise<string>) {
		this.#read = read;
	}

	get(itemId: number, position: number): Promise<string> {
		const key = `${itemId} ${position}`;
		const known = this.#known.get(key) ?? this.#read(itemId, position);
		this.#known.delete(key);
		this.#known.set(key, known);
		known.catch(() => this.#known.delete(key)); // it is asked for again when it is drawn again
		const [oldest] = this.#known.keys();
		if (this.#known.size > PICTURES_MAX && oldest !== undefined) this.#known.delete(oldest);
		return known;
	}
}
