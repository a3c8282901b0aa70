import { z } from "zod";

const Count = z.int().min(0);
/** What requests to models used, as far as their providers told; sums of a turn or of a whole workspace. */
export const ModelSpending = z.strictObject({
	requests: Count,
	/** Tokens that the model read, what came from a cache included. */
	inputTokens: Count,
	/** Of these, from a cache. */
	cachedTokens: Count,
	outputTokens: Count,
	/** Micro-dollars by list prices, of what has one. */
	costMicros: Count,
	/** Requests without a known price: the money is more than `costMicros` says. */
	unpriced: Count,
	/** Requests of which something was estimated from sizes. */
	estimated: Count,
});
export type ModelSpending = z.infer<typeof ModelSpending>;

export const NOTHING_SPENT: ModelSpending = {
	requests: 0,
	inputTokens: 0,
	cachedTokens: 0,
	outputTokens: 0,
	costMicros: 0,
	unpriced: 0,
	estimated: 0,
};

export const spentMore = (spent: ModelSpending | undefined, more: ModelSpending): ModelSpending => {
	const before = spent ?? NOTHING_SPENT;
	return {
		requests: before.requests + more.requests,
		inputTokens: before.inputTokens + more.inputTokens,
		cachedTokens: before.cachedTokens + more.cachedTokens,
		outputTokens: before.outputTokens + more.outputTokens,
		costMicros: before.costMicros + more.costMicros,
		unpriced: before.unpriced + more.unpriced,
		estimated: before.estimated + more.estimated,
	};
};
