/** The actor's SQLite, as RivetKit's `c.db` offers it: bound parameters only, rows as plain objects. */
export interface Db {
	execute(sql: string, ...args: unknown[]): Promise<Record<string, unknown>[]>;
}
