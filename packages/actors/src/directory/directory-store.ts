import { type ServerAct, ServerAuditPage } from "@bullpen/domain/audit";
import { BotScope } from "@bullpen/domain/bot";
import { DirectoryFeedRow } from "@bullpen/domain/directory";
import { PayerWish } from "@bullpen/domain/payer";
import { RoomVisibility } from "@bullpen/domain/room";
import type { RawAccess } from "rivetkit/db";
import { z } from "zod";
import type { FeedStore, StoredCounters } from "../feed-writer.ts";
import { LEASE_MIGRATION } from "../relay/lease-table.ts";

/** `row` and `record` are JSON: the feed row as told, and what only the directory knows. */
export const MIGRATIONS = [
	`
	CREATE TABLE counters (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		version INTEGER NOT NULL,
		epoch TEXT NOT NULL
	);
	INSERT INTO counters VALUES (1, 0, lower(hex(randomblob(16))));
	CREATE TABLE feed (
		kind TEXT NOT NULL,
		id TEXT NOT NULL,
		row TEXT NOT NULL,
		PRIMARY KEY (kind, id)
	) WITHOUT ROWID;
	CREATE TABLE rooms (
		name_key TEXT PRIMARY KEY,
		room_id TEXT NOT NULL UNIQUE,
		record TEXT NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE workspaces (
		workspace_id TEXT PRIMARY KEY,
		record TEXT NOT NULL
	) WITHOUT ROWID;
	`,
	LEASE_MIGRATION,
	`
	CREATE TABLE bars (
		user_id TEXT PRIMARY KEY,
		at INTEGER NOT NULL -- unix ms
	) WITHOUT ROWID;
	CREATE TABLE audit (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		at INTEGER NOT NULL, -- unix ms
		act TEXT NOT NULL
	);
	`,
	`
	CREATE TABLE bots (
		user_id TEXT PRIMARY KEY,
		record TEXT NOT NULL
	) WITHOUT ROWID;
	`,
	"ALTER TABLE counters ADD COLUMN commit_id TEXT;",
];

/** A room's name and how far its making has come. `general` belongs to nobody; a direct room's name is its people. */
export const RoomRecord = z.strictObject({
	kind: z.literal("room"),
	nameKey: z.string(),
	roomId: z.string(),
	name: z.string(),
	/** As it was made with. */
	topic: z.string().optional(),
	visibility: RoomVisibility,
	createdBy: z.string().nullable(),
	createdAt: z.number(),
	isReady: z.boolean(),
	/** The room's version of what it last said of itself. */
	cardVersion: z.number().optional(),
});
export type RoomRecord = z.infer<typeof RoomRecord>;

export const WorkspaceRecord = z.strictObject({
	kind: z.literal("workspace"),
	workspaceId: z.string(),
	name: z.string(),
	agent: z.string(),
	visibility: z.enum(["server", "room", "private"]),
	roomId: z.string().optional(),
	payer: PayerWish.optional(),
	ownerId: z.string(),
	createdAt: z.number(),
	isReady: z.boolean(),
	/** The workspace's version of what it last said of itself. */
	cardVersion: z.number().optional(),
	/** Whose people may enter as of then, null for no room's; before it said so, it is as it was made. */
	nowRoomId: z.string().nullable().optional(),
	isDeleted: z.boolean().optional(),
});
export type WorkspaceRecord = z.infer<typeof WorkspaceRecord>;
/** What a bot may, and the hash of the token that proves it; its name and state are those of its person's row. */
const BotRecord = z.strictObject({
	kind: z.literal("bot"),
	userId: z.string(),
	scopes: z.array(BotScope),
	createdBy: z.string(),
	createdAt: z.number(),
	tokenHash: z.string().nullable(),
	tokenMadeAt: z.number().nullable(),
	usedAt: z.number().optional(),
});
export type BotRecord = z.infer<typeof BotRecord>;
/** A room has left this name. */
export interface FreedName {
	readonly kind: "freed";
	readonly nameKey: string;
}
/** Somebody's account was closed: everything they are in is to be told. Null once that is done, or taken back. */
export interface Bar {
	readonly kind: "bar";
	readonly userId: string;
	readonly at: number | null;
}
export interface ActEntry {
	readonly kind: "act";
	readonly at: number;
	readonly act: ServerAct;
}
export type DirectoryExtra = RoomRecord | WorkspaceRecord | BotRecord | FreedName | Bar | ActEntry;

type Change = Parameters<FeedStore<DirectoryFeedRow, DirectoryExtra>["commit"]>[0];

/** The directory's tables. */
export class DirectoryStore implements FeedStore<DirectoryFeedRow, DirectoryExtra> {
	epoch = "";
	readonly #db: () => RawAccess;
	readonly #auditKept: number;
	readonly #beforeCommit: (change: Change) => Promise<void>;

	/** `beforeCommit` runs before anything is written. */
	constructor(db: () => RawAccess, auditKept: number, beforeCommit: (change: Change) => Promise<void>) {
		this.#db = db;
		this.#auditKept = auditKept;
		this.#beforeCommit = beforeCommit;
	}

	async counters(): Promise<StoredCounters> {
		const [row] = await this.#db().execute<Record<string, unknown>>("SELECT * FROM counters");
		if (row === undefined) throw new Error("the counters row is missing");
		this.epoch = String(row.epoch);
		const commitId = row.commit_id === null ? null : String(row.commit_id);
		return { seq: 0, version: Number(row.version), floorSeq: 1, commitId };
	}

	async commit(change: Change): Promise<void> {
		const { id, from, rows, extras, counters } = change;
		await this.#beforeCommit(change);
		const freed = extras.filter(({ kind }) => kind === "freed");
		const write = async (tx: RawAccess): Promise<void> => {
			for (const row of rows) {
				const json = JSON.stringify(row);
				await tx.execute("INSERT OR REPLACE INTO feed (kind, id, row) VALUES (?, ?, ?)", row.kind, row.id, json);
			}
			// A name that one room leaves and another takes in the same commit is free before it is taken.
			for (const extra of [...freed, ...extras.filter(({ kind }) => kind !== "freed")]) await this.#put(tx, extra);
			const moved = await tx.execute(
				"UPDATE counters SET version = ?, commit_id = ? WHERE version <= ? RETURNING version",
				...[counters.version, id, from],
			);
			if (moved.length === 0) throw new Error("the directory has moved on");
		};
		await this.#db().transaction(write, { name: "commit" });
	}

	async rows(): Promise<DirectoryFeedRow[]> {
		const rows = await this.#db().execute<{ row: string }>("SELECT row FROM feed");
		return rows.map(({ row }) => DirectoryFeedRow.parse(JSON.parse(row)));
	}

	async records(): Promise<(RoomRecord | WorkspaceRecord)[]> {
		const rooms = await this.#db().execute<{ record: string }>("SELECT record FROM rooms");
		const workspaces = await this.#db().execute<{ record: string }>("SELECT record FROM workspaces");
		return [
			...rooms.map(({ record }) => RoomRecord.parse(JSON.parse(record))),
			...workspaces.map(({ record }) => WorkspaceRecord.parse(JSON.parse(record))),
		];
	}

	async bars(): Promise<Bar[]> {
		const rows = await this.#db().execute<{ user_id: string; at: number }>("SELECT user_id, at FROM bars");
		return rows.map(({ user_id, at }) => ({ kind: "bar", userId: user_id, at }));
	}

	async bots(): Promise<BotRecord[]> {
		const rows = await this.#db().execute<{ record: string }>("SELECT record FROM bots");
		return rows.map(({ record }) => BotRecord.parse(JSON.parse(record)));
	}

	/** Acts below `before`, newest first. */
	async audit(before: number, limit: number): Promise<ServerAuditPage> {
		const rows = await this.#db().execute<{ id: number; at: number; act: string }>(
			"SELECT id, at, act FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
			before,
			limit + 1,
		);
		const entries = rows.slice(0, limit).map(({ id, at, act }) => ({ id, at, act: JSON.parse(act) }));
		return ServerAuditPage.parse({ entries, hasMore: rows.length > limit });
	}

	async #put(tx: RawAccess, extra: DirectoryExtra): Promise<void> {
		switch (extra.kind) {
			case "room":
				return putRoom(tx, extra);
			case "freed":
				await tx.execute("DELETE FROM rooms WHERE name_key = ?", extra.nameKey);
				return;
			case "workspace":
				await tx.execute(
					"INSERT OR REPLACE INTO workspaces (workspace_id, record) VALUES (?, ?)",
					extra.workspaceId,
					JSON.stringify(extra),
				);
				return;
			case "bot":
				await tx.execute(
					"INSERT OR REPLACE INTO bots (user_id, record) VALUES (?, ?)",
					extra.userId,
					JSON.stringify(extra),
				);
				return;
			case "bar":
				if (extra.at === null) await tx.execute("DELETE FROM bars WHERE user_id = ?", extra.userId);
				else await tx.execute("INSERT OR REPLACE INTO bars (user_id, at) VALUES (?, ?)", extra.userId, extra.at);
				return;
			case "act":
				await tx.execute("INSERT INTO audit (at, act) VALUES (?, ?)", extra.at, JSON.stringify(extra.act));
				await tx.execute("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?", this.#auditKept);
				return;
		}
	}
}

async function putRoom(tx: RawAccess, record: RoomRecord): Promise<void> {
	await tx.execute(
		`INSERT INTO rooms (name_key, room_id, record) VALUES (?, ?, ?)
		ON CONFLICT (name_key) DO UPDATE SET record = excluded.record`,
		record.nameKey,
		record.roomId,
		JSON.stringify(record),
	);
}
