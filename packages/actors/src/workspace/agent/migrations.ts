/** Statements the workspace runs in `onMigrate`, in order. Appended, never edited. */
export const agentMigrations: readonly string[] = [
	`CREATE TABLE IF NOT EXISTS agent_sessions (
		id TEXT PRIMARY KEY,
		created_at INTEGER NOT NULL, -- unix ms
		record TEXT NOT NULL -- the SDK's SessionRecord as JSON
	) WITHOUT ROWID`,
	"CREATE INDEX IF NOT EXISTS agent_sessions_in_order ON agent_sessions (created_at, id)",
	`CREATE TABLE IF NOT EXISTS agent_events (
		session_id TEXT NOT NULL,
		event_index INTEGER NOT NULL,
		id TEXT NOT NULL,
		created_at INTEGER NOT NULL, -- unix ms
		connection_id TEXT NOT NULL,
		sender TEXT NOT NULL,
		payload TEXT NOT NULL, -- the JSON-RPC envelope
		PRIMARY KEY (session_id, event_index)
	) WITHOUT ROWID`,
	"CREATE UNIQUE INDEX IF NOT EXISTS agent_events_by_id ON agent_events (id)",
	`CREATE TABLE IF NOT EXISTS agent_files (
		path TEXT PRIMARY KEY,
		text TEXT NOT NULL
	) WITHOUT ROWID`,
];
