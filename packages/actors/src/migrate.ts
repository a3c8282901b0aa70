import type { RawAccess } from "rivetkit/db";

/**
 * Brings an actor's tables up to date; call from `db({ onMigrate })`, which wraps it in one transaction. Migrations are
 * appended and never edited: each is one or more statements, applied once, in order. `views` hold no data: one statement
 * each, run again whenever what they make is not what is there.
 */
export async function migrate(
	db: RawAccess,
	migrations: readonly string[],
	views: readonly string[] = [],
): Promise<void> {
	await db.execute("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)");
	const [row] = await db.execute<{ version: number; made: string }>(`
		SELECT coalesce(max(version), 0) AS version,
			(SELECT json_group_array(sql) FROM sqlite_master WHERE type IN ('view', 'trigger')) AS made
		FROM migrations`);
	const done = row?.version ?? 0;
	for (const [index, statements] of migrations.entries()) {
		if (index < done) continue;
		await db.execute(statements);
		await db.execute("INSERT INTO migrations (version) VALUES (?)", index + 1);
	}
	// Whoever wakes should not pay for writing down what stands there already.
	if (done < migrations.length || !areMade(views, JSON.parse(row?.made ?? "[]"))) {
		for (const statement of views) await db.execute(statement);
	}
}

/** SQLite keeps the text of what made a view or trigger (sqlite.org/schematab.html). */
function areMade(views: readonly string[], made: readonly string[]): boolean {
	const wanted = views.map((statement) => statement.trim()).filter((statement) => statement.startsWith("CREATE"));
	return wanted.length === made.length && wanted.every((statement) => made.includes(statement));
}
