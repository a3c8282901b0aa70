import type { TokenCounts } from "./usage.ts";

/** Micro-dollars for a million tokens: integers, since `$0.025` is 25,000. */
export interface Price {
	readonly input: number;
	readonly cacheRead: number;
	readonly output: number;
	/** As input, where it is not said. */
	readonly cacheWrite?: number;
	readonly cacheWriteLong?: number;
	/** Requests with more input than this have prices of their own. `undefined`: which are not known here. */
	readonly long?: { readonly above: number; readonly price: Price | undefined };
}

export type PriceTable = Readonly<Record<string, Price>>;

/** In dollars for a million tokens. */
const openai = (input: number, cacheRead: number, output: number): Price => ({
	input: micros(input),
	cacheRead: micros(cacheRead),
	output: micros(output),
});

const anthropic = (input: number, cacheRead: number, output: number): Price => ({
	...openai(input, cacheRead, output),
	cacheWrite: micros(input * 1.25),
	cacheWriteLong: micros(input * 2),
});

const micros = (dollars: number): number => Math.round(dollars * 1e6);

const above = (tokens: number, price?: Price) => ({ long: { above: tokens, price } });

/**
 * List prices as published in November 2026 (developers.openai.com/api/docs/pricing, platform.claude.com pricing). A model that
 * is not here, or is asked in a way that has another price, costs an unknown amount: better than a wrong one.
 */
export const LIST_PRICES: PriceTable = {
	"gpt-6.1-sol": { ...openai(2, 0.1, 10), ...above(272_000, openai(4, 0.2, 15)) },
	"gpt-6-sol": { ...openai(2, 0.2, 10), cacheWrite: micros(2.5), ...above(272_000) },
	"gpt-6-luna": { ...openai(0.1, 0.01, 0.5), cacheWrite: micros(0.125), ...above(272_000) },
	"gpt-5.5": { ...openai(5, 0.5, 30), ...above(272_000) },
	"gpt-5.4": { ...openai(2.5, 0.25, 15), ...above(272_000) },
	"gpt-5.4-mini": openai(0.75, 0.075, 4.5),
	"gpt-5.3-codex": openai(1.75, 0.175, 14),
	"gpt-5.2": openai(1.75, 0.175, 14),
	"gpt-5.2-codex": openai(1.75, 0.175, 14),
	"gpt-5.1": openai(1.25, 0.125, 10),
	"gpt-5.1-codex": openai(1.25, 0.125, 10),
	"gpt-5.1-codex-max": openai(1.25, 0.125, 10),
	"gpt-5.1-codex-mini": openai(0.25, 0.025, 2),
	"gpt-5": openai(1.25, 0.125, 10),
	"gpt-5-codex": openai(1.25, 0.125, 10),
	"gpt-5-mini": openai(0.25, 0.025, 2),
	"gpt-5-nano": openai(0.05, 0.005, 0.4),
	"claude-fable-5-1": anthropic(10, 0.25, 50),
	"claude-fable-5": anthropic(10, 1, 50),
	"claude-opus-5-5": anthropic(4, 0.2, 20),
	"claude-opus-5": anthropic(5, 0.5, 25),
	"claude-opus-4-8": anthropic(5, 0.5, 25),
	"claude-opus-4-7": anthropic(5, 0.5, 25),
	"claude-opus-4-6": anthropic(5, 0.5, 25),
	"claude-opus-4-5": anthropic(5, 0.5, 25),
	"claude-sonnet-5-5": anthropic(2, 0.1, 10),
	"claude-sonnet-5": anthropic(2, 0.2, 10),
	"claude-sonnet-4-6": anthropic(3, 0.3, 15),
	"claude-sonnet-4-5": { ...anthropic(3, 0.3, 15), ...above(200_000) },
	"claude-haiku-5-5": { ...anthropic(0.1, 0.01, 0.5), ...above(100_000, anthropic(0.5, 0.05, 2.5)) },
	"claude-haiku-4-5": anthropic(1, 0.1, 5),
};

/** Snapshots cost what their model costs: `gpt-5-2025-08-07`, `claude-haiku-4-5-20251001`. */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/** Whole micro-dollars, rounded up; undefined: not known. */
export function costOf(model: string | undefined, tokens: TokenCounts, prices: PriceTable): number | undefined {
	const name = model?.replace(SNAPSHOT, "") ?? "";
	const listed = Object.hasOwn(prices, name) ? prices[name] : undefined;
	const asked = tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong;
	const price = listed?.long && asked > listed.long.above ? listed.long.price : listed;
	if (!price) return undefined;
	const { input, cacheRead, output, cacheWrite = input, cacheWriteLong = cacheWrite } = price;
	const total =
		tokens.input * input +
		tokens.cacheRead * cacheRead +
		tokens.cacheWrite * cacheWrite +
		tokens.cacheWriteLong * cacheWriteLong +
		tokens.output * output;
	return Math.ceil(total / 1e6);
}
