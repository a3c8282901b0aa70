const HEAD_MAX = 8 * 1024;
const TAIL_MAX = 8 * 1024;

/** Keeps the beginning and the end of a command's output, however long it gets. */
export class CappedOutput {
	/** Characters added so far. */
	seen = 0;
	#head = "";
	#tail = "";

	add(text: string): void {
		this.seen += text.length;
		const room = HEAD_MAX - this.#head.length;
		this.#head += text.slice(0, room);
		this.#tail = (this.#tail + text.slice(room)).slice(-TAIL_MAX);
	}

	text(): string {
		const omitted = this.seen - this.#head.length - this.#tail.length;
		return omitted > 0 ? `${this.#head}\n… ${omitted} characters left out …\n${this.#tail}` : this.#head + this.#tail;
	}
}
