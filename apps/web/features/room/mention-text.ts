import { codeIn } from "@bullpen/domain/markdown-code";
import { type MentionTarget, mentionsIn, mentionToken, splitMentions } from "@bullpen/domain/mention";
import type { Person } from "../../live/person.ts";

type Named = Pick<Person, "id" | "name">;

/** More people than this are called upon only after a question. */
export const CALLED_UNASKED_MAX = 20;

const EVERYBODY = new Map<string, MentionTarget>([
	["here", { type: "here" }],
	["room", { type: "room" }],
]);
const BEFORE_NAME = /[\p{L}\p{N}_@<]/u;
const AFTER_NAME = /[\p{L}\p{N}_]/u;

/** Who is meant by a name in the text of one field. Of several people with one name the one that was picked, or nobody. */
export class Names {
	readonly #byName = new Map<string, string | null>();
	readonly #picked = new Map<string, string>();
	#charsMax = 0;

	constructor(people: readonly Named[] = []) {
		this.know(people);
	}

	/** Everybody who may be called by their name alone, from now on. */
	know(people: readonly Named[]): void {
		this.#byName.clear();
		for (const { id, name } of people) this.#byName.set(name, this.#byName.has(name) ? null : id);
		const known = [...this.#byName.keys(), ...this.#picked.keys(), ...EVERYBODY.keys()];
		this.#charsMax = Math.max(...known.map(({ length }) => length));
	}

	pick({ id, name }: Named): void {
		this.#picked.set(name, id);
		this.#charsMax = Math.max(this.#charsMax, name.length);
	}

	/** Whom the words after an `@` at this place begin with: the longest name that is one. */
	at(text: string, from: number): { target: MentionTarget; to: number } | null {
		for (let to = Math.min(text.length, from + this.#charsMax); to > from; to--) {
			const target = this.#targetOf(text.slice(from, to));
			if (target !== null && !AFTER_NAME.test(charAt(text, to))) return { target, to };
		}
		return null;
	}

	#targetOf(name: string): MentionTarget | null {
		const userId = this.#picked.get(name) ?? this.#byName.get(name);
		return EVERYBODY.get(name) ?? (userId ? { type: "person", userId } : null);
	}
}

/** What is sent of what somebody wrote: tokens instead of `@names`, outside of code. */
export function withTokens(written: string, names: Names): string {
	const code = codeIn(written);
	let next = 0;
	let from = 0;
	let text = "";
	for (let at = written.indexOf("@"); at >= 0; at = written.indexOf("@", Math.max(at + 1, from))) {
		while ((code[next]?.to ?? Number.POSITIVE_INFINITY) <= at) next++;
		const isCode = (code[next]?.from ?? Number.POSITIVE_INFINITY) <= at;
		if (isCode || (at > 0 && BEFORE_NAME.test(written[at - 1] ?? ""))) continue;
		const named = names.at(written, at + 1);
		if (named === null) continue;
		text += written.slice(from, at) + mentionToken(named.target);
		from = named.to;
	}
	return text + written.slice(from);
}

/** What somebody reads and changes of a text: `@names` instead of tokens. Whose they are, `names` remembers. */
export function asWritten(text: string, names: Names, personOf: (id: string) => Named): string {
	const called = new Set(mentionsIn(text, Number.POSITIVE_INFINITY).userIds);
	const pieces = splitMentions(text).map((piece) => {
		if (typeof piece === "string") return piece;
		if (piece.type !== "person") return `@${piece.type}`;
		if (!called.has(piece.userId)) return mentionToken(piece);
		const person = personOf(piece.userId);
		names.pick(person);
		return `@${person.name}`;
	});
	const written = pieces.join("");
	return withTokens(written, names) === text ? written : text;
}

/** How many people besides oneself a message calls upon. */
export function calledBy(text: string, members: readonly Person[], me: string): number {
	const { userIds, here, room } = mentionsIn(text);
	const everybody = members.filter(({ id, isOnline }) => room || (here && isOnline) || userIds.includes(id));
	return everybody.filter(({ id }) => id !== me).length;
}

const charAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0x20);
