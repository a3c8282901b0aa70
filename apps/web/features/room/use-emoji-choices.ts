"use client";
import { useCallback, useState } from "react";
import type { Suggest, Suggested } from "../../ui/suggestions.tsx";

const SHOWN_MAX = 8;
const BEGUN = /(?:^|[\s(])(:([a-z0-9_+-]{2,30}))$/i;

let loaded: typeof import("./emoji.ts") | null = null;

/** Emoji for a shortcode that is being typed. The list of them is fetched with the first one. */
export function useEmojiChoices(): Suggest {
	const [, setLoaded] = useState(loaded !== null);
	return useCallback((text, cursor) => {
		const begun = begunEmoji(text, cursor);
		if (begun === null) return null;
		if (loaded !== null) return choicesOf(loaded, begun);
		import("./emoji.ts").then(
			(list) => {
				loaded = list;
				setLoaded(true);
			},
			() => undefined, // out of reach for now: what was typed stays what it is
		);
		return null;
	}, []);
}

/** What was typed of a shortcode, and where it began. */
export function begunEmoji(text: string, cursor: number): { query: string; from: number } | null {
	const match = BEGUN.exec(text.slice(Math.max(0, cursor - 40), cursor));
	const query = match?.[2];
	return query === undefined ? null : { query, from: cursor - query.length - 1 };
}

function choicesOf(list: typeof import("./emoji.ts"), { query, from }: { query: string; from: number }): Suggested {
	const options = list.findEmoji(query, SHOWN_MAX).map(({ emoji, name, shortcodes }) => ({
		key: emoji,
		label: `${emoji}  :${shortcodes[0]}:`,
		detail: name,
		insert: `${emoji} `,
	}));
	return { label: "Emoji", from, options };
}
