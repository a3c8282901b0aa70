import { expect, test } from "vitest";
import { addedCost, totalCost } from "./cost.ts";

const usd = (amount: number) => ({ amount, currency: "USD" });

test("[TR29] a workspace's cost goes on over sessions that begin to count anew", () => {
	expect(totalCost(undefined, undefined, usd(0.1))).toEqual(usd(0.1));
	expect(totalCost(usd(0.1), usd(0.1), usd(0.3))).toEqual(usd(0.3)); // the same session goes on
	expect(totalCost(usd(0.3), usd(0.3), usd(0.05))).toEqual(usd(0.35)); // a new one, heard by the same process
	expect(totalCost(usd(0.35), usd(0.05), usd(0.25))).toEqual(usd(0.55));
	expect(totalCost(usd(0.55), undefined, usd(0.6))).toEqual(usd(0.6)); // a new process, the session was loaded
	expect(totalCost(usd(0.55), undefined, usd(0.01))).toEqual(usd(0.56)); // a new process and a new session
	expect(totalCost(usd(0.55), usd(0.5), { amount: 1, currency: "EUR" })).toEqual({ amount: 1, currency: "EUR" });
});

test("[TR29] a turn's share is what was added", () => {
	expect(addedCost(usd(0.1), usd(0.3))).toEqual(usd(0.2));
	expect(addedCost(undefined, usd(0.3))).toEqual(usd(0.3));
	expect(addedCost({ amount: 1, currency: "EUR" }, usd(0.3))).toEqual(usd(0.3));
});
