import type { RawAccess } from "rivetkit/db";

/** That somebody follows a thread from the replies above `from` on, or (null) does not; `version` is of the change. */
export interface Follow {
	readonly kind: "follow";
	readonly rootId: number;
	readonly userId: string;
	readonly from: number | null;
	readonly version: number;
}

/** Who followed threads when this was not kept has read them. */
const KEEP_FOLLOWERS = `
	INSERT OR IGNORE INTO followers (root_seq, user_id, from_seq, version)
	SELECT messages.seq, follower.value, max(messages.seq, messages.thread->>'$.lastId'), messages.version
	FROM messages, json_each(messages.thread, '$.followerIds') AS follower WHERE messages.thread IS NOT NULL;
`;

export const FOLLOW_MIGRATION = `
	CREATE TABLE followers (
		root_seq INTEGER NOT NULL,
		user_id TEXT NOT NULL,
		from_seq INTEGER,
		version INTEGER NOT NULL,
		PRIMARY KEY (root_seq, user_id)
	) WITHOUT ROWID;
	CREATE INDEX followers_by_version ON followers (version);
	${KEEP_FOLLOWERS}
	`;

/** Authors whose thread began with somebody's choice to follow it were left out for a while. */
export const AUTHORS_MIGRATION = KEEP_FOLLOWERS;

/** The part of a commit that only some have. Threads whose messages are all pruned have no followers. */
export const FOLLOW_TRIGGER = `
	CREATE TRIGGER commits_follow INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.follows' IS NOT NULL BEGIN
		INSERT INTO followers (root_seq, user_id, from_seq, version)
		SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(NEW.body, '$.follows') WHERE true
		ON CONFLICT (root_seq, user_id) DO UPDATE SET from_seq = excluded.from_seq, version = excluded.version;

		DELETE FROM followers WHERE NEW.body->>'$.prunes' AND root_seq < NEW.body->>'$.floorSeq'
			AND NOT EXISTS (SELECT 1 FROM messages WHERE thread_of = root_seq AND seq >= NEW.body->>'$.floorSeq');
	END`;

/** What the trigger reads of a commit. */
export function followBody(extras: readonly { readonly kind: string }[], prunes: boolean): object {
	const follows = extras.filter((extra): extra is Follow => extra.kind === "follow");
	if (follows.length === 0 && !prunes) return {};
	return {
		follows: follows.map(({ rootId, userId, from, version }) => [rootId, userId, from, version]),
		prunes: prunes ? 1 : 0,
	};
}

export const followKey = (rootId: number, userId: string): string => `follow ${rootId} ${userId}`;

interface Columns extends Record<string, unknown> {
	root_seq: number;
	user_id: string;
	from_seq: number | null;
	version: number;
}

/** Everybody's following of these threads, and what of any changed after `from` and up to `to`. */
export async function readFollows(
	db: RawAccess,
	rootIds: readonly number[],
	{ from, to }: { readonly from: number; readonly to: number },
): Promise<Follow[]> {
	const rows = await db.execute<Columns>(
		`SELECT root_seq, user_id, from_seq, version FROM followers
		WHERE root_seq IN (SELECT value FROM json_each(?1)) OR (version > ?2 AND version <= ?3)`,
		JSON.stringify(rootIds),
		from,
		to,
	);
	return rows.map(({ root_seq: rootId, user_id: userId, from_seq, version }) => ({
		...{ kind: "follow", rootId, userId, from: from_seq, version },
	}));
}

/** Of whose following something changed after `version`, and when last. */
export async function readFollowed(db: RawAccess, version: number): Promise<Map<string, number>> {
	const rows = await db.execute<{ user_id: string; version: number }>(
		"SELECT user_id, max(version) AS version FROM followers WHERE version > ? GROUP BY user_id",
		version,
	);
	return new Map(rows.map((row) => [row.user_id, row.version]));
}

/** A reply as much as counting needs. */
export interface Reply {
	readonly rootId: number;
	readonly seq: number;
	readonly version: number;
	readonly sender: string;
	readonly isDeleted: boolean;
}

/** Replies above a seq of each thread, of which there are the oldest if there are more than `max`. */
export async function readReplies(db: RawAccess, above: ReadonlyMap<number, number>, max: number): Promise<Reply[]> {
	if (above.size === 0) return [];
	const rows = await db.execute<{ root: number; seq: number; version: number; sender: string; is_deleted: number }>(
		`SELECT thread_of AS root, seq, messages.version, sender, deleted_at IS NOT NULL AS is_deleted
		FROM json_each(?1) AS thread JOIN messages ON thread_of = thread.value->>0 AND seq > thread.value->>1
		ORDER BY seq LIMIT ?2`,
		JSON.stringify([...above]),
		max,
	);
	return rows.map(({ root: rootId, seq, version, sender, is_deleted }) => ({
		...{ rootId, seq, version, sender, isDeleted: is_deleted === 1 },
	}));
}
