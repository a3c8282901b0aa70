import type { Emoji } from "./emoji.ts";

const KEY = "bullpen.emoji";
const KEPT_MAX = 24;

const AT_FIRST: ReadonlyArray<readonly [emoji: string, name: string]> = [
	["👍", "thumbs up"],
	["❤️", "heart"],
	["😂", "laughing"],
	["🎉", "party"],
	["🙌", "raised hands"],
	["👏", "clapping"],
	["🙏", "thank you"],
	["💯", "hundred"],
	["👀", "eyes"],
	["✅", "done"],
	["🚀", "rocket"],
	["🔥", "fire"],
	["⚾", "baseball"],
	["🤔", "thinking"],
	["😮", "surprised"],
	["😢", "sad"],
	["😅", "relieved"],
	["🫡", "salute"],
	["👎", "thumbs down"],
	["❌", "no"],
	["☕", "coffee"],
];

/** What this person picked last on this device, then what many pick. */
export function oftenUsed(): Emoji[] {
	const usual = AT_FIRST.map(([emoji, name]) => ({ emoji, name, shortcodes: [] }));
	const nameOf = new Map(usual.map((one) => [one.emoji, one.name]));
	const picked = read().map((emoji) => ({ emoji, name: nameOf.get(emoji) ?? emoji, shortcodes: [] }));
	const others = usual.filter(({ emoji }) => !picked.some((one) => one.emoji === emoji));
	return [...picked, ...others].slice(0, KEPT_MAX);
}

export function notePicked(emoji: string): void {
	try {
		localStorage.setItem(KEY, JSON.stringify([emoji, ...read().filter((one) => one !== emoji)].slice(0, KEPT_MAX)));
	} catch {
		// Storage may be full or forbidden: then nothing is remembered.
	}
}

function read(): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
		return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, KEPT_MAX) : [];
	} catch {
		return []; // not ours, or storage is forbidden
	}
}
