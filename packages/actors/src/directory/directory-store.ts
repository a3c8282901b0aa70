import { DirectoryFeedRow } from "@bullpen/domain/directory";
import { PayerWish } from "@bullpen/domain/payer";
import type { RawAccess } from "rivetkit/db";
import { z } from "zod";
import type { Counters, FeedStore } from "../feed-writer.ts";
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
];

/** A room's name and how far its making has come. `general` belongs to nobody. */
export const RoomRecord = z.strictObject({
	kind: z.literal("room"),
	nameKey: z.string(),
	roomId: z.string(),
	name: z.string(),
	visibility: z.enum(["public", "private"]),
	createdBy: z.string().nullable(),
	createdAt: z.number(),
	isReady: z.boolean(),
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
});
export type WorkspaceRecord = z.infer<typeof WorkspaceRecord>;
export type DirectoryExtra = RoomRecord | WorkspaceRecord;

type Change = Parameters<FeedStore<DirectoryFeedRow, DirectoryExtra>["commit"]>[0];

/** The directory's tables. */
export class DirectoryStore implements FeedStore<DirectoryFeedRow, DirectoryExtra> {
	epoch = "";
	readonly #db: () => RawAccess;

	constructor(db: () => RawAccess) {
		this.#db = db;
	}

	async counters(): Promise<Counters> {
		const [row] = await this.#db().execute<Record<string, unknown>>("SELECT * FROM counters");
		if (row === undefined) throw new Error("the counters row is missing");
		this.epoch = String(row.epoch);
		return { seq: 0, version: Number(row.version), floorSeq: 1 };
	}

	async commit({ rows, extras, counters }: Change): Promise<void> {
		const write = async (tx: RawAccess): Promise<void> => {
			for (const row of rows) {
				const json = JSON.stringify(row);
				await tx.execute("INSERT OR REPLACE INTO feed (kind, id, row) VALUES (?, ?, ?)", row.kind, row.id, json);
			}
			for (const extra of extras) await putRecord(tx, extra);
			await tx.execute("UPDATE counters SET version = ?", counters.version);
		};
		await this.#db().transaction(write, { name: "commit" });
	}

	async rows(): Promise<DirectoryFeedRow[]> {
		const rows = await this.#db().execute<{ row: string }>("SELECT row FROM feed");
		return rows.map(({ row }) => DirectoryFeedRow.parse(JSON.parse(row)));
	}

	async records(): Promise<DirectoryExtra[]> {
		const rooms = await this.#db().execute<{ record: string }>("SELECT record FROM rooms");
		const workspaces = await this.#db().execute<{ record: string }>("SELECT record FROM workspaces");
		return [
			...rooms.map(({ record }) => RoomRecord.parse(JSON.parse(record))),
			...workspaces.map(({ record }) => WorkspaceRecord.parse(JSON.parse(record))),
		];
	}
}

async function putRecord(tx: RawAccess, record: DirectoryExtra): Promise<void> {
	const json = JSON.stringify(record);
	if (record.kind === "room") {
		await tx.execute(
			`INSERT INTO rooms (name_key, room_id, record) VALUES (?, ?, ?)
			ON CONFLICT (name_key) DO UPDATE SET record = excluded.record`,
			record.nameKey,
			record.roomId,
			json,
		);
	} else {
		await tx.execute(
			"INSERT OR REPLACE INTO workspaces (workspace_id, record) VALUES (?, ?)",
			record.workspaceId,
			json,
		);
	}
}
