import type { DirectoryFeedRow, DirectoryView } from "@bullpen/domain/directory";
import { mayHearOf } from "@bullpen/domain/directory-view";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { type Bucket, fullBucket, takeToken } from "@bullpen/domain/rate-limit";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import { Audience } from "../audience.ts";
import type { Draft } from "../feed-draft.ts";
import { FeedTable } from "../feed-table.ts";
import { FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import { Relay } from "../relay/relay.ts";
import { Bars } from "./bars.ts";
import { Bots } from "./bots.ts";
import { type DirectoryExtra, DirectoryStore, type RoomRecord, type WorkspaceRecord } from "./directory-store.ts";
import { recordKey, roomKey, workspaceKey } from "./names.ts";

export type DirectoryDraft = Draft<DirectoryFeedRow, DirectoryExtra>;
interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
}

const HOUR_MS = 60 * 60_000;
const LINK_TRIES_KEPT = 10_000;

/**
 * Every room, workspace and person of this server, and the only maker of rooms, workspaces and inboxes. What it makes it
 * writes down first and initialises after; what a crash left half made is finished by the next who asks for it.
 */
export class Catalogue {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	readonly audience: Audience<"directory">;
	readonly relay: Relay<"directory">;
	readonly store: DirectoryStore;
	readonly writer: FeedWriter<DirectoryFeedRow, DirectoryExtra>;
	readonly table = new FeedTable<DirectoryFeedRow>();
	readonly bars: Bars;
	readonly bots = new Bots();
	/** By the key of its name or id. */
	readonly #records = new Map<string, RoomRecord | WorkspaceRecord>();
	readonly #rooms = new Map<string, RoomRecord>();
	readonly #making = new Map<string, Promise<void>>();
	readonly #linkTries = new Map<string, Bucket>();
	#version = 0;

	constructor(frame: Frame<unknown>, { limits, now, peers }: Options) {
		this.limits = limits;
		this.now = now;
		this.peers = peers;
		this.audience = new Audience(frame, { limits, now, onPresence: () => undefined });
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.receive(person),
			arrived: (connection) => this.audience.arrived(connection),
			head: () => ({
				name: "directoryChanged",
				batch: { from: this.#version, to: this.#version, rows: [], floorSeq: 1 },
			}),
		});
		this.bars = new Bars(frame, this);
		this.store = new DirectoryStore(
			() => frame.db,
			limits.auditKept,
			({ extras }) => this.bars.expect(extras),
		);
		this.writer = new FeedWriter({
			store: this.store,
			limits,
			publish: (batch, extras) => this.#publish(batch, extras),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
	}

	async wake(connections: readonly Connection[]): Promise<void> {
		this.#version = (await this.writer.counters()).version;
		this.table.apply((await this.store.rows()).sort((one, other) => one.version - other.version));
		for (const record of await this.store.records()) this.#keep(record);
		for (const bot of await this.store.bots()) this.bots.keep(bot);
		await this.bars.wake(await this.store.bars());
		this.audience.restore(connections);
		await this.relay.restore(connections);
	}

	/** @throws Problem `unauthenticated` for a ticket from before its account was closed */
	receive(person: Person): void {
		this.audience.refuseBarred(person);
	}

	view(person: Person): DirectoryView {
		const isTheirs = (row: DirectoryFeedRow): boolean => mayHearOf(row, person);
		const { rows, version } = this.table.snapshot(this.#version, this.limits.snapshotBytesMax, isTheirs);
		return { rows, head: { seq: 0, version, epoch: this.store.epoch } };
	}

	changes(person: Person, since: ActionInput<"directory", "changesSince">): ActionOutput<"directory", "changesSince"> {
		const { changesPageDefault, changesPageMax, changesPageBytesMax } = this.limits;
		const limit = Math.min(since.limit ?? changesPageDefault, changesPageMax);
		const head = { version: this.#version, epoch: this.store.epoch };
		const page = { limit, bytesMax: changesPageBytesMax };
		return this.table.changes(since, head, page, (row) => mayHearOf(row, person));
	}

	/** The room of this name, as it will stand after this draft. */
	roomNamed(nameKey: string, draft: DirectoryDraft): RoomRecord | undefined {
		const record = draft.noted(roomKey(nameKey)) ?? this.#records.get(roomKey(nameKey));
		return record?.kind === "room" ? record : undefined;
	}

	workspace(workspaceId: string, draft: DirectoryDraft): WorkspaceRecord | undefined {
		const record = draft.noted(workspaceKey(workspaceId)) ?? this.#records.get(workspaceKey(workspaceId));
		return record?.kind === "workspace" ? record : undefined;
	}

	/** Ids of the rooms there are, after one, in the order of ids. */
	roomIdsAfter(after: string, limit: number): { roomIds: string[]; hasMore: boolean } {
		const left = [...this.#rooms.keys()].filter((roomId) => roomId > after).sort();
		return { roomIds: left.slice(0, limit), hasMore: left.length > limit };
	}

	/** A room that is there, as it stands now. */
	room(roomId: string): RoomRecord | undefined {
		return this.#rooms.get(roomId);
	}

	/** Workspaces that are open to the people of these rooms. */
	workspaceIdsOf(roomIds: ReadonlySet<string>): string[] {
		return [...this.#records.values()].flatMap((record) => {
			if (record.kind !== "workspace" || record.isDeleted) return [];
			const roomId = record.nowRoomId === undefined ? record.roomId : record.nowRoomId;
			return roomId != null && roomIds.has(roomId) ? [record.workspaceId] : [];
		});
	}

	/** Trying links has its own pace: a secret is not for guessing. @throws Problem `rate_limited` */
	spendOnLink({ userId }: Person): void {
		const rate = { burst: this.limits.linkBurstPerPerson, perSecond: this.limits.linksPerSecondPerPerson };
		const known = this.#linkTries.get(userId) ?? fullBucket(rate.burst, this.now());
		const { bucket, waitMs } = takeToken(known, rate, this.now());
		this.#linkTries.delete(userId);
		this.#linkTries.set(userId, bucket);
		const [oldest] = this.#linkTries.keys();
		if (this.#linkTries.size > LINK_TRIES_KEPT && oldest !== undefined) this.#linkTries.delete(oldest);
		if (waitMs > 0) throw new Problem("rate_limited", `Try again in ${waitMs} ms.`, { waitMs });
	}

	/** Whether somebody may come near a room; one that is not there is open to nobody. */
	async canEnter(roomId: string, userId: string): Promise<boolean> {
		return this.#rooms.has(roomId) && (await this.peers.get("chatRoom", roomId).canEnter({ userId })).canEnter;
	}

	/** Makes what a record promises, once however many ask for it at the same time, and lists it when it answers. */
	finish(record: RoomRecord | WorkspaceRecord, make: () => Promise<(draft: DirectoryDraft) => void>): Promise<void> {
		const key = recordKey(record);
		if (this.#records.get(key)?.isReady) return Promise.resolve();
		const making =
			this.#making.get(key) ??
			make()
				.then((list) =>
					this.writer.write((draft) => {
						draft.note(key, { ...record, isReady: true });
						list(draft);
					}),
				)
				.finally(() => this.#making.delete(key));
		this.#making.set(key, making);
		return making;
	}

	/** @throws Problem `rate_limited` */
	refuseTooMany(userId: string, perHour: number, isCounted: (record: RoomRecord | WorkspaceRecord) => boolean): void {
		const since = this.now() - HOUR_MS;
		const made = [...this.#records.values()].filter((record) => {
			const maker = record.kind === "room" ? record.createdBy : record.ownerId;
			return maker === userId && record.createdAt > since && isCounted(record);
		});
		if (made.length < perHour) return;
		const waitMs = Math.max(1, Math.min(...made.map(({ createdAt }) => createdAt)) - since);
		throw new Problem("rate_limited", `At most ${perHour} an hour.`, { waitMs, perHour });
	}

	#publish(batch: FeedBatch<DirectoryFeedRow>, extras: readonly DirectoryExtra[]): void {
		this.#version = batch.to;
		for (const extra of extras) if (extra.kind === "freed") this.#records.delete(roomKey(extra.nameKey));
		for (const extra of extras) {
			if (extra.kind === "room" || extra.kind === "workspace") this.#keep(extra);
			else if (extra.kind === "bar") this.bars.keep(extra);
			else if (extra.kind === "bot") this.bots.keep(extra);
		}
		this.table.apply(batch.rows);
		if (batch.rows.length === 0) return;
		this.audience.broadcastApart("directoryChanged", batch, (person) => {
			const rows = batch.rows.filter((row) => mayHearOf(row, person));
			return rows.length === batch.rows.length ? undefined : { ...batch, rows };
		});
	}

	#keep(record: RoomRecord | WorkspaceRecord): void {
		this.#records.set(recordKey(record), record);
		if (record.kind === "room") this.#rooms.set(record.roomId, record);
	}
}
