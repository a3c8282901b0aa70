import { type InboxFeedRow, InboxRoomRow, InboxWorkspaceRow } from "@bullpen/domain/inbox";
import { type RoomPosition, settledSeq } from "@bullpen/domain/inbox-rules";
import type { RawAccess } from "rivetkit/db";
import type { Counters, FeedStore } from "../feed-writer.ts";
import { LEASE_MIGRATION } from "../relay/lease-table.ts";

/** `row` is the feed row as JSON; what it does not show stands beside it. */
export const MIGRATIONS = [
	`
	CREATE TABLE counters (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		version INTEGER NOT NULL,
		epoch TEXT NOT NULL,
		is_initialised INTEGER NOT NULL
	);
	INSERT INTO counters VALUES (1, 0, lower(hex(randomblob(16))), 0);
	CREATE TABLE rooms (
		room_id TEXT PRIMARY KEY,
		row TEXT NOT NULL,
		floor_seq INTEGER NOT NULL,
		note_version INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE TABLE not_counted (
		room_id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		PRIMARY KEY (room_id, seq)
	) WITHOUT ROWID;
	CREATE TABLE workspaces (
		workspace_id TEXT PRIMARY KEY,
		row TEXT NOT NULL,
		note_version INTEGER NOT NULL
	) WITHOUT ROWID;
	`,
	LEASE_MIGRATION,
];

/** Settled seqs forgotten in one commit. What is left costs a little space and goes with a later one. */
const FORGOTTEN = 2_000;

/** As in chatRoom: one statement is one commit. */
export const COMMIT_VIEW = [
	"DROP VIEW IF EXISTS commits",
	"CREATE VIEW commits AS SELECT '' AS body",
	`
	CREATE TRIGGER commits_insert INSTEAD OF INSERT ON commits BEGIN
		INSERT INTO rooms (room_id, row, floor_seq, note_version)
		SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(NEW.body, '$.rooms') WHERE true
		ON CONFLICT (room_id) DO UPDATE SET row = excluded.row, floor_seq = excluded.floor_seq,
			note_version = excluded.note_version;

		INSERT INTO not_counted (room_id, seq)
		SELECT value->>0, value->>1 FROM json_each(NEW.body, '$.notCounted') WHERE true
		ON CONFLICT (room_id, seq) DO NOTHING;

		DELETE FROM not_counted WHERE (room_id, seq) IN (
			SELECT not_counted.room_id, not_counted.seq FROM json_each(NEW.body, '$.settled') AS settled
			JOIN not_counted ON not_counted.room_id = settled.value->>0 AND not_counted.seq <= settled.value->>1
			LIMIT ${FORGOTTEN}
		);

		INSERT INTO workspaces (workspace_id, row, note_version)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.workspaces') WHERE true
		ON CONFLICT (workspace_id) DO UPDATE SET row = excluded.row, note_version = excluded.note_version;

		UPDATE counters SET version = NEW.body->>'$.version', is_initialised = NEW.body->>'$.isInitialised';
	END`,
];

/** A room's row and what stands beside it. */
export interface RoomEntry {
	readonly kind: "room";
	readonly row: InboxRoomRow;
	readonly floorSeq: number;
	readonly noteVersion: number;
	/** Seqs that do not count, beside those kept already. */
	readonly notCounted: readonly number[];
}
export interface WorkspaceEntry {
	readonly kind: "workspace";
	readonly row: InboxWorkspaceRow;
	readonly noteVersion: number;
}
export type InboxExtra = RoomEntry | WorkspaceEntry | { readonly kind: "initialised" };

type Change = Parameters<FeedStore<InboxFeedRow, InboxExtra>["commit"]>[0];

/** The inbox's tables. */
export class InboxStore implements FeedStore<InboxFeedRow, InboxExtra> {
	epoch = "";
	isInitialised = false;
	readonly #db: () => RawAccess;
	readonly #onReread: () => void;

	/** `onReread`: the tables may differ from what was thought, and are read again. */
	constructor(db: () => RawAccess, onReread: () => void) {
		this.#db = db;
		this.#onReread = onReread;
	}

	async counters(): Promise<Counters> {
		const [row] = await this.#db().execute<Record<string, unknown>>("SELECT * FROM counters");
		if (row === undefined) throw new Error("the counters row is missing");
		this.#onReread();
		this.epoch = String(row.epoch);
		this.isInitialised = row.is_initialised === 1;
		return { seq: 0, version: Number(row.version), floorSeq: 1 };
	}

	async commit({ extras, counters }: Change): Promise<void> {
		const isInitialised = this.isInitialised || extras.some(({ kind }) => kind === "initialised");
		const rooms = extras.filter((extra) => extra.kind === "room");
		const workspaces = extras.filter((extra) => extra.kind === "workspace");
		const body = {
			version: counters.version,
			isInitialised: isInitialised ? 1 : 0,
			rooms: rooms.map(({ row, floorSeq, noteVersion }) => [row.id, JSON.stringify(row), floorSeq, noteVersion]),
			notCounted: rooms.flatMap(({ row, notCounted }) => notCounted.map((seq) => [row.id, seq])),
			settled: rooms.map(({ row, floorSeq }) => [row.id, settledSeq({ readSeq: row.readSeq, floorSeq })]),
			workspaces: workspaces.map(({ row, noteVersion }) => [row.id, JSON.stringify(row), noteVersion]),
		};
		await this.#db().execute("INSERT INTO commits (body) VALUES (?)", JSON.stringify(body));
		this.isInitialised = isInitialised;
	}

	async rooms(): Promise<RoomEntry[]> {
		const rows = await this.#db().execute<{ row: string; floor_seq: number; note_version: number }>(
			"SELECT row, floor_seq, note_version FROM rooms",
		);
		return rows.map(({ row, floor_seq, note_version }) => ({
			kind: "room",
			row: InboxRoomRow.parse(JSON.parse(row)),
			floorSeq: floor_seq,
			noteVersion: note_version,
			notCounted: [],
		}));
	}

	async workspaces(): Promise<WorkspaceEntry[]> {
		const rows = await this.#db().execute<{ row: string; note_version: number }>(
			"SELECT row, note_version FROM workspaces",
		);
		return rows.map(({ row, note_version }) => ({
			kind: "workspace",
			row: InboxWorkspaceRow.parse(JSON.parse(row)),
			noteVersion: note_version,
		}));
	}

	/** Seqs of a room above `settled` that do not count. */
	async notCounted(roomId: string, settled: number): Promise<number[]> {
		const rows = await this.#db().execute<{ seq: number }>(
			"SELECT seq FROM not_counted WHERE room_id = ? AND seq > ?",
			roomId,
			settled,
		);
		return rows.map(({ seq }) => seq);
	}
}

export const positionOf = ({ row, floorSeq, noteVersion }: RoomEntry): RoomPosition => ({
	roomId: row.id,
	noteVersion,
	name: row.name,
	visibility: row.visibility,
	isMember: row.leftAt === undefined,
	headSeq: row.headSeq,
	floorSeq,
	readSeq: row.readSeq,
	lastAt: row.lastAt,
});
