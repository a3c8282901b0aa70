import { LEASE_MIGRATION } from "../relay/lease-table.ts";
import { agentMigrations } from "./agent/migrations.ts";

/** Statements of the workspace's tables, in order. Appended, never edited; what the agent host appends is appended here. */
export const migrations: readonly string[] = [
	`CREATE TABLE IF NOT EXISTS counters (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		floor_seq INTEGER NOT NULL,
		epoch TEXT NOT NULL
	)`,
	"INSERT OR IGNORE INTO counters VALUES (1, 0, 0, 1, lower(hex(randomblob(8))))",
	`CREATE TABLE IF NOT EXISTS session (
		id TEXT PRIMARY KEY CHECK (id = 'default'),
		version INTEGER NOT NULL,
		fields TEXT NOT NULL -- the other fields of SessionRow as JSON
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS items (
		id INTEGER PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		turn_id TEXT NOT NULL,
		at INTEGER NOT NULL, -- unix ms
		body TEXT NOT NULL -- ItemBody as JSON
	)`,
	"CREATE INDEX IF NOT EXISTS items_by_turn ON items (turn_id, id)",
	`CREATE TABLE IF NOT EXISTS prompts (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		user_id TEXT NOT NULL,
		text TEXT NOT NULL,
		nonce TEXT,
		created_at INTEGER NOT NULL UNIQUE, -- unix ms, raised so that it orders the queue
		status TEXT NOT NULL,
		removed_by TEXT,
		bytes INTEGER NOT NULL -- of the text as JSON
	) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS prompts_queued ON prompts (created_at) WHERE status = 'queued'",
	`CREATE TABLE IF NOT EXISTS nonces (
		user_id TEXT NOT NULL,
		nonce TEXT NOT NULL,
		prompt_id TEXT NOT NULL,
		text_hash TEXT NOT NULL,
		PRIMARY KEY (user_id, nonce)
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS turns (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		prompt_id TEXT NOT NULL UNIQUE,
		status TEXT NOT NULL,
		started_at INTEGER NOT NULL, -- unix ms
		ended_at INTEGER,
		stop_reason TEXT,
		problem TEXT,
		cancelled_by TEXT
	) WITHOUT ROWID`,
	"CREATE UNIQUE INDEX IF NOT EXISTS turns_running ON turns (status) WHERE status = 'running'",
	`CREATE TABLE IF NOT EXISTS permissions (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		turn_id TEXT NOT NULL,
		tool_call_id TEXT,
		title TEXT NOT NULL,
		detail TEXT,
		options TEXT NOT NULL, -- PermissionOption[] as JSON
		status TEXT NOT NULL,
		asked_at INTEGER NOT NULL, -- unix ms
		expires_at INTEGER NOT NULL,
		option_id TEXT,
		answered_by TEXT,
		answered_at INTEGER
	) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS permissions_by_turn ON permissions (turn_id)",
	"CREATE INDEX IF NOT EXISTS permissions_pending ON permissions (expires_at) WHERE status = 'pending'",
	`CREATE TABLE IF NOT EXISTS members (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		role TEXT NOT NULL,
		status TEXT NOT NULL,
		changed_at INTEGER NOT NULL, -- unix ms
		noted TEXT NOT NULL DEFAULT '' -- the last facts this person's inbox has acknowledged
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS outputs (
		item_id INTEGER PRIMARY KEY,
		text TEXT NOT NULL
	)`,
	...agentMigrations.slice(0, 6),
	"ALTER TABLE members ADD COLUMN via TEXT", // 'room', or NULL where the row itself decides
	LEASE_MIGRATION,
	"ALTER TABLE prompts ADD COLUMN rank INTEGER", // its place once it was moved, or NULL: created_at is
	"ALTER TABLE prompts ADD COLUMN edited TEXT", // { by, at } as JSON
	"ALTER TABLE prompts ADD COLUMN sent_now_by TEXT",
	"ALTER TABLE permissions ADD COLUMN tool_kind TEXT",
	"ALTER TABLE permissions ADD COLUMN target TEXT",
	"ALTER TABLE permissions ADD COLUMN votes TEXT", // PermissionVote[] as JSON
	"ALTER TABLE permissions ADD COLUMN rule_id TEXT",
	`CREATE TABLE IF NOT EXISTS rules (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		tool_kind TEXT NOT NULL,
		target TEXT, -- NULL: every call of this kind
		made_by TEXT NOT NULL, -- user ids as JSON
		created_at INTEGER NOT NULL, -- unix ms
		revoked_by TEXT,
		revoked_at INTEGER
	) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS rules_standing ON rules (created_at) WHERE revoked_at IS NULL",
	`CREATE TABLE IF NOT EXISTS audit (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		at INTEGER NOT NULL, -- unix ms
		act TEXT NOT NULL -- AuditAct as JSON
	)`,
	`CREATE TRIGGER IF NOT EXISTS audit_not_changed BEFORE UPDATE ON audit
	BEGIN SELECT RAISE(ABORT, 'the audit list is only added to'); END`,
	`CREATE TRIGGER IF NOT EXISTS audit_not_forgotten BEFORE DELETE ON audit
	BEGIN SELECT RAISE(ABORT, 'the audit list is only added to'); END`,
	`CREATE TABLE IF NOT EXISTS pictures (
		item_id INTEGER NOT NULL,
		position INTEGER NOT NULL, -- among the parts of a tool's output; 0 for a picture of its own
		mime_type TEXT NOT NULL,
		data TEXT NOT NULL, -- base64
		PRIMARY KEY (item_id, position)
	) WITHOUT ROWID`,
	"ALTER TABLE turns ADD COLUMN spending TEXT", // ModelSpending as JSON
	"ALTER TABLE prompts ADD COLUMN attachments TEXT", // Attachment[] as JSON
	`CREATE TABLE IF NOT EXISTS attachments (
		id TEXT PRIMARY KEY,
		user_id TEXT NOT NULL,
		nonce TEXT NOT NULL,
		info TEXT NOT NULL, -- Attachment as JSON
		bytes INTEGER NOT NULL, -- of the file
		created_at INTEGER NOT NULL, -- unix ms
		prompt_id TEXT, -- whose file it is, once it was sent
		content TEXT NOT NULL, -- AttachmentContent as JSON; the last, since it is large and seldom read
		UNIQUE (user_id, nonce)
	) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS attachments_by_age ON attachments (created_at)",
	`CREATE TABLE IF NOT EXISTS chat (
		id INTEGER PRIMARY KEY,
		version INTEGER NOT NULL UNIQUE,
		user_id TEXT NOT NULL,
		text TEXT NOT NULL,
		nonce TEXT,
		at INTEGER NOT NULL, -- unix ms
		edited_at INTEGER,
		deleted_at INTEGER
	)`,
	`CREATE TABLE IF NOT EXISTS chat_nonces (
		user_id TEXT NOT NULL,
		nonce TEXT NOT NULL,
		chat_id INTEGER NOT NULL,
		text_hash TEXT NOT NULL,
		PRIMARY KEY (user_id, nonce)
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS listed (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		print TEXT NOT NULL -- of what the directory has acknowledged
	)`,
	...agentMigrations.slice(6, 7),
	"ALTER TABLE counters ADD COLUMN commit_id TEXT",
];
