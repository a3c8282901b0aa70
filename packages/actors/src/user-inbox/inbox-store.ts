import { InboxDraftRow } from "@bullpen/domain/draft";
import type { DraftSlot } from "@bullpen/domain/draft-rules";
import {
	type InboxFeedRow,
	InboxRoomRow,
	InboxSettingsRow,
	InboxWorkspaceRow,
	MessageFact,
	type SeqFact,
} from "@bullpen/domain/inbox";
import { type RoomPosition, settledSeq } from "@bullpen/domain/inbox-rules";
import type { RawAccess } from "rivetkit/db";
import type { Counters } from "../feed-draft.ts";
import type { FeedStore } from "../feed-writer.ts";
import { LEASE_MIGRATION } from "../relay/lease-table.ts";
import { PUSH_DEVICES_MIGRATION } from "./push-devices.ts";
import { THREAD_MIGRATION, THREAD_TRIGGER, type ThreadsEntry, threadsBody } from "./thread-store.ts";

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
	`
	ALTER TABLE rooms ADD COLUMN joined_version INTEGER NOT NULL DEFAULT -1;
	UPDATE rooms SET joined_version = note_version;
	CREATE TABLE facts (
		room_id TEXT NOT NULL,
		seq INTEGER NOT NULL,
		version INTEGER NOT NULL,
		fact TEXT NOT NULL,
		PRIMARY KEY (room_id, seq)
	) WITHOUT ROWID;
	INSERT INTO facts (room_id, seq, version, fact) SELECT room_id, seq, 0, 'silent' FROM not_counted;
	DROP TABLE not_counted;
	CREATE TABLE settings (
		one INTEGER PRIMARY KEY CHECK (one = 1),
		row TEXT NOT NULL
	);
	`,
	`
	CREATE TABLE drafts (
		slot INTEGER PRIMARY KEY,
		row TEXT NOT NULL,
		forgotten_at INTEGER NOT NULL -- unix ms
	);
	`,
	"ALTER TABLE rooms ADD COLUMN joined_seq INTEGER NOT NULL DEFAULT 0",
	THREAD_MIGRATION,
	PUSH_DEVICES_MIGRATION,
];

/** Settled seqs forgotten in one commit. What is left costs a little space and goes with a later one. */
const FORGOTTEN = 2_000;

/** As in chatRoom: one statement is one commit. */
export const COMMIT_VIEW = [
	"DROP VIEW IF EXISTS commits",
	"CREATE VIEW commits AS SELECT '' AS body",
	`
	CREATE TRIGGER commits_insert INSTEAD OF INSERT ON commits BEGIN
		INSERT INTO rooms (room_id, row, floor_seq, note_version, joined_version, joined_seq)
		SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(NEW.body, '$.rooms') WHERE true
		ON CONFLICT (room_id) DO UPDATE SET row = excluded.row, floor_seq = excluded.floor_seq,
			note_version = excluded.note_version, joined_version = excluded.joined_version,
			joined_seq = excluded.joined_seq;

		INSERT INTO facts (room_id, seq, version, fact)
		SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(NEW.body, '$.facts') WHERE true
		ON CONFLICT (room_id, seq) DO UPDATE SET version = excluded.version, fact = excluded.fact
			WHERE excluded.version > version;

		DELETE FROM facts WHERE (room_id, seq) IN (
			SELECT facts.room_id, facts.seq FROM json_each(NEW.body, '$.settled') AS settled
			JOIN facts ON facts.room_id = settled.value->>0 AND facts.seq <= settled.value->>1
			LIMIT ${FORGOTTEN}
		);

		INSERT INTO workspaces (workspace_id, row, note_version)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.workspaces') WHERE true
		ON CONFLICT (workspace_id) DO UPDATE SET row = excluded.row, note_version = excluded.note_version;

		UPDATE counters SET version = NEW.body->>'$.version', is_initialised = NEW.body->>'$.isInitialised';
	END`,
	`
	CREATE TRIGGER commits_own INSTEAD OF INSERT ON commits
	WHEN NEW.body->>'$.own' BEGIN
		INSERT INTO settings (one, row) SELECT 1, value FROM json_each(NEW.body, '$.settings') WHERE true
		ON CONFLICT (one) DO UPDATE SET row = excluded.row;

		INSERT INTO drafts (slot, row, forgotten_at)
		SELECT value->>0, value->>1, value->>2 FROM json_each(NEW.body, '$.drafts') WHERE true
		ON CONFLICT (slot) DO UPDATE SET row = excluded.row, forgotten_at = excluded.forgotten_at;
	END`,
	THREAD_TRIGGER,
];

/** A room's row and what stands beside it. */
export interface RoomEntry {
	readonly kind: "room";
	readonly row: InboxRoomRow;
	readonly floorSeq: number;
	readonly noteVersion: number;
	readonly joinedVersion: number;
	readonly joinedAtSeq: number;
	/** Beside those kept already. */
	readonly facts: readonly SeqFact[];
}
export interface WorkspaceEntry {
	readonly kind: "workspace";
	readonly row: InboxWorkspaceRow;
	readonly noteVersion: number;
}
export interface SettingsEntry {
	readonly kind: "settings";
	readonly row: InboxSettingsRow;
}
export interface DraftEntry extends DraftSlot {
	readonly kind: "draft";
	readonly row: InboxDraftRow;
}
export type InboxExtra =
	| RoomEntry
	| WorkspaceEntry
	| SettingsEntry
	| DraftEntry
	| ThreadsEntry
	| { readonly kind: "initialised" };

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
			rooms: rooms.map(({ row, floorSeq, noteVersion, joinedVersion, joinedAtSeq }) => [
				...[row.id, JSON.stringify(row), floorSeq, noteVersion, joinedVersion, joinedAtSeq],
			]),
			facts: rooms.flatMap(({ row, facts }) => facts.map((fact) => [row.id, ...fact])),
			settled: rooms.map(({ row, floorSeq }) => [row.id, settledSeq({ readSeq: row.readSeq, floorSeq })]),
			workspaces: workspaces.map(({ row, noteVersion }) => [row.id, JSON.stringify(row), noteVersion]),
			...ownBody(extras),
			...threadsBody(extras),
		};
		await this.#db().execute("INSERT INTO commits (body) VALUES (?)", JSON.stringify(body));
		this.isInitialised = isInitialised;
	}

	async rooms(): Promise<RoomEntry[]> {
		const rows = await this.#db().execute<
			Record<"floor_seq" | "note_version" | "joined_version" | "joined_seq", number> & { row: string }
		>("SELECT row, floor_seq, note_version, joined_version, joined_seq FROM rooms");
		return rows.map(({ row, floor_seq, note_version, joined_version, joined_seq }) => ({
			kind: "room",
			row: InboxRoomRow.parse(JSON.parse(row)),
			floorSeq: floor_seq,
			noteVersion: note_version,
			joinedVersion: joined_version,
			joinedAtSeq: joined_seq,
			facts: [],
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

	async settings(): Promise<SettingsEntry[]> {
		const rows = await this.#db().execute<{ row: string }>("SELECT row FROM settings");
		return rows.map(({ row }) => ({ kind: "settings", row: InboxSettingsRow.parse(JSON.parse(row)) }));
	}

	async drafts(): Promise<DraftEntry[]> {
		const rows = await this.#db().execute<{ row: string; forgotten_at: number }>(
			"SELECT row, forgotten_at FROM drafts",
		);
		return rows.map(({ row, forgotten_at: forgottenAt }) => ({
			...{ kind: "draft", row: InboxDraftRow.parse(JSON.parse(row)), forgottenAt },
		}));
	}

	/** Facts of a room's messages above `settled`. */
	async facts(roomId: string, settled: number): Promise<SeqFact[]> {
		const rows = await this.#db().execute<{ seq: number; version: number; fact: string }>(
			"SELECT seq, version, fact FROM facts WHERE room_id = ? AND seq > ?",
			roomId,
			settled,
		);
		return rows.map(({ seq, version, fact }) => [seq, version, MessageFact.parse(fact)]);
	}
}

/** What its person alone changes, which few commits have. */
function ownBody(extras: readonly InboxExtra[]): object {
	const settings = extras.flatMap((extra) => (extra.kind === "settings" ? [JSON.stringify(extra.row)] : []));
	const drafts = extras.flatMap((extra) =>
		extra.kind === "draft" ? [[extra.row.id, JSON.stringify(extra.row), extra.forgottenAt]] : [],
	);
	return settings.length + drafts.length === 0 ? {} : { own: 1, settings, drafts };
}

export function positionOf({ row, floorSeq, noteVersion, joinedVersion, joinedAtSeq }: RoomEntry): RoomPosition {
	const { id: roomId, name, visibility, headSeq, readSeq, readEpoch, lastAt, level, mutedUntil, leftAt } = row;
	return {
		...{ roomId, noteVersion, name, visibility, isMember: leftAt === undefined },
		...{ headSeq, floorSeq, readSeq, readEpoch, joinedVersion, joinedAtSeq, lastAt },
		...(level === undefined ? {} : { level }),
		...(mutedUntil === undefined ? {} : { mutedUntil }),
	};
}
