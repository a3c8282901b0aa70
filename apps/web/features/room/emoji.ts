import { gemoji } from "gemoji";

export interface Emoji {
	emoji: string;
	/** In words. */
	name: string;
	/** `tada`, as in `:tada:`. */
	shortcodes: readonly string[];
}
export interface EmojiGroup {
	name: string;
	emoji: readonly Emoji[];
}

/** As in `domain`: what is not one emoji of Unicode's list is no reaction. */
const RGI = /^\p{RGI_Emoji}$/v;

const KNOWN = gemoji
	.filter(({ emoji }) => RGI.test(emoji))
	.map(({ emoji, names, tags, description, category }) => ({
		emoji,
		name: description,
		shortcodes: names,
		category,
		words: [...names, ...names.flatMap((name) => name.split("_")), ...tags, ...description.split(" ")].map((word) =>
			word.toLowerCase(),
		),
	}));

export const EMOJI_GROUPS: readonly EmojiGroup[] = [...Map.groupBy(KNOWN, ({ category }) => category)].map(
	([name, emoji]) => ({ name, emoji }),
);

/** Those one of whose words begins so, the closest first. */
export function findEmoji(query: string, countMax: number): readonly Emoji[] {
	const begun = query.trim().toLowerCase().replaceAll(" ", "_");
	if (begun === "") return [];
	return KNOWN.map((one) => ({ one, rank: rankOf(one, begun) }))
		.filter(({ rank }) => rank < NO_MATCH)
		.sort((a, b) => a.rank - b.rank)
		.slice(0, countMax)
		.map(({ one }) => one);
}

const NO_MATCH = 3;

function rankOf({ shortcodes, words }: { shortcodes: readonly string[]; words: readonly string[] }, begun: string) {
	if (shortcodes.includes(begun)) return 0;
	if (shortcodes.some((code) => code.startsWith(begun))) return 1;
	return words.some((word) => word.startsWith(begun)) ? 2 : NO_MATCH;
}
