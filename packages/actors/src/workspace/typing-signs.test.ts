import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import { TypingSigns } from "./typing-signs.ts";

test("[R10] whoever says a hundred times a second that they type and do not is told of once, and comes to rest", () => {
	const told: { userId: string; isTyping: boolean }[] = [];
	let now = 0;
	const signs = new TypingSigns(
		{ sendToOthers: (_, __, payload) => void told.push(payload as never) },
		LIMITS,
		() => now,
	);
	for (; now < LIMITS.typingEveryMs; now += 10) signs.set("ada", now % 20 === 0);
	expect(told).toEqual([
		{ userId: "ada", isTyping: true },
		{ userId: "ada", isTyping: false },
	]);
	signs.set("ada", true);
	expect(told.at(-1)).toEqual({ userId: "ada", isTyping: true });
	signs.forget("ada");
	signs.set("ada", false);
	expect(told).toHaveLength(3);
});
