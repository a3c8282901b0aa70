import { LEASE_MIGRATION } from "../../relay/lease-table.ts";
import { FILES_MIGRATION, FILES_TRIGGER } from "./files.ts";
import { AUTHORS_MIGRATION, FOLLOW_MIGRATION, FOLLOW_TRIGGER } from "./followers.ts";
import { GOVERNANCE_MIGRATION, GOVERNANCE_TRIGGER } from "./governance.ts";
import { HOOK_MIGRATION, HOOK_TRIGGER } from "./hooks.ts";
import { INDEX_MIGRATION } from "./indexable.ts";
import { KEEP_NONCES, NONCE_MIGRATION } from "./nonces.ts";

/** `seq` is the rowid: history pages and new messages touch neighbouring pages. Times are unix ms. */
export const MIGRATIONS = [
	`
	CREATE TABLE counters (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		floor_seq INTEGER NOT NULL,
		epoch TEXT NOT NULL,
		hash TEXT NOT NULL,
		last_at INTEGER NOT NULL,
		note_version INTEGER NOT NULL
	);
	INSERT INTO counters VALUES (1, 0, 0, 1, lower(hex(randomblob(16))), '0000000000000000', 0, 0);
	CREATE TABLE room (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL,
		name TEXT NOT NULL,
		topic TEXT NOT NULL,
		visibility TEXT NOT NULL,
		created_by TEXT,
		created_at INTEGER NOT NULL,
		retention_messages INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE members (
		user_id TEXT PRIMARY KEY,
		version INTEGER NOT NULL,
		role TEXT NOT NULL,
		status TEXT NOT NULL,
		changed_at INTEGER NOT NULL,
		joined_at_seq INTEGER NOT NULL,
		joined_at_version INTEGER NOT NULL,
		removed_at INTEGER NOT NULL,
		notified_version INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE messages (
		seq INTEGER PRIMARY KEY,
		version INTEGER NOT NULL,
		sender TEXT NOT NULL,
		text TEXT NOT NULL,
		timestamp INTEGER NOT NULL,
		nonce TEXT,
		reply_to INTEGER,
		thread_of INTEGER,
		edited_at INTEGER,
		deleted_at INTEGER,
		reactions TEXT NOT NULL
	);
	CREATE UNIQUE INDEX messages_by_version ON messages (version);
	CREATE TABLE sends (
		author TEXT NOT NULL,
		nonce TEXT NOT NULL,
		seq INTEGER NOT NULL,
		text_hash TEXT NOT NULL,
		timestamp INTEGER NOT NULL,
		PRIMARY KEY (author, nonce)
	) WITHOUT ROWID;
	`,
	LEASE_MIGRATION,
	`
	ALTER TABLE messages ADD COLUMN also_in_room INTEGER;
	ALTER TABLE messages ADD COLUMN thread TEXT;
	ALTER TABLE messages ADD COLUMN pinned_by TEXT;
	ALTER TABLE messages ADD COLUMN pinned_at INTEGER;
	CREATE INDEX messages_by_thread ON messages (thread_of, seq) WHERE thread_of IS NOT NULL;
	CREATE INDEX messages_pinned ON messages (seq) WHERE pinned_at IS NOT NULL;
	`,
	GOVERNANCE_MIGRATION,
	INDEX_MIGRATION,
	NONCE_MIGRATION,
	FILES_MIGRATION,
	FOLLOW_MIGRATION,
	HOOK_MIGRATION,
	AUTHORS_MIGRATION,
	"ALTER TABLE counters ADD COLUMN commit_id TEXT;",
];

/**
 * One statement writes a whole commit, so that it costs one round trip and is all or nothing: `commits` is a view whose
 * rows are never kept, and its trigger spreads a commit's JSON over the tables. Holds no data: made afresh at every start.
 */
export const COMMIT_VIEW = [
	"DROP VIEW IF EXISTS commits",
	"CREATE VIEW commits AS SELECT '' AS body",
	`
	CREATE TRIGGER commits_insert INSTEAD OF INSERT ON commits BEGIN
		SELECT RAISE(ABORT, 'the room has moved on') FROM counters WHERE version > NEW.body->>'$.from';

		INSERT INTO messages
			(seq, version, sender, text, timestamp, nonce, reply_to, thread_of, edited_at, deleted_at, reactions,
			also_in_room, thread, pinned_by, pinned_at, attachments)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
			value->>9, value->>10, value->>11, value->>12, value->>13, value->>14, value->>15
		FROM json_each(NEW.body, '$.messages') WHERE true
		ON CONFLICT (seq) DO UPDATE SET version = excluded.version, text = excluded.text, edited_at = excluded.edited_at,
			deleted_at = excluded.deleted_at, reactions = excluded.reactions, thread = excluded.thread,
			pinned_by = excluded.pinned_by, pinned_at = excluded.pinned_at, attachments = excluded.attachments;

		${KEEP_NONCES}

		INSERT INTO members
			(user_id, version, role, status, changed_at, joined_at_seq, joined_at_version, removed_at, notified_version)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>6
		FROM json_each(NEW.body, '$.members') WHERE true
		ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, role = excluded.role, status = excluded.status,
			changed_at = excluded.changed_at, joined_at_seq = excluded.joined_at_seq,
			joined_at_version = excluded.joined_at_version, removed_at = excluded.removed_at,
			notified_version = max(notified_version, excluded.notified_version);

		INSERT INTO room
			(id, version, name, topic, visibility, created_by, created_at, archived_at, retention_messages)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8
		FROM json_each(NEW.body, '$.rooms') WHERE true
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, topic = excluded.topic,
			archived_at = excluded.archived_at, retention_messages = excluded.retention_messages;

		DELETE FROM messages WHERE seq < NEW.body->>'$.floorSeq';

		UPDATE counters SET seq = NEW.body->>'$.seq', version = NEW.body->>'$.version',
			floor_seq = NEW.body->>'$.floorSeq', hash = NEW.body->>'$.hash', last_at = NEW.body->>'$.lastAt',
			note_version = NEW.body->>'$.noteVersion', commit_id = NEW.body->>'$.commitId';
	END`,
	GOVERNANCE_TRIGGER,
	FILES_TRIGGER,
	FOLLOW_TRIGGER,
	HOOK_TRIGGER,
];
