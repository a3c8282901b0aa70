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
import { COUNTERS } from "./schema.ts";
import { type ThreadsEntry, threadsBody } from "./thread-store.ts";

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
		const [row] = await this.#db().execute<Record<string, unknown>>(COUNTERS);
		if (row === undefined) throw new Error("the counters row is missing");
		this.#onReread();
		this.epoch = String(row.epoch);
		this.isInitialised = row.is_initialised === 1;
		return { seq: 0, version: Number(row.version), floorSeq: 1 };
	}

	async commit({ extras }: Change): Promise<void> {
		const rooms = extras.filter((extra) => extra.kind === "room");
		const body = {
			rooms: rooms.map(({ row, floorSeq, noteVersion, joinedVersion, joinedAtSeq }) => [
				...[row.id, JSON.stringify(row), floorSeq, noteVersion, joinedVersion, joinedAtSeq],
			]),
			facts: rooms.flatMap(({ row, facts }) => facts.map((fact) => [row.id, ...fact])),
			settled: rooms.map(({ row, floorSeq }) => [row.id, settledSeq({ readSeq: row.readSeq, floorSeq })]),
			...seldomBody(extras),
			...threadsBody(extras),
		};
		await this.#db().execute("INSERT INTO commits (body) VALUES (?)", JSON.stringify(body));
		this.isInitialised ||= extras.some(({ kind }) => kind === "initialised");
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

/** What few commits have. */
function seldomBody(extras: readonly InboxExtra[]): object {
	const workspaces = extras.flatMap((extra) =>
		extra.kind === "workspace" ? [[extra.row.id, JSON.stringify(extra.row), extra.noteVersion]] : [],
	);
	const settings = extras.flatMap((extra) => (extra.kind === "settings" ? [JSON.stringify(extra.row)] : []));
	const drafts = extras.flatMap((extra) =>
		extra.kind === "draft" ? [[extra.row.id, JSON.stringify(extra.row), extra.forgottenAt]] : [],
	);
	const initialises = extras.some(({ kind }) => kind === "initialised");
	const isSeldom = initialises || workspaces.length + settings.length + drafts.length > 0;
	return isSeldom ? { seldom: 1, initialises: initialises ? 1 : 0, workspaces, settings, drafts } : {};
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
