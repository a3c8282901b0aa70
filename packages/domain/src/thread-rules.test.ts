import { expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import type { Message } from "./message.ts";
import { refusal } from "./test/refusal.ts";
import {
	checkThreadRoot,
	followed,
	followsBy,
	followsChosen,
	isFollower,
	isThreadOnly,
	replied,
	replyDeleted,
} from "./thread-rules.ts";

const root: Message = { kind: "message", id: 1, version: 1, sender: "ada", text: "q", timestamp: 1, reactions: [] };
const reply = (id: number, sender: string): Message => ({ ...root, id, sender, timestamp: id * 10, threadOf: 1 });

test("[THR1] a thread begins at a message of the room that is there and no reply itself", () => {
	expect(checkThreadRoot(root)).toBe(root);
	expect(refusal(() => checkThreadRoot(undefined)).code).toBe("not_found");
	expect(refusal(() => checkThreadRoot({ ...root, text: "", deletedAt: 2 })).code).toBe("not_found");
	expect(refusal(() => checkThreadRoot(reply(2, "bob"))).code).toBe("bad_input");
	expect(refusal(() => checkThreadRoot({ ...reply(2, "bob"), alsoInRoom: true })).code).toBe("bad_input");
});

test("[THR2] the first message knows how many replies there are, the last one, and who wrote last", () => {
	const limits = { threadPeopleShown: 2, threadFollowersMax: 10 };
	const one = replied(root, reply(2, "bob"), [], limits);
	expect(one.thread).toEqual({ count: 1, lastId: 2, lastAt: 20, userIds: ["bob"], followerIds: ["ada", "bob"] });
	const more = replied(replied(one, reply(3, "cyn"), [], limits), reply(4, "bob"), [], limits);
	expect(more.thread).toMatchObject({ count: 3, lastId: 4, lastAt: 40, userIds: ["bob", "cyn"] });
	expect(replyDeleted(more).thread).toEqual({ ...more.thread, count: 2 });
	expect(replyDeleted(root)).toBe(root);
});

test("[THR3] who writes in a thread or is called upon there follows it, until it is full or they say otherwise", () => {
	const limits = { threadPeopleShown: 5, threadFollowersMax: 3 };
	const called = replied(root, reply(2, "bob"), ["cyn", "dan", "bob"], limits);
	expect(called.thread?.followerIds).toEqual(["ada", "bob", "cyn"]);
	expect(refusal(() => followed(called, "dan", true, limits)).details).toEqual({ followersMax: 3 });
	const left = followed(called, "ada", false, limits);
	expect(left.thread?.followerIds).toEqual(["bob", "cyn"]);
	expect(followed(left, "ada", false, limits)).toBe(left);
	expect(followed(left, "dan", true, limits).thread?.followerIds).toEqual(["bob", "cyn", "dan"]);
	expect(replied(left, reply(3, "ada"), [], limits).thread?.followerIds).toEqual(["bob", "cyn", "ada"]);
});

test("[THR3] before the first reply its author alone follows a message, and others may", () => {
	expect([isFollower(root, "ada"), isFollower(root, "bob")]).toEqual([true, false]);
	expect(followed(root, "ada", true, LIMITS)).toBe(root);
	const silent = followed(root, "ada", false, LIMITS);
	expect([isFollower(silent, "ada"), silent.thread?.count]).toEqual([false, 0]);
	expect(followed(root, "bob", true, LIMITS).thread).toMatchObject({ count: 0, followerIds: ["ada", "bob"] });
	expect(refusal(() => followed(undefined, "bob", false, LIMITS)).code).toBe("not_found");
	for (const isFollowing of [true, false]) {
		expect(refusal(() => followed(reply(2, "bob"), "bob", isFollowing, LIMITS)).code).toBe("bad_input");
	}
	const tombstone = { ...root, text: "", deletedAt: 2 };
	expect(refusal(() => followed(tombstone, "bob", true, LIMITS)).code).toBe("not_found");
	expect(followed(tombstone, "ada", false, LIMITS).thread?.followerIds).toEqual([]);
});

test("[THR4] the room shows a reply only where its author said so", () => {
	expect(isThreadOnly(root)).toBe(false);
	expect(isThreadOnly(reply(2, "bob"))).toBe(true);
	expect(isThreadOnly({ ...reply(2, "bob"), alsoInRoom: true })).toBe(false);
});

test("[INB18] following begins at the question for who asked, after the reply for who wrote it, before it for whom it calls", () => {
	const first = reply(2, "bob");
	const one = replied(root, first, ["cyn"], LIMITS);
	expect(followsBy(root, one, first)).toEqual([
		{ userId: "ada", from: 1 },
		{ userId: "bob", from: 2 },
		{ userId: "cyn", from: 1 },
	]);
	const later = reply(9, "bob");
	const left = followed(one, "ada", false, LIMITS);
	expect(followsBy(left, replied(left, later, ["ada", "cyn"], LIMITS), later)).toEqual([{ userId: "ada", from: 8 }]);
});

test("[INB18] who chooses to follow does so from the last reply on; before there is one, its author follows, too", () => {
	const begun = followed(root, "bob", true, LIMITS);
	expect(followsChosen(root, begun, "bob")).toEqual([
		{ userId: "bob", from: 1 },
		{ userId: "ada", from: 1 },
	]);
	expect(followsChosen(begun, begun, "bob")).toEqual([]);
	const one = replied(begun, reply(7, "cyn"), [], LIMITS);
	expect(followsChosen(one, followed(one, "dan", true, LIMITS), "dan")).toEqual([{ userId: "dan", from: 7 }]);
	expect(followsChosen(one, followed(one, "bob", false, LIMITS), "bob")).toEqual([{ userId: "bob", from: null }]);
	expect(followsChosen(root, followed(root, "ada", false, LIMITS), "ada")).toEqual([{ userId: "ada", from: null }]);
});
