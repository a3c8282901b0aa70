import type { Limits } from "./limits.ts";
import type { Message, ThreadSummary } from "./message.ts";
import { noSuchMessage } from "./message-rules.ts";
import { Problem } from "./problem.ts";

type ThreadLimits = Pick<Limits, "threadPeopleShown" | "threadFollowersMax">;

const NO_REPLIES: ThreadSummary = { count: 0, lastId: 0, lastAt: 0, userIds: [], followerIds: [] };

/**
 * Threads have one level: whose replies these are, is in the room itself.
 * @throws Problem `not_found` `bad_input`
 */
export function checkThreadRoot(root: Message | undefined): Message {
	if (root === undefined) throw noSuchMessage();
	if (root.threadOf !== undefined) throw new Problem("bad_input", "A reply in a thread has no thread of its own.");
	if (root.deletedAt !== undefined) throw new Problem("not_found", "This message was deleted.");
	return root;
}

/**
 * The first message of a thread with one more reply. Whoever wrote either follows the thread from then on, and so does whom
 * the reply mentions (`calledIds`); of those who come when it has all the followers it can hold, nobody.
 */
export function replied(root: Message, reply: Message, calledIds: readonly string[], limits: ThreadLimits): Message {
	const before = root.thread ?? { ...NO_REPLIES, followerIds: [root.sender] };
	const others = before.userIds.filter((userId) => userId !== reply.sender);
	const followers = new Set([...before.followerIds, reply.sender, ...calledIds]);
	const thread: ThreadSummary = {
		count: before.count + 1,
		lastId: reply.id,
		lastAt: reply.timestamp,
		userIds: [reply.sender, ...others].slice(0, limits.threadPeopleShown),
		followerIds: [...followers].slice(0, Math.max(limits.threadFollowersMax, before.followerIds.length)),
	};
	return { ...root, thread };
}

/** Who follows a thread because of one reply, and above which seq its replies concern them. Its writer has read it. */
export function followsBy(before: Message, after: Message, reply: Message): { userId: string; from: number }[] {
	const known = new Set(before.thread?.followerIds);
	const isBeginning = before.thread === undefined;
	return (after.thread?.followerIds ?? [])
		.filter((userId) => !known.has(userId))
		.map((userId) => {
			if (userId === reply.sender) return { userId, from: reply.id };
			return { userId, from: isBeginning && userId === before.sender ? before.id : reply.id - 1 };
		});
}

/**
 * Who follows a thread, from where, because of what `by` chose; null: not any more. Before it had a reply its author followed
 * it unsaid, which is said now.
 */
export function followsChosen(before: Message, after: Message, by: string): { userId: string; from: number | null }[] {
	if (after === before) return [];
	const isFollowing = after.thread?.followerIds.includes(by) === true;
	const chosen = { userId: by, from: isFollowing ? Math.max(before.id, before.thread?.lastId ?? 0) : null };
	const isAuthorNew = before.thread === undefined && before.sender !== by;
	return isAuthorNew ? [chosen, { userId: before.sender, from: before.id }] : [chosen];
}

/** The first message of a thread in which a reply was deleted just now. */
export const replyDeleted = (root: Message): Message =>
	root.thread === undefined ? root : { ...root, thread: { ...root.thread, count: Math.max(0, root.thread.count - 1) } };

/**
 * The first message of a thread that `by` follows, or not any more; the same object when nothing changes. Writing in it is
 * following it again.
 * @throws Problem `not_found` `bad_input`
 */
export function followed(root: Message | undefined, by: string, isFollowing: boolean, limits: ThreadLimits): Message {
	const isLeavingTombstone = !isFollowing && root?.deletedAt !== undefined && root.threadOf === undefined;
	const message = isLeavingTombstone ? root : checkThreadRoot(root);
	const before = message.thread ?? { ...NO_REPLIES, followerIds: [message.sender] };
	if (before.followerIds.includes(by) === isFollowing) return message;
	const { threadFollowersMax: followersMax } = limits;
	if (isFollowing && before.followerIds.length >= followersMax) {
		throw new Problem("bad_input", "This thread has all the followers it can hold.", { followersMax });
	}
	const others = before.followerIds.filter((userId) => userId !== by);
	return { ...message, thread: { ...before, followerIds: isFollowing ? [...others, by] : others } };
}

/** A reply that only its thread shows: the room neither shows nor counts it. */
export const isThreadOnly = (message: Pick<Message, "threadOf" | "alsoInRoom">): boolean =>
	message.threadOf !== undefined && message.alsoInRoom !== true;

/** Whether new replies to this message concern somebody: its author, until it has replies or they say otherwise. */
export const isFollower = (root: Message, userId: string): boolean =>
	root.thread === undefined ? root.sender === userId : root.thread.followerIds.includes(userId);
