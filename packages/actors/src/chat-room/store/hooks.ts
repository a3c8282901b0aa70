import { Delivery, Hook, type HookEvent } from "@bullpen/domain/webhook";
import type { RawAccess } from "rivetkit/db";

/** A webhook with its sealed secret. */
export interface KeptHook {
	readonly kind: "hook";
	readonly hook: Hook;
	readonly secret: string;
}
export interface GoneHook {
	readonly kind: "goneHook";
	readonly id: string;
}
/** Something that happened, as it is told: `body` is the JSON that is sent. */
export interface HookEventEntry {
	readonly kind: "hookEvent";
	readonly event: HookEvent;
	readonly body: string;
}
export type HookExtra = KeptHook | GoneHook | HookEventEntry;

/** How far a hook has come: the last event it was told or that did not concern it. Times are unix ms. */
export interface Place {
	readonly position: number;
	readonly failures: number;
	readonly failingSince: number | null;
	readonly retryAt: number | null;
}

/** `hook` is JSON, `secret` sealed. Events are told in the order of their ids, which are never used again. */
export const HOOK_MIGRATION = `
	CREATE TABLE hooks (
		id TEXT PRIMARY KEY,
		hook TEXT NOT NULL,
		secret TEXT NOT NULL,
		position INTEGER NOT NULL,
		failures INTEGER NOT NULL DEFAULT 0,
		failing_since INTEGER, -- unix ms
		retry_at INTEGER -- unix ms
	) WITHOUT ROWID;
	CREATE TABLE hook_events (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		event TEXT NOT NULL,
		body TEXT NOT NULL
	);
	CREATE TABLE hook_deliveries (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		hook_id TEXT NOT NULL,
		delivery TEXT NOT NULL
	);
	CREATE INDEX hook_deliveries_by_hook ON hook_deliveries (hook_id, id);
`;

const LAST_EVENT = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'hook_events'), 0)";

/** The part of a commit that only rooms with webhooks have. A new hook begins behind everything that has happened. */
export const HOOK_TRIGGER = `
	CREATE TRIGGER commits_hooks INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.hooked' BEGIN
		DELETE FROM hook_deliveries WHERE hook_id IN (SELECT value FROM json_each(NEW.body, '$.goneHooks'));
		DELETE FROM hooks WHERE id IN (SELECT value FROM json_each(NEW.body, '$.goneHooks'));

		INSERT INTO hooks (id, hook, secret, position) SELECT value->>0, value->>1, value->>2, ${LAST_EVENT}
		FROM json_each(NEW.body, '$.hooks') WHERE true
		ON CONFLICT (id) DO UPDATE SET hook = excluded.hook;

		INSERT INTO hook_events (event, body)
		SELECT value->>0, value->>1 FROM json_each(NEW.body, '$.hookEvents') ORDER BY key;
	END`;

/** What the trigger reads of a commit. */
export function hookBody(extras: readonly { readonly kind: string }[]): object {
	const own = extras.filter(isHookExtra);
	if (own.length === 0) return {};
	return {
		hooked: 1,
		hooks: own.flatMap((one) => (one.kind === "hook" ? [[one.hook.id, JSON.stringify(one.hook), one.secret]] : [])),
		goneHooks: own.flatMap((one) => (one.kind === "goneHook" ? [one.id] : [])),
		hookEvents: own.flatMap((one) => (one.kind === "hookEvent" ? [[one.event, one.body]] : [])),
	};
}

export async function readHooks(db: RawAccess): Promise<(KeptHook & { readonly place: Place })[]> {
	const rows = await db.execute<Record<string, unknown>>("SELECT * FROM hooks");
	return rows.map((row) => ({
		kind: "hook",
		hook: Hook.parse(JSON.parse(String(row.hook))),
		secret: String(row.secret),
		place: {
			position: Number(row.position),
			failures: Number(row.failures),
			failingSince: row.failing_since === null ? null : Number(row.failing_since),
			retryAt: row.retry_at === null ? null : Number(row.retry_at),
		},
	}));
}

/** The id of the newest event there ever was, or 0. */
export async function lastEventId(db: RawAccess): Promise<number> {
	const [row] = await db.execute<{ last: number }>(`SELECT ${LAST_EVENT} AS last`);
	return row?.last ?? 0;
}

/** The first event after `position` that a hook wants. */
export async function nextEvent(
	db: RawAccess,
	position: number,
	events: readonly HookEvent[],
): Promise<{ id: number; event: HookEvent; body: string } | undefined> {
	const [row] = await db.execute<{ id: number; event: HookEvent; body: string }>(
		`SELECT id, event, body FROM hook_events
		WHERE id > ? AND event IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`,
		position,
		JSON.stringify(events),
	);
	return row;
}

export async function countEvents(db: RawAccess, position: number, events: readonly HookEvent[]): Promise<number> {
	const [row] = await db.execute<{ count: number }>(
		"SELECT count(*) AS count FROM hook_events WHERE id > ? AND event IN (SELECT value FROM json_each(?))",
		position,
		JSON.stringify(events),
	);
	return row?.count ?? 0;
}

export async function keepPlace(db: RawAccess, hookId: string, place: Place): Promise<void> {
	await db.execute(
		"UPDATE hooks SET position = ?, failures = ?, failing_since = ?, retry_at = ? WHERE id = ?",
		place.position,
		place.failures,
		place.failingSince,
		place.retryAt,
		hookId,
	);
}

/** Writes a try down and lets the oldest of them go. */
export async function keepDelivery(
	db: RawAccess,
	hookId: string,
	delivery: Omit<Delivery, "id">,
	kept: number,
): Promise<void> {
	await db.execute("INSERT INTO hook_deliveries (hook_id, delivery) VALUES (?, ?)", hookId, JSON.stringify(delivery));
	await db.execute(
		`DELETE FROM hook_deliveries WHERE hook_id = ?1 AND id <=
			(SELECT id FROM hook_deliveries WHERE hook_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
		hookId,
		kept,
	);
}

/** Tries below `before`, newest first. */
export async function readDeliveries(
	db: RawAccess,
	hookId: string,
	before: number,
	limit: number,
): Promise<{ deliveries: Delivery[]; hasMore: boolean }> {
	const rows = await db.execute<{ id: number; delivery: string }>(
		"SELECT id, delivery FROM hook_deliveries WHERE hook_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
		hookId,
		before,
		limit + 1,
	);
	const deliveries = rows.slice(0, limit).map(({ id, delivery }) => Delivery.parse({ id, ...JSON.parse(delivery) }));
	return { deliveries, hasMore: rows.length > limit };
}

/** What every hook that is told anything has been told is not needed any more. */
export async function forgetEvents(db: RawAccess, position: number): Promise<void> {
	await db.execute("DELETE FROM hook_events WHERE id <= ?", position);
}

const isHookExtra = (extra: { readonly kind: string }): extra is HookExtra =>
	extra.kind === "hook" || extra.kind === "goneHook" || extra.kind === "hookEvent";
