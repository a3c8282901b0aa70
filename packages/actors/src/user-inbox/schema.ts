import { LEASE_MIGRATION } from "../relay/lease-table.ts";
import { PUSH_DEVICES_MIGRATION } from "./push-devices.ts";
import { THREAD_MIGRATION, THREAD_TRIGGER } from "./thread-store.ts";

/** `row` is the feed row as JSON; what it does not show stands beside it. */
export const MIGRATIONS = [
	`
	CREATE TABLE counters (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		version INTEGER NOT NULL,
		epoch TEXT NOT NULL,
		is_initialised INTEGER NOT NULL
	);
	INSERT INTO counters VALUES (1, 0, lower(hex(randomblob(16))), 0);
	CREATE TABLE rooms (
		room_id TEXT PRIMARY KEY,
		row TEXT NOT NULL,
		floor_seq INTEGER NOT NULL,
		note_version INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE not_counted (
		room_id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		PRIMARY KEY (room_id, seq)
	) WITHOUT ROWID;
	CREATE TABLE workspaces (
		workspace_id TEXT PRIMARY KEY,
		row TEXT NOT NULL,
		note_version INTEGER NOT NULL
	) WITHOUT ROWID;
	`,
	LEASE_MIGRATION,
	`
	ALTER TABLE rooms ADD COLUMN joined_version INTEGER NOT NULL DEFAULT -1;
	UPDATE rooms SET joined_version = note_version;
	CREATE TABLE facts (
		room_id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		fact TEXT NOT NULL,
		PRIMARY KEY (room_id, seq)
	) WITHOUT ROWID;
	INSERT INTO facts (room_id, seq, version, fact) SELECT room_id, seq, 0, 'silent' FROM not_counted;
	DROP TABLE not_counted;
	CREATE TABLE settings (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		row TEXT NOT NULL
	);
	`,
	`
	CREATE TABLE drafts (
		slot INTEGER PRIMARY KEY,
		row TEXT NOT NULL,
		forgotten_at INTEGER NOT NULL -- unix ms
	);
	`,
	"ALTER TABLE rooms ADD COLUMN joined_seq INTEGER NOT NULL DEFAULT 0",
	THREAD_MIGRATION,
	PUSH_DEVICES_MIGRATION,
];

/** Settled seqs forgotten in one commit. What is left costs a little space and goes with a later one. */
const FORGOTTEN = 2_000;

/**
 * The version is that of the newest row, and stands nowhere else: a note that changes one row of one page changes no other
 * page, and each costs CPU in engine and actor. `counters.version` is what it was before that.
 */
export const COUNTERS = `
	SELECT epoch, is_initialised, max(
		version,
		(SELECT coalesce(max(row->>'$.version'), 0) FROM rooms),
		(SELECT coalesce(max(row->>'$.version'), 0) FROM workspaces),
		(SELECT coalesce(max(row->>'$.version'), 0) FROM settings),
		(SELECT coalesce(max(row->>'$.version'), 0) FROM drafts),
		(SELECT coalesce(max(row->>'$.version'), 0) FROM thread_rows)
	) AS version FROM counters`;

/** As in chatRoom: one statement is one commit. What notes of rooms do not change has a trigger of its own. */
export const COMMIT_VIEW = [
	"DROP VIEW IF EXISTS commits",
	"CREATE VIEW commits AS SELECT '' AS body",
	`
	CREATE TRIGGER commits_insert INSTEAD OF INSERT ON commits BEGIN
		INSERT INTO rooms (room_id, row, floor_seq, note_version, joined_version, joined_seq)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(NEW.body, '$.rooms') WHERE true
		ON CONFLICT (room_id) DO UPDATE SET row = excluded.row, floor_seq = excluded.floor_seq,
			note_version = excluded.note_version, joined_version = excluded.joined_version,
			joined_seq = excluded.joined_seq;

		INSERT INTO facts (room_id, seq, version, fact)
		SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(NEW.body, '$.facts') WHERE true
		ON CONFLICT (room_id, seq) DO UPDATE SET version = excluded.version, fact = excluded.fact
			WHERE excluded.version > version;

		DELETE FROM facts WHERE (room_id, seq) IN (
			SELECT facts.room_id, facts.seq FROM json_each(NEW.body, '$.settled') AS settled
			JOIN facts ON facts.room_id = settled.value->>0 AND facts.seq <= settled.value->>1
			LIMIT ${FORGOTTEN}
		);
	END`,
	`
	CREATE TRIGGER commits_seldom INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.seldom' BEGIN
		UPDATE counters SET is_initialised = 1 WHERE NEW.body->>'$.initialises';

		INSERT INTO workspaces (workspace_id, row, note_version)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.workspaces') WHERE true
		ON CONFLICT (workspace_id) DO UPDATE SET row = excluded.row, note_version = excluded.note_version;

		INSERT INTO settings (one, row) SELECT 1, value FROM json_each(NEW.body, '$.settings') WHERE true
		ON CONFLICT (one) DO UPDATE SET row = excluded.row;

		INSERT INTO drafts (slot, row, forgotten_at)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.drafts') WHERE true
		ON CONFLICT (slot) DO UPDATE SET row = excluded.row, forgotten_at = excluded.forgotten_at;
	END`,
	THREAD_TRIGGER,
];
