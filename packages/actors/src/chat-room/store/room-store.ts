import { MemberRow, type RoomFeedRow, RoomRow } from "@bullpen/domain/room";
import type { RawAccess } from "rivetkit/db";
import type { FeedStore, StoredCounters } from "../../feed-writer.ts";
import { MEMBER_JSON, memberValues, messageValues, ROOM_JSON, readFeedRow, roomValues } from "./feed-rows.ts";
import { filesBody, type GoneFiles, type NewFile } from "./files.ts";
import { type Follow, followBody } from "./followers.ts";
import { type Governance, governanceBody } from "./governance.ts";
import { type HookExtra, hookBody } from "./hooks.ts";
import { findSends, type Send } from "./nonces.ts";

/** What the writer keeps beside the counters: the rolling hash, the newest timestamp, the last version inboxes care about. */
export interface Ledger {
	readonly kind: "ledger";
	readonly hash: string;
	readonly lastAt: number;
	readonly noteVersion: number;
}
/** What a member's feed row does not show. */
export interface Place {
	readonly kind: "place";
	readonly userId: string;
	/** Head when they last came in (reading starts there), -1 for somebody who never did. */
	readonly joinedAtSeq: number;
	/** Version just before they last came in: nothing up to it is for their inbox to know. */
	readonly joinedAtVersion: number;
	/** When they were last shown out, unix ms, or 0. */
	readonly removedAt: number;
}
/** What is pinned after the changes of this batch; the tables have it with the messages. */
export interface Pins {
	readonly kind: "pins";
	readonly ids: ReadonlySet<number>;
}
export type RoomExtra = Send | Ledger | Place | Pins | Follow | Governance | NewFile | GoneFiles | HookExtra;

export interface Member {
	readonly row: MemberRow;
	readonly place: Place;
	readonly notifiedVersion: number;
}

export const placeKey = (userId: string): string => `place ${userId}`;
export const LEDGER_KEY = "ledger";

export type RoomChange = Parameters<FeedStore<RoomFeedRow, RoomExtra>["commit"]>[0];

/** The room's tables, as its one writer sees them. */
export class RoomStore implements FeedStore<RoomFeedRow, RoomExtra> {
	/** As committed; read together with the counters. */
	ledger: Ledger = { kind: "ledger", hash: "", lastAt: 0, noteVersion: 0 };
	epoch = "";
	#floorSeq = 1;
	readonly #db: () => RawAccess;
	readonly #auditKept: number;
	readonly #beforeCommit: (change: RoomChange) => Promise<void>;

	/** `beforeCommit` runs beside the transaction; both must succeed before anybody is told. */
	constructor(db: () => RawAccess, auditKept: number, beforeCommit: (change: RoomChange) => Promise<void>) {
		this.#db = db;
		this.#auditKept = auditKept;
		this.#beforeCommit = beforeCommit;
	}

	async counters(): Promise<StoredCounters> {
		const [row] = await this.#db().execute<Record<string, unknown>>("SELECT * FROM counters");
		if (row === undefined) throw new Error("the counters row is missing");
		this.ledger = {
			kind: "ledger",
			hash: String(row.hash),
			lastAt: Number(row.last_at),
			noteVersion: Number(row.note_version),
		};
		this.epoch = String(row.epoch);
		this.#floorSeq = Number(row.floor_seq);
		return {
			seq: Number(row.seq),
			version: Number(row.version),
			floorSeq: Number(row.floor_seq),
			commitId: row.commit_id === null ? null : String(row.commit_id),
		};
	}

	find(keys: readonly string[]): Promise<ReadonlyMap<string, RoomExtra>> {
		return findSends(this.#db(), keys);
	}

	async commit(change: RoomChange): Promise<void> {
		const { extras, counters } = change;
		const body = JSON.stringify({
			...commitBody(change, this.ledger, this.#auditKept),
			...followBody(extras, counters.floorSeq > this.#floorSeq),
		});
		const written = this.#db().execute("INSERT INTO commits (body) VALUES (?)", body);
		const [, prepared] = await Promise.allSettled([written, this.#beforeCommit(change)]);
		await written;
		if (prepared.status === "rejected") throw prepared.reason;
		this.ledger = ledgerIn(extras) ?? this.ledger;
		this.#floorSeq = counters.floorSeq;
	}

	async members(): Promise<Member[]> {
		const rows = await this.#db().execute<Record<string, unknown>>(
			`SELECT ${MEMBER_JSON} AS body, joined_at_seq, joined_at_version, removed_at, notified_version FROM members`,
		);
		return rows.map((row) => {
			const member = MemberRow.parse(readFeedRow("member", String(row.body)));
			return {
				row: member,
				place: {
					kind: "place",
					userId: member.id,
					joinedAtSeq: Number(row.joined_at_seq),
					joinedAtVersion: Number(row.joined_at_version),
					removedAt: Number(row.removed_at),
				},
				notifiedVersion: Number(row.notified_version),
			};
		});
	}

	async room(): Promise<RoomRow | undefined> {
		const [row] = await this.#db().execute<{ body: string }>(`SELECT ${ROOM_JSON} AS body FROM room`);
		return row && RoomRow.parse(readFeedRow("room", row.body));
	}

	/** Inboxes have acknowledged everything up to these versions. */
	async setNotified(versions: ReadonlyMap<string, number>): Promise<void> {
		await this.#db().execute(
			`UPDATE members SET notified_version = max(notified_version, noted.value->>1)
			FROM json_each(?) AS noted WHERE members.user_id = noted.value->>0`,
			JSON.stringify([...versions]),
		);
	}
}

/** A commit as the trigger of `commits` reads it. */
function commitBody({ id, from, rows, extras, counters }: RoomChange, kept: Ledger, auditKept: number): object {
	const places = new Map(extras.flatMap((extra) => (extra.kind === "place" ? [[extra.userId, extra]] : [])));
	const { hash, lastAt, noteVersion } = ledgerIn(extras) ?? kept;
	return {
		commitId: id,
		from,
		...counters,
		hash,
		lastAt,
		noteVersion,
		messages: rows.flatMap((row) => (row.kind === "message" ? [messageValues(row)] : [])),
		sends: extras.flatMap((extra) =>
			extra.kind === "send" ? [[extra.author, extra.nonce, extra.seq, extra.textHash, extra.timestamp]] : [],
		),
		members: rows.flatMap((row) => {
			const place = row.kind === "member" ? places.get(row.id) : undefined;
			if (row.kind !== "member" || place === undefined) return [];
			return [[...memberValues(row), place.joinedAtSeq, place.joinedAtVersion, place.removedAt]];
		}),
		rooms: rows.flatMap((row) => (row.kind === "room" ? [roomValues(row)] : [])),
		...governanceBody(extras, auditKept),
		...hookBody(extras),
		...filesBody(extras),
	};
}

const ledgerIn = (extras: readonly RoomExtra[]): Ledger | undefined =>
	extras.find((extra): extra is Ledger => extra.kind === "ledger");
