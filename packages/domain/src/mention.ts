import { codeIn } from "./markdown-code.ts";
import { PAGE_LIMITS } from "./page-limits.ts";

/** Who is called upon: one person, everybody who is here, or everybody in the room. */
export type MentionTarget =
	| { readonly type: "person"; readonly userId: string }
	| { readonly type: "here" }
	| { readonly type: "room" };
export interface Mentions {
	/** In the order of the text, each once. */
	readonly userIds: readonly string[];
	readonly here: boolean;
	readonly room: boolean;
}

/** `<@` then a user id, `here` or `room`, then `>`. The two words are nobody's id. */
const TOKEN = /<@([a-z0-9][a-z0-9_-]{0,63})>/g;

/** Whom a text mentions outside of code; of people the first `peopleMax`, so that one message cannot call on a crowd. */
export function mentionsIn(text: string, peopleMax: number = PAGE_LIMITS.mentionsPerMessageMax): Mentions {
	const targets = tokensIn(text).map(({ target }) => target);
	const people = targets.flatMap((target) => (target.type === "person" ? [target.userId] : []));
	return {
		userIds: [...new Set(people)].slice(0, peopleMax),
		here: targets.some(({ type }) => type === "here"),
		room: targets.some(({ type }) => type === "room"),
	};
}

/** How a mention stands in a text. */
export const mentionToken = (target: MentionTarget): string =>
	`<@${target.type === "person" ? target.userId : target.type}>`;

/** A text as its pieces: what is written, and whom it mentions. For text that is known not to be code. */
export function splitMentions(text: string): (string | MentionTarget)[] {
	const pieces: (string | MentionTarget)[] = [];
	let from = 0;
	for (const { 0: token, 1: name = "", index } of text.matchAll(TOKEN)) {
		if (index > from) pieces.push(text.slice(from, index));
		pieces.push(targetOf(name));
		from = index + token.length;
	}
	return from < text.length ? [...pieces, text.slice(from)] : pieces;
}

/** For previews and announcements: `@Ada` instead of the token. Code stays as it is. */
export const withNames = (text: string, nameOf: (userId: string) => string): string =>
	withTokens(text, (target) => `@${target.type === "person" ? nameOf(target.userId) : target.type}`);

/** The text with other targets in the place of its own. Code stays as it is. */
export const withTargets = (text: string, targetFor: (target: MentionTarget) => MentionTarget): string =>
	withTokens(text, (target) => mentionToken(targetFor(target)));

function withTokens(text: string, wordFor: (target: MentionTarget) => string): string {
	let from = 0;
	let named = "";
	for (const { at, length, target } of tokensIn(text)) {
		named += `${text.slice(from, at)}${wordFor(target)}`;
		from = at + length;
	}
	return named + text.slice(from);
}

function tokensIn(text: string): { at: number; length: number; target: MentionTarget }[] {
	if (!text.includes("<@")) return [];
	const code = codeIn(text);
	let next = 0;
	return [...text.matchAll(TOKEN)].flatMap(({ 0: token, 1: name = "", index: at }) => {
		while ((code[next]?.to ?? Number.POSITIVE_INFINITY) <= at) next++;
		const isCode = (code[next]?.from ?? Number.POSITIVE_INFINITY) <= at;
		return isCode ? [] : [{ at, length: token.length, target: targetOf(name) }];
	});
}

const targetOf = (name: string): MentionTarget =>
	name === "here" || name === "room" ? { type: name } : { type: "person", userId: name };
