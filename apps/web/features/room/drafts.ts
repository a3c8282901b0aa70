const KEY = "bullpen.drafts";
const KEPT_MAX = 100;
const CHARS_MAX = 20_000;

/** What somebody has begun to write, by where: kept on this device, the oldest let go. */
const drafts = new Map<string, string>();
let owner: string | null = null;

/** Whose drafts these are, before any is asked for. */
export function openDraftsOf(userId: string): void {
	if (owner === userId) return;
	owner = userId;
	drafts.clear();
	for (const [place, text] of read(userId)) drafts.set(place, text);
}

export const draftOf = (place: string): string => drafts.get(place) ?? "";

export function keepDraft(place: string, text: string): void {
	drafts.delete(place);
	if (text !== "") drafts.set(place, text.slice(0, CHARS_MAX));
	const oldest = drafts.keys().next();
	if (drafts.size > KEPT_MAX && !oldest.done) drafts.delete(oldest.value);
	if (owner === null) return;
	try {
		localStorage.setItem(`${KEY}.${owner}`, JSON.stringify([...drafts]));
	} catch {
		// Full or forbidden: then they live as long as the page.
	}
}

function read(userId: string): [string, string][] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(`${KEY}.${userId}`) ?? "[]");
		return Array.isArray(kept) ? kept.filter(isDraft).slice(-KEPT_MAX) : [];
	} catch {
		return []; // not ours, or storage is forbidden
	}
}

const isDraft = (value: unknown): value is [string, string] =>
	Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string");
