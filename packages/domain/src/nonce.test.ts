import { expect, test } from "vitest";
import { Nonce } from "./id.ts";
import { nonceAt } from "./nonce.ts";

const CHANCE = Uint8Array.from({ length: 16 }, (_, i) => i * 16);

test("[MSG8] a nonce is one, whenever it is made", () => {
	for (const now of [0, 1, 1_795_319_807_666, 8.64e15, -5])
		expect(Nonce.parse(nonceAt(now, CHANCE))).toMatch(/00102030/);
});

test("nonces of later times sort later, those of one time differ by chance", () => {
	const times = [0, 35, 36, 1_700_000_000_000, 1_700_000_000_001, 36 ** 9 - 1];
	const nonces = times.map((now) => nonceAt(now, CHANCE));
	expect(nonces.toSorted()).toEqual(nonces);
	expect(nonceAt(7, CHANCE)).not.toBe(nonceAt(7, CHANCE.toReversed()));
});
