import { createHash, randomBytes } from "node:crypto";
import { AgentName, knownAgent } from "@bullpen/domain/agent-name";
import { agentOffers } from "@bullpen/domain/agent-offer";
import type {
	CreateWorkspaceInput,
	DirectoryAgentRow,
	DirectoryFeedRow,
	DirectoryRoomRow,
	DirectoryView,
	DirectoryWorkspaceRow,
	NoteAgentsInput,
	PersonRow,
	RegisterPersonInput,
} from "@bullpen/domain/directory";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import { wishedPayer } from "@bullpen/domain/payer";
import { Problem } from "@bullpen/domain/problem";
import { cleanRoomName, nameKey } from "@bullpen/domain/room-name";
import { cleanName } from "@bullpen/domain/text";
import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import type { z } from "zod";
import { Audience } from "../audience.ts";
import { FeedTable } from "../feed-table.ts";
import { type Draft, FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import { Relay } from "../relay/relay.ts";
import { type DirectoryExtra, DirectoryStore, type RoomRecord, type WorkspaceRecord } from "./directory-store.ts";

type DirectoryDraft = Draft<DirectoryFeedRow, DirectoryExtra>;
interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
}

const HOUR_MS = 60 * 60_000;
const GENERAL = "general";

/**
 * Every room, workspace and person of this server, and the only maker of rooms, workspaces and inboxes. What it makes it
 * writes down first and initialises after; what a crash left half made is finished by the next who asks for it.
 */
export class Catalogue {
	readonly audience: Audience<"directory">;
	readonly relay: Relay<"directory">;
	readonly #limits: Limits;
	readonly #now: () => number;
	readonly #peers: Peers;
	readonly #store: DirectoryStore;
	readonly #writer: FeedWriter<DirectoryFeedRow, DirectoryExtra>;
	readonly #table = new FeedTable<DirectoryFeedRow>();
	readonly #records = new Map<string, DirectoryExtra>();
	readonly #making = new Map<string, Promise<void>>();
	#version = 0;

	constructor(frame: Frame<unknown>, { limits, now, peers }: Options) {
		this.#limits = limits;
		this.#now = now;
		this.#peers = peers;
		this.audience = new Audience(frame, { limits, now, onPresence: () => undefined });
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: () => undefined,
			arrived: (connection) => this.audience.arrived(connection),
			head: () => ({
				name: "directoryChanged",
				batch: { from: this.#version, to: this.#version, rows: [], floorSeq: 1 },
			}),
		});
		this.#store = new DirectoryStore(() => frame.db);
		this.#writer = new FeedWriter({
			store: this.#store,
			limits,
			publish: (batch, extras) => this.#publish(batch, extras),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
	}

	async wake(connections: readonly Connection[]): Promise<void> {
		this.#version = (await this.#writer.counters()).version;
		this.#table.apply((await this.#store.rows()).sort((one, other) => one.version - other.version));
		for (const record of await this.#store.records()) this.#records.set(recordKey(record), record);
		this.audience.restore(connections);
		await this.relay.restore(connections);
	}

	view(): DirectoryView {
		const { rows, version } = this.#table.snapshot(this.#version, this.#limits.snapshotBytesMax);
		return { rows, head: { seq: 0, version, epoch: this.#store.epoch } };
	}

	changes(since: ActionInput<"directory", "changesSince">): ActionOutput<"directory", "changesSince"> {
		const { changesPageDefault, changesPageMax, changesPageBytesMax } = this.#limits;
		const limit = Math.min(since.limit ?? changesPageDefault, changesPageMax);
		const head = { version: this.#version, epoch: this.#store.epoch };
		return this.#table.changes(since, head, { limit, bytesMax: changesPageBytesMax });
	}

	/** Makes `general` if it is not there. */
	async initialise(): Promise<void> {
		const { record } = await this.#claimRoom(GENERAL, "public", null);
		await this.#finishRoom(record);
	}

	/** @throws Problem `text_*` `name_taken` `rate_limited` `busy` */
	async openRoom(
		person: Person,
		input: { name: string; visibility?: "public" | "private" | undefined },
	): Promise<ActionOutput<"directory", "openRoom">> {
		const name = cleanRoomName(input.name, this.#limits);
		const { record, created } = await this.#claimRoom(name, input.visibility ?? "public", person.userId);
		await this.#finishRoom(record);
		if (!created && record.visibility === "private" && !(await this.#canEnter(record.roomId, person.userId))) {
			throw new Problem("name_taken", "A room that you are not in has this name: please pick another.");
		}
		return { roomId: record.roomId, name: record.name, created };
	}

	/** @throws Problem `text_*` `bad_input` `not_found` `nonce_reused` `rate_limited` `busy` */
	async createWorkspace(
		person: Person,
		input: z.output<typeof CreateWorkspaceInput>,
	): Promise<ActionOutput<"directory", "createWorkspace">> {
		const { visibility = "server", roomId } = input;
		const agent = knownAgent(input.agent ?? this.#defaultAgent());
		const name = cleanName(input.name ?? "Workspace", this.#limits.roomNameCharsMax);
		if ((visibility === "room") !== (roomId !== undefined)) {
			throw new Problem("bad_input", "A room goes with a workspace of a room, and only with that.", {
				field: "roomId",
			});
		}
		if (roomId !== undefined && !(await this.#canEnter(roomId, person.userId))) {
			throw new Problem("not_found", "There is no such room, or it is not open to you.");
		}
		const { payer = "server" } = input;
		const wish = { name, agent, visibility, payer, ...(roomId === undefined ? {} : { roomId }) };
		const record = await this.#claimWorkspace(person.userId, input.nonce ?? randomId(""), wish);
		await this.#finishWorkspace(record);
		return { workspaceId: record.workspaceId, name: record.name };
	}

	async noteAgents(agents: z.output<typeof NoteAgentsInput>["agents"]): Promise<void> {
		await this.#writer.write((draft) => {
			for (const agent of agents) {
				const { version: _, ...known } = this.#table.get("directoryAgent", agent.id) ?? { version: 0 };
				if (JSON.stringify(known) !== JSON.stringify(agent)) draft.put<DirectoryAgentRow>(agent);
			}
		});
	}

	/** The first that works with the server's keys. */
	#defaultAgent(): AgentName {
		const agents = AgentName.options.flatMap((id) => {
			const row = this.#table.get("directoryAgent", id);
			return row?.kind === "directoryAgent" ? [row] : [];
		});
		return agentOffers(agents, []).find(({ isDefault }) => isDefault)?.name ?? "demo";
	}

	/** @throws Problem `text_*` `busy` */
	async registerPerson({ userId, name, role }: z.output<typeof RegisterPersonInput>): Promise<void> {
		const shown = cleanName(name, this.#limits.personNameCharsMax);
		await this.#peers.create("userInbox", userId, "rooms").init();
		await this.#writer.write((draft) => {
			const known = draft.pending("person", userId) ?? this.#table.get("person", userId);
			if (known?.kind === "person" && known.name === shown && known.role === role) return;
			draft.put<PersonRow>({ kind: "person", id: userId, name: shown, role });
		});
	}

	#claimRoom(
		name: string,
		visibility: "public" | "private",
		createdBy: string | null,
	): Promise<{ record: RoomRecord; created: boolean }> {
		return this.#writer.write((draft) => {
			const key = `room ${nameKey(name)}`;
			const known = draft.noted(key) ?? this.#records.get(key);
			if (known?.kind === "room") return { record: known, created: false };
			const createdAt = this.#now();
			if (createdBy !== null) this.#refuseTooMany("room", createdBy, this.#limits.roomsOpenedPerHour);
			const roomId = createdBy === null ? GENERAL : randomId("r-");
			const record = {
				kind: "room" as const,
				nameKey: nameKey(name),
				roomId,
				name,
				visibility,
				createdBy,
				createdAt,
				isReady: false,
			};
			draft.note(key, record);
			return { record, created: true };
		});
	}

	#claimWorkspace(
		ownerId: string,
		nonce: string,
		wish: Pick<WorkspaceRecord, "name" | "agent" | "visibility" | "roomId" | "payer">,
	): Promise<WorkspaceRecord> {
		const workspaceId = workspaceIdOf(ownerId, nonce);
		return this.#writer.write((draft) => {
			const key = `workspace ${workspaceId}`;
			const known = draft.noted(key) ?? this.#records.get(key);
			if (known?.kind === "workspace") {
				const isSame = (["name", "agent", "visibility", "roomId", "payer"] as const).every(
					(field) => known[field] === wish[field],
				);
				if (!isSame) throw new Problem("nonce_reused", "This nonce was used for another workspace.", { workspaceId });
				return known;
			}
			this.#refuseTooMany("workspace", ownerId, this.#limits.workspacesCreatedPerHour);
			const record = {
				kind: "workspace" as const,
				...wish,
				workspaceId,
				ownerId,
				createdAt: this.#now(),
				isReady: false,
			};
			draft.note(key, record);
			return record;
		});
	}

	#finishRoom(record: RoomRecord): Promise<void> {
		const { roomId, name, visibility, createdBy, createdAt } = record;
		return this.#finish(record, async () => {
			const members = createdBy === null ? [] : [{ userId: createdBy, role: "owner" as const }];
			await this.#peers.create("chatRoom", roomId, "rooms").init({ name, visibility, createdBy, members });
			return (draft) => {
				if (visibility !== "public") return;
				draft.put<DirectoryRoomRow>({ kind: "directoryRoom", id: roomId, name, topic: "", createdAt });
			};
		});
	}

	#finishWorkspace(record: WorkspaceRecord): Promise<void> {
		const { workspaceId, name, agent, visibility, roomId, ownerId, createdAt } = record;
		const payer = wishedPayer(record.payer ?? "server", ownerId, createdAt);
		return this.#finish(record, async () => {
			const input = {
				...{ name, agent, ownerId, visibility },
				...(roomId === undefined ? {} : { roomId }),
				...(payer === undefined ? {} : { payer }),
			};
			await this.#peers.create("workspace", workspaceId, "workspaces").init(input);
			return (draft) => {
				if (visibility !== "server") return;
				draft.put<DirectoryWorkspaceRow>({
					kind: "directoryWorkspace",
					id: workspaceId,
					name,
					agent,
					ownerId,
					createdAt,
				});
			};
		});
	}

	/** Makes what a record promises, once however many ask for it at the same time, and lists it when it answers. */
	#finish(record: DirectoryExtra, make: () => Promise<(draft: DirectoryDraft) => void>): Promise<void> {
		const key = recordKey(record);
		if (this.#records.get(key)?.isReady) return Promise.resolve();
		const making =
			this.#making.get(key) ??
			make()
				.then((list) =>
					this.#writer.write((draft) => {
						draft.note(key, { ...record, isReady: true });
						list(draft);
					}),
				)
				.finally(() => this.#making.delete(key));
		this.#making.set(key, making);
		return making;
	}

	async #canEnter(roomId: string, userId: string): Promise<boolean> {
		const isKnown = [...this.#records.values()].some((record) => record.kind === "room" && record.roomId === roomId);
		return isKnown && (await this.#peers.get("chatRoom", roomId).canEnter({ userId })).canEnter;
	}

	#refuseTooMany(kind: DirectoryExtra["kind"], userId: string, perHour: number): void {
		const since = this.#now() - HOUR_MS;
		const made = [...this.#records.values()].filter((record) => {
			const maker = record.kind === "room" ? record.createdBy : record.ownerId;
			return record.kind === kind && maker === userId && record.createdAt > since;
		});
		if (made.length < perHour) return;
		const waitMs = Math.max(1, Math.min(...made.map(({ createdAt }) => createdAt)) - since);
		throw new Problem("rate_limited", `At most ${perHour} an hour.`, { waitMs, perHour });
	}

	#publish(batch: FeedBatch<DirectoryFeedRow>, extras: readonly DirectoryExtra[]): void {
		this.#version = batch.to;
		for (const record of extras) this.#records.set(recordKey(record), record);
		this.#table.apply(batch.rows);
		if (batch.rows.length > 0) this.audience.broadcast("directoryChanged", batch);
	}
}

const recordKey = (record: DirectoryExtra): string =>
	record.kind === "room" ? `room ${record.nameKey}` : `workspace ${record.workspaceId}`;
/** 120 random bits, in the pattern of ids. */
const randomId = (prefix: string): string => `${prefix}${randomBytes(15).toString("hex")}`;
/** The same person and nonce always mean the same workspace. */
const workspaceIdOf = (ownerId: string, nonce: string): string =>
	`w-${createHash("sha256")
		.update(JSON.stringify([ownerId, nonce]))
		.digest("hex")
		.slice(0, 30)}`;
