const FILES_MAX = 24;

/** The last files that were looked at, so that scrolling past one again asks for nothing. */
export class RecentFiles<File> {
	readonly #known = new Map<string, Promise<File>>();

	get(key: string, read: () => Promise<File>): Promise<File> {
		const known = this.#known.get(key) ?? read();
		this.#known.delete(key);
		this.#known.set(key, known);
		known.catch(() => this.#known.delete(key)); // it is asked for again when it is drawn again
		const [oldest] = this.#known.keys();
		if (this.#known.size > FILES_MAX && oldest !== undefined) this.#known.delete(oldest);
		return known;
	}
}
