import { type RoomAct, RoomAuditPage } from "@bullpen/domain/audit";
import { RoomLink } from "@bullpen/domain/room-link";
import type { RawAccess } from "rivetkit/db";

/** An invitation link with the hash of its secret, which nobody is told. */
export interface KeptLink {
	readonly kind: "link";
	readonly link: RoomLink;
	readonly secretHash: string;
}
/** Something that those who run the room did. */
export interface ActEntry {
	readonly kind: "act";
	readonly at: number;
	readonly act: RoomAct;
}

/** Times are unix ms; `link` and `act` are JSON. */
export const GOVERNANCE_MIGRATION = `
	ALTER TABLE room ADD COLUMN archived_at INTEGER;
	CREATE TABLE links (
		id TEXT PRIMARY KEY,
		secret_hash TEXT NOT NULL UNIQUE,
		link TEXT NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE audit (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		at INTEGER NOT NULL,
		act TEXT NOT NULL
	);
	`;

/** The part of a commit that only some have. Links that nobody can use go when another is made. */
export const GOVERNANCE_TRIGGER = `
	CREATE TRIGGER commits_govern INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.governs' BEGIN
		DELETE FROM links WHERE id IN (SELECT value FROM json_each(NEW.body, '$.goneLinks'));

		INSERT INTO links (id, secret_hash, link)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.links') WHERE true
		ON CONFLICT (id) DO UPDATE SET link = excluded.link;

		INSERT INTO audit (at, act) SELECT value->>0, value->>1 FROM json_each(NEW.body, '$.acts') ORDER BY key;
		DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - (NEW.body->>'$.auditKept');
	END`;

export type Governance = KeptLink | ActEntry | GoneLink;
export interface GoneLink {
	readonly kind: "goneLink";
	readonly id: string;
}

/** What the trigger reads of a commit. */
export function governanceBody(extras: readonly { readonly kind: string }[], auditKept: number): object {
	const own = extras.filter(isGovernance);
	if (own.length === 0) return {};
	return {
		governs: 1,
		auditKept,
		links: own.flatMap((one) => (one.kind === "link" ? [[one.link.id, one.secretHash, JSON.stringify(one.link)]] : [])),
		goneLinks: own.flatMap((one) => (one.kind === "goneLink" ? [one.id] : [])),
		acts: own.flatMap((one) => (one.kind === "act" ? [[one.at, JSON.stringify(one.act)]] : [])),
	};
}

export async function readLinks(db: RawAccess): Promise<KeptLink[]> {
	const rows = await db.execute<{ secret_hash: string; link: string }>("SELECT secret_hash, link FROM links");
	return rows.map(({ secret_hash: secretHash, link }) => ({
		kind: "link",
		link: RoomLink.parse(JSON.parse(link)),
		secretHash,
	}));
}

/** Acts below `before`, newest first. */
export async function readAudit(db: RawAccess, before: number, limit: number): Promise<RoomAuditPage> {
	const rows = await db.execute<{ id: number; at: number; act: string }>(
		"SELECT id, at, act FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
		before,
		limit + 1,
	);
	const entries = rows.slice(0, limit).map(({ id, at, act }) => ({ id, at, act: JSON.parse(act) }));
	return RoomAuditPage.parse({ entries, hasMore: rows.length > limit });
}

const isGovernance = (extra: { readonly kind: string }): extra is Governance =>
	extra.kind === "link" || extra.kind === "act" || extra.kind === "goneLink";
