import type { Cost } from "./item.ts";

/**
 * What a workspace has cost, after its agent named a sum. Agents count from the beginning of their session: `last` is the sum
 * this process heard before, undefined when it heard none. A sum that went down belongs to a session that began anew.
 */
export const totalCost = (total: Cost | undefined, last: Cost | undefined, now: Cost): Cost => {
	if (total === undefined || total.currency !== now.currency) return now;
	if (last === undefined || last.currency !== now.currency) {
		return now.amount >= total.amount ? now : plus(total, now.amount);
	}
	return plus(total, now.amount >= last.amount ? now.amount - last.amount : now.amount);
};

/** What was added since, or all of it where nothing can be subtracted. */
export const addedCost = (before: Cost | undefined, now: Cost): Cost =>
	before?.currency === now.currency && now.amount >= before.amount ? plus(now, -before.amount) : now;

/** Without the dust of binary fractions. */
const plus = ({ amount, currency }: Cost, more: number): Cost => ({
	amount: Math.round((amount + more) * 1e9) / 1e9,
	currency,
});
