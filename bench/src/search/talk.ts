import type { Message } from "@bullpen/domain/message";

/** Chance that is the same in every run (mulberry32). */
function chanceFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

const SYLLABLES = "ba ce di fo gu ha ji ka lo me ni po qua re si to ve wi xa yo zu bra cle dri flo gra".split(" ");
const WORDS = 20_000;
const AUTHORS = 50;
const YEAR_MS = 365 * 24 * 60 * 60_000;
const CJK = ["明日の会議は十時から", "新しい版を公開しました", "데이터베이스를 다시 시작", "請檢查伺服器日誌"];

/** The n-th word of a made-up language; the first are said most. */
function word(n: number): string {
	let rest = n + SYLLABLES.length;
	let text = "";
	for (; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) text += SYLLABLES[rest % SYLLABLES.length];
	return text;
}

const RARE = "zephyrine";
const NOWHERE = "xylographic";

/**
 * Messages of one room: words as often as in a language (one in ten is the most common), 4 to 23 a message, one in twenty with a
 * link, one in fifty in a script without spaces, one in 100,000 with a rare word. The rooms talk at once, over a year until now.
 */
export function talkOf(room: number, rooms: number, messages: number, now: number): () => Message[] {
	const chance = chanceFrom(room + 1);
	let id = 0;
	return () => {
		const page: Message[] = [];
		for (; page.length < 250 && id < messages; ) {
			id += 1;
			const nth = (id - 1) * rooms + room;
			page.push({
				kind: "message",
				id,
				version: id,
				sender: `bench-${Math.floor(chance() * AUTHORS)}`,
				text: sentence(chance, nth),
				timestamp: Math.floor(now - YEAR_MS + (nth / (messages * rooms)) * YEAR_MS),
				reactions: [],
			});
		}
		return page;
	};
}

function sentence(chance: () => number, nth: number): string {
	const count = 4 + Math.floor(chance() * 20);
	const words = Array.from({ length: count }, () => word(Math.floor(WORDS ** chance()) - 1));
	const script = chance() < 0.02 ? ` ${CJK[Math.floor(chance() * CJK.length)]}` : "";
	const link = chance() < 0.05 ? ` https://example.org/${word(Math.floor(chance() * WORDS))}` : "";
	const rare = nth % 100_000 === 50_000 ? ` ${RARE}` : "";
	return `${words.join(" ")}${script}${link}${rare}`;
}

/** What people look for, by what is special about it. `n` makes each a little different. */
export const QUERIES: readonly {
	readonly title: string;
	readonly query: (n: number, ids: readonly string[]) => string;
}[] = [
	{ title: "a common word", query: (n) => word(n) },
	{ title: "a word in one of 10,000", query: (n) => word(5_000 + n * 37) },
	{ title: "a rare word", query: () => RARE },
	{ title: "two words", query: (n) => `${word(1 + n)} ${word(200 + n * 3)}` },
	{ title: "a phrase", query: (n) => `"${word(n)} ${word(n + 1)}"` },
	{ title: "the beginning of a word", query: (n) => `${word(300 + n * 11).slice(0, 4)}*` },
	{ title: "a part of a word", query: (n) => `*${word(900 + n * 13).slice(1, 5)}*` },
	{ title: "two signs of Chinese or Japanese", query: (n) => ["会議", "公開", "檢查", "日誌"][n % 4] ?? "会議" },
	{ title: "a word, from somebody", query: (n) => `${word(20 + n)} from:bench-${n % AUTHORS}` },
	{ title: "a word, in one room", query: (n, ids) => `${word(2 + n)} in:${ids[(n * 7) % ids.length]}` },
	{ title: "everything with a link", query: (n) => `has:link from:bench-${(n * 3) % AUTHORS}` },
	{ title: "a word, half a year ago", query: (n) => `${word(10 + n)} before:${halfYearAgo() - n * 86_400_000}` },
	{ title: "what nobody said", query: (n) => `${NOWHERE}${n}` },
	{ title: "a part that nobody said", query: (n) => `*qzx${n}v*` },
	{ title: "two signs that nobody said", query: () => "無料" },
];

const halfYearAgo = (): number => Date.now() - YEAR_MS / 2;
