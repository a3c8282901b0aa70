import { z } from "zod";

/** A row as SQLite gives it, without its NULLs: what a schema with optional fields parses. */
export const present = (row: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

/** The value of a column that holds JSON. */
export const jsonOf = (column: unknown): unknown => JSON.parse(z.string().parse(column));
