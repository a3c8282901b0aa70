import type { ThreadNote } from "@bullpen/domain/inbox";
import type { Countable } from "@bullpen/domain/inbox-facts";
import { replyFactOf } from "@bullpen/domain/inbox-threads";
import type { Room } from "./room.ts";
import { type Follow, type Reply, readFollows, readReplies } from "./store/followers.ts";
import type { Member } from "./store/room-store.ts";

/** What a window of changes means for those who follow threads: read once, told to many. */
export interface ThreadWindow {
	readonly follows: ReadonlyMap<string, readonly Follow[]>;
	readonly replies: ReadonlyMap<number, readonly Reply[]>;
	/** Following that changed after this version is told with all its replies. */
	readonly from: number;
}

const NOTHING: ThreadWindow = { follows: new Map(), replies: new Map(), from: 0 };

/** Of `rows`, which changed after `from` and up to `to`. */
export async function readThreads(
	room: Room,
	rows: readonly Countable[],
	{ from, to }: { readonly from: number; readonly to: number },
): Promise<ThreadWindow> {
	const changed = rows.flatMap(({ threadOf, ...row }) =>
		threadOf === undefined ? [] : [{ ...row, rootId: threadOf }],
	);
	if (changed.length === 0 && room.followVersion <= from) return NOTHING;
	const follows = await readFollows(room.db, [...new Set(changed.map(({ rootId }) => rootId))], { from, to });
	const begun = new Map<number, number>();
	for (const { rootId, from: above, version } of follows) {
		if (version > from && above !== null) begun.set(rootId, Math.min(above, begun.get(rootId) ?? above));
	}
	const listed = await readReplies(room.db, begun, room.limits.inboxNoteRepliesMax);
	return { follows: Map.groupBy(follows, ({ userId }) => userId), replies: repliesOf([...changed, ...listed]), from };
}

/** What of it one member's inbox needs. */
export function threadNotesFor({ follows, replies, from: since }: ThreadWindow, { row, place }: Member): ThreadNote[] {
	return (follows.get(row.id) ?? []).flatMap(({ rootId, from, version }) => {
		const above = from === null ? null : Math.max(from, place.joinedAtSeq);
		const told = (replies.get(rootId) ?? []).filter(({ seq }) => above !== null && seq >= above);
		if (told.length === 0 && version <= since) return [];
		const facts = told.map((reply): ThreadNote["replies"][number] => [
			...([reply.seq, reply.version] as const),
			replyFactOf(reply, row.id),
		]);
		return [{ rootId, version, from: above, replies: facts }];
	});
}

/** By thread, each reply in its newest form. */
function repliesOf(all: readonly Reply[]): Map<number, Reply[]> {
	const newest = new Map<number, Reply>();
	for (const reply of all) if (reply.version > (newest.get(reply.seq)?.version ?? -1)) newest.set(reply.seq, reply);
	return Map.groupBy(newest.values(), ({ rootId }) => rootId);
}
