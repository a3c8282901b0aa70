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
	// Where the workspace's files are: decided at its first start and never changed.
	`CREATE TABLE IF NOT EXISTS agent_place (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		kind TEXT NOT NULL, -- confined or virtual
		place TEXT NOT NULL, -- the data folder's own id
		host TEXT NOT NULL -- its machine's name, for people
	)`,
	// The virtual tree and what its agent remembers.
	`CREATE TABLE IF NOT EXISTS agent_files (
		path TEXT PRIMARY KEY,
		text TEXT NOT NULL
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS agent_conversations (
		session_id TEXT PRIMARY KEY,
		conversation TEXT NOT NULL -- JSON
	) WITHOUT ROWID`,
	// The files as they were when the workspace began, where it did not begin empty.
	`CREATE TABLE IF NOT EXISTS agent_start (
		id INTEGER PRIMARY KEY CHECK (id = 1),
		tree TEXT NOT NULL -- one of git's, kept in the agent's home
	)`,
];
