import type { Cost, ItemBody } from "@bullpen/domain/transcript/item";
import { Gauge } from "lucide-react";

type Usage = Extract<ItemBody, { type: "usage" }>;

/** What a turn used, at its end. */
export function UsageLine({ usage: { context, tokens, cost } }: { usage: Usage }) {
	const words = [
		...(tokens === undefined ? [] : [`${countOf(tokens.input)} in, ${countOf(tokens.output)} out`]),
		...(context === undefined ? [] : [contextWords(context)]),
		...(cost === undefined || cost.amount === 0 ? [] : [costOf(cost)]),
	];
	if (words.length === 0) return null;
	return (
		<p className="flex flex-wrap items-center gap-x-2 py-1.5 text-text-faint text-xs tabular-nums">
			<Gauge className="size-3.5 shrink-0" aria-hidden="true" />
			{words.join(" · ")}
		</p>
	);
}

const contextWords = ({ used, size }: NonNullable<Usage["context"]>) =>
	size > 0 ? `context ${countOf(used)} of ${countOf(size)}` : `context ${countOf(used)}`;

const countFormat = new Intl.NumberFormat(undefined, { notation: "compact", maximumSignificantDigits: 3 });
/** Tokens: `950`, `12.4K`. */
export const countOf = (tokens: number): string => countFormat.format(tokens);

/** Money as the agent names it; small sums with more digits. */
export function costOf({ amount, currency }: Cost): string {
	try {
		return new Intl.NumberFormat(undefined, {
			style: "currency",
			currency,
			minimumFractionDigits: 2,
			maximumFractionDigits: amount < 0.1 ? 4 : 2,
		}).format(amount);
	} catch {
		return `${amount} ${currency}`; // not a currency that this browser knows
	}
}
