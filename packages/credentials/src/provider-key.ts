import { Problem } from "@bullpen/domain/problem";

const CHARS_MAX = 1_000;
/** Below this, the last four would tell too much of it. */
const CHARS_TO_SHOW_END = 16;
/** What may stand in a header, and looks the same inside a JSON text: keys are looked for in answers. */
const ALLOWED = /^[A-Za-z0-9!#$%'()*+,\-./:;=?@[\]^_`{|}~]+$/;

/**
 * A key of a provider. It never shows itself where a value is printed, joined to a text or made JSON, so that it cannot
 * reach a log, an error or a state by accident.
 */
export class ProviderKey {
	readonly #text: string;

	/** @throws Problem `bad_input` for what cannot be a key. The text is not in the sentence. */
	constructor(text: string) {
		if (text.length > CHARS_MAX || !ALLOWED.test(text)) {
			throw new Problem("bad_input", `A key has 1 to ${CHARS_MAX} letters, digits and signs, without spaces.`, {
				charsMax: CHARS_MAX,
			});
		}
		this.#text = text;
	}

	/** For the one header it belongs into. */
	reveal(): string {
		return this.#text;
	}

	/** The last four characters, so that people know their keys apart; empty for a short one. */
	get ending(): string {
		return this.#text.length < CHARS_TO_SHOW_END ? "" : this.#text.slice(-4);
	}

	toString(): string {
		return "[key]";
	}

	toJSON(): string {
		return "[key]";
	}
}
