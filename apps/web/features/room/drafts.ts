const ROOMS_MAX = 200;
const drafts = new Map<string, string>();

/** What somebody has begun to write in a room, for as long as the page lives. */
export const draftOf = (roomId: string): string => drafts.get(roomId) ?? "";

export function keepDraft(roomId: string, text: string): void {
	drafts.delete(roomId);
	if (text === "") return;
	drafts.set(roomId, text);
	const oldest = drafts.keys().next();
	if (drafts.size > ROOMS_MAX && !oldest.done) drafts.delete(oldest.value);
}
