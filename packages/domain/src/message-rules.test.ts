import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import type { Message } from "./message.ts";
import {
	checkReplyTo,
	cleanEmoji,
	cleanMessageText,
	deleted,
	edited,
	pinnedOrNot,
	reactionToggled,
	stampAfter,
} from "./message-rules.ts";
import { refusal } from "./test/refusal.ts";

const message: Message = {
	kind: "message",
	id: 7,
	version: 9,
	sender: "ada",
	text: "hello",
	timestamp: 1000,
	nonce: "n",
	reactions: [{ emoji: "👍", userIds: ["bob"] }],
};

test("[MSG1] a message has 1 to 10,000 characters and at most 48 KiB", () => {
	expect(cleanMessageText(" hi ", LIMITS)).toBe("hi");
	expect(refusal(() => cleanMessageText("", LIMITS)).code).toBe("text_empty");
	expect(refusal(() => cleanMessageText("x".repeat(10_001), LIMITS)).code).toBe("text_too_long");
	expect(cleanMessageText("😀".repeat(10_000), LIMITS)).toHaveLength(20_000);
});

test("[MSG2] time never goes back with the ids", () => {
	expect(stampAfter(1000, 2000)).toBe(2000);
	expect(stampAfter(1000, 500)).toBe(1000);
});

test("[MSG3] a message may answer what the room has had, not what it has not", () => {
	checkReplyTo(undefined, 0);
	checkReplyTo(3, 3);
	expect(refusal(() => checkReplyTo(4, 3)).code).toBe("not_found");
	expect(refusal(() => checkReplyTo(1e9, 3)).code).toBe("not_found");
});

test("[MSG4] only the author edits; the same text again changes nothing", () => {
	expect(edited(message, "ada", "bye", 2000)).toMatchObject({ text: "bye", editedAt: 2000, timestamp: 1000 });
	expect(edited(message, "ada", "hello", 2000)).toBe(message);
	expect(refusal(() => edited(message, "bob", "bye", 2000)).code).toBe("forbidden");
});

test("[MSG5] author, admin and owner delete; a tombstone keeps its place and nothing that was said", () => {
	for (const [by, role] of [
		["ada", "guest"],
		["cyn", "admin"],
		["cyn", "owner"],
	] as const) {
		const tombstone = deleted({ ...message, editedAt: 1500 }, by, role, 2000);
		expect(tombstone).toEqual({ ...message, text: "", reactions: [], deletedAt: 2000 });
		expect(deleted(tombstone, by, role, 3000)).toBe(tombstone);
		expect(refusal(() => edited(tombstone, "ada", "back", 3000)).code).toBe("not_found");
		expect(refusal(() => reactionToggled(tombstone, "ada", "👍", LIMITS)).code).toBe("not_found");
	}
	expect(refusal(() => deleted(message, "bob", "member", 2000)).code).toBe("forbidden");
});

test("[MSG9] a pin says whose and when; the same again changes nothing, and a tombstone has none", () => {
	const pinned = pinnedOrNot(message, true, "bob", 2000);
	expect(pinned).toEqual({ ...message, pinned: { by: "bob", at: 2000 } });
	expect(pinnedOrNot(pinned, true, "ada", 3000)).toBe(pinned);
	expect(pinnedOrNot(pinned, false, "ada", 3000)).toEqual(message);
	expect(pinnedOrNot(message, false, "ada", 3000)).toBe(message);
	const tombstone = deleted(pinned, "ada", "member", 4000);
	expect(tombstone.pinned).toBeUndefined();
	expect(refusal(() => pinnedOrNot(tombstone, true, "ada", 5000)).code).toBe("not_found");
});

describe("[MSG6] reactions", () => {
	test("[MSG6] a reaction is one emoji, however the keyboard wrote it", () => {
		for (const emoji of ["👍", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "❤️", "1️⃣"]) expect(cleanEmoji(emoji, LIMITS)).toBe(emoji);
		expect(cleanEmoji("❤", LIMITS)).toBe("❤️");
		for (const raw of ["", "a", "1", "👍👍", "👍 ", ":+1:", "👍".repeat(2500), "<b>", "\u200D", "\uD83D"]) {
			expect(refusal(() => cleanEmoji(raw, LIMITS)).code).toBe("bad_input");
		}
	});

	test("[MSG6] the same person's second press takes it back, and an emoji nobody holds is gone", () => {
		const both = reactionToggled(message, "ada", "👍", LIMITS);
		expect(both.reactions).toEqual([{ emoji: "👍", userIds: ["bob", "ada"] }]);
		const one = reactionToggled(both, "bob", "👍", LIMITS);
		expect(one.reactions).toEqual([{ emoji: "👍", userIds: ["ada"] }]);
		expect(reactionToggled(one, "ada", "👍", LIMITS).reactions).toEqual([]);
	});

	test("[MSG7] a message holds so many emoji and so many people's reactions, and one may still be taken back", () => {
		const few = { ...LIMITS, reactionsPerMessageMax: 1, reactionUsersPerMessageMax: 2 };
		expect(refusal(() => reactionToggled(message, "ada", "❤️", few))).toMatchObject({ code: "bad_input" });
		const full = reactionToggled(message, "ada", "👍", few);
		expect(refusal(() => reactionToggled(full, "cyn", "👍", few)).details).toEqual({ emojiMax: 1, usersMax: 2 });
		expect(reactionToggled(full, "ada", "👍", few).reactions).toEqual(message.reactions);
	});
});
