import type { FileDraft } from "./file-drafts.ts";

/** All that were chosen have arrived: what the server made of them, in order; null while one has not. */
export function keptOf<Kept>(drafts: readonly FileDraft<Kept>[]): Kept[] | null {
	const kept = drafts.flatMap(({ state }) => (state.type === "kept" ? [state.kept] : []));
	return kept.length === drafts.length ? kept : null;
}
