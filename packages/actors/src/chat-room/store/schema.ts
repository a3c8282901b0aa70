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
];
