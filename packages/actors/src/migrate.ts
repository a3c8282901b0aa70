import type { RawAccess } from "rivetkit/db";

/**
 * Brings an actor's tables up to date; call from `db({ onMigrate })`, which wraps it in one transaction. Migrations are
 * appended and never edited: each is one or more statements, applied once, in order. `views` hold no data and are made
 * afresh at every start, one statement each.
 */
export async function migrate(
	db: RawAccess,
	migrations: readonly string[],
	views: readonly string[] = [],
): Promise<void> {
	await db.execute("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)");
	const [row] = await db.execute<{ version: number }>("SELECT coalesce(max(version), 0) AS version FROM migrations");
	const done = row?.version ?? 0;
	for (const [index, statements] of migrations.entries()) {
		if (index < done) continue;
		await db.execute(statements);
		await db.execute("INSERT INTO migrations (version) VALUES (?)", index + 1);
	}
	for (const statement of views) await db.execute(statement);
}
