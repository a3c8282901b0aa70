import { randomUUID } from "node:crypto";
import { type ChoiceKind, refuseUnlessMayChoose } from "@bullpen/domain/agent-choices";
import { type AgentName, knownAgent } from "@bullpen/domain/agent-name";
import { authorise, notOpenToYou } from "@bullpen/domain/authorization";
import type { ChangesPage, FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import type { PermissionPolicy } from "@bullpen/domain/permission";
import type { Court } from "@bullpen/domain/permission-rules";
import { Problem } from "@bullpen/domain/problem";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { TranscriptHits } from "@bullpen/domain/transcript/search";
import type { ActionName } from "@bullpen/domain/wire";
import type {
	SessionInfo,
	SessionRow,
	Transcript as TranscriptPage,
	WorkspaceFeedRow,
	WorkspaceInitInput,
	WorkspaceMemberRow,
	WorkspaceRole,
} from "@bullpen/domain/workspace";
import { refuseArchived } from "@bullpen/domain/workspace-life-rules";
import type { z } from "zod";
import { Audience } from "../audience.ts";
import { FeedWriter } from "../feed-writer.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Peers } from "../peers.ts";
import { Reads, Turnstile } from "../reads.ts";
import { Relay } from "../relay/relay.ts";
import {
	AgentBroken,
	type AgentHost,
	type AgentHostOptions,
	type PermissionRequest,
	type Started,
	TurnFailed,
} from "./agent/agent-host.ts";
import { agentKind } from "./agent/agents.ts";
import { proxiedModels } from "./agent/proxied-models.ts";
import { Agent } from "./agent.ts";
import { Attachments } from "./attachments.ts";
import { Erasure } from "./erasure.ts";
import { FileFinder } from "./file-finder.ts";
import { FileTree } from "./file-tree.ts";
import { InboxFacts } from "./inbox-facts.ts";
import { InboxNotes } from "./inbox-notes.ts";
import { Life } from "./life.ts";
import { Listing } from "./listing.ts";
import { Members } from "./members.ts";
import { Origin, refuseWhileComing } from "./origin.ts";
import { type Keys, Payer } from "./payer.ts";
import { People } from "./people.ts";
import { Permissions } from "./permissions.ts";
import { Queue } from "./queue.ts";
import { Reach } from "./reach.ts";
import { RoomDoor } from "./room-door.ts";
import { Rules } from "./rules.ts";
import { putAct, report, type Scope, type WorkspaceDraft } from "./scope.ts";
import { Session } from "./session.ts";
import { SideChat } from "./side-chat.ts";
import { Spending } from "./spending.ts";
import { workspaceStore } from "./store/feed.ts";
import { Terminal } from "./terminal.ts";
import { Transcript } from "./transcript.ts";
import { Turns } from "./turns.ts";
import { TypingSigns } from "./typing-signs.ts";
import { WakeAlarm } from "./wake-alarm.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	readonly createHost: (options: AgentHostOptions) => AgentHost;
	readonly peers: Peers;
	/** Keys of model providers; without them nobody pays for anything. */
	readonly keys: Keys | undefined;
	/** Installs an agent ahead of its first prompt. */
	readonly prepare: (agent: AgentName) => Promise<void>;
}

/** One workspace while its actor is awake: what it knows, who is here, its one writer, its one agent. */
export class Workspace {
	readonly audience: Audience<"workspace">;
	readonly relay: Relay<"workspace">;
	readonly typing: TypingSigns;
	readonly scope: Scope;
	readonly members: Members;
	readonly people: People;
	readonly life: Life;
	readonly origin: Origin;
	readonly chat: SideChat;
	readonly payer: Payer;
	readonly queue: Queue;
	readonly tree: FileTree;
	readonly attachments: Attachments;
	readonly files: FileFinder;
	readonly permissions: Permissions;
	readonly rules: Rules;
	readonly reach: Reach;
	readonly turns: Turns;
	readonly terminal: Terminal;
	readonly notes: InboxNotes;
	readonly transcripts: Reads<TranscriptPage>;
	readonly changes: Reads<ChangesPage<WorkspaceFeedRow>>;
	readonly searches: Reads<TranscriptHits>;
	readonly #id: string;
	readonly #session: Session;
	readonly #transcript: Transcript;
	readonly #alarm: WakeAlarm;
	readonly #facts: InboxFacts;
	readonly #listing: Listing;
	readonly #agent: Agent;
	readonly #door: RoomDoor;
	readonly #prepare: Options["prepare"];

	constructor(frame: Frame<unknown>, options: Options) {
		const { limits, now } = options;
		this.#id = frame.key[0] ?? "";
		this.audience = new Audience(frame, {
			limits,
			now,
			onPresence: (userId, isOnline) => {
				if (!isOnline) this.typing.forget(userId);
				this.audience.broadcast("presence", { userId, isOnline });
			},
			mayHear: (person) => this.mayEnter(person),
		});
		this.relay = new Relay(frame, {
			limits,
			now,
			audience: this.audience,
			receive: (person) => this.receive(person),
			arrived: (connection) => this.arrived(connection),
			head: async () => {
				const { version, floorSeq } = await this.scope.writer.counters();
				return { name: "workspaceChanged", batch: { from: version, to: version, rows: [], floorSeq } };
			},
		});
		this.typing = new TypingSigns(this.audience, limits, now);
		const writer = new FeedWriter({
			store: workspaceStore(frame, limits, async (rows) => {
				if (this.#facts.areTouchedBy(rows)) await this.notes.promise();
			}),
			limits,
			publish: (batch) => this.#publish(batch),
			pace: () => this.audience.pace(),
			keepAwake: (work) => frame.keepAwake(work),
		});
		const newId = (prefix: string): string => `${prefix}-${randomUUID()}`;
		this.scope = { frame, audience: this.audience, writer, limits, now, newId };
		this.#session = new Session(this.scope);
		this.#transcript = new Transcript(this.scope, this.#session);
		this.#alarm = new WakeAlarm(this.scope, "wakeAlarm");
		this.members = new Members(this.scope);
		this.#door = new RoomDoor(this.scope, this.#session, this.members, options.peers);
		this.#facts = new InboxFacts(this.scope, this.#session, this.members);
		this.#listing = new Listing(this.scope, this.#session, options.peers);
		this.chat = new SideChat(this.scope);
		this.#prepare = options.prepare;
		this.payer = new Payer(this.scope, { session: this.#session, members: this.members, keys: options.keys });
		const spending = new Spending(this.scope, this.#session);
		this.reach = new Reach(this.scope, this.#session);
		this.#agent = new Agent(this.scope, this.#transcript, {
			workspaceId: this.#id,
			dataDir: options.dataDir,
			kind: () => this.session.agent,
			admit: () => refuseWhileComing(this.#session.row?.origin),
			mayStart: (what) => this.#refuseToStart(what),
			models: proxiedModels({
				workspaceId: this.#id,
				limits,
				resolve: (provider) => this.payer.keyOf(provider),
				onUsage: (usage) => spending.add(usage, this.turns.turnId),
				onProblem: ({ kind, provider, status, sentence }) =>
					frame.log.warn({ msg: "a request for a model failed", kind, provider, status, sentence }),
			}),
			egress: this.reach.options,
			createHost: options.createHost,
			onPermission: (request) => this.#onPermission(request),
			onHeard: (event) => this.tree.heard(event),
		});
		this.tree = new FileTree({
			scope: this.scope,
			agent: this.#agent,
			onDone: () => {
				if (!this.turns.isBusy) this.#agent.release();
			},
		});
		this.files = new FileFinder({
			scope: this.scope,
			agent: this.#agent,
			onDone: () => {
				if (!this.turns.isBusy) this.#agent.release();
			},
		});
		const erasure = new Erasure(this.scope, {
			session: this.#session,
			agent: this.#agent,
			workspaceId: this.#id,
			dataDir: options.dataDir,
		});
		this.notes = new InboxNotes(this.scope, this.#facts, options.peers, [this.#listing, erasure]);
		this.people = new People(this.scope, {
			session: this.#session,
			members: this.members,
			payer: this.payer,
			door: this.#door,
			peers: options.peers,
		});
		const turnstile = new Turnstile(limits);
		this.transcripts = new Reads(turnstile);
		this.changes = new Reads(turnstile);
		this.searches = new Reads(turnstile);
		this.attachments = new Attachments(this.scope);
		this.queue = new Queue(this.scope, this.#session, this.attachments);
		this.rules = new Rules(this.scope);
		this.permissions = new Permissions({
			scope: this.scope,
			transcript: this.#transcript,
			agent: this.#agent,
			rules: this.rules,
			court: (draft) => this.#court(draft),
		});
		this.turns = new Turns({
			scope: this.scope,
			queue: this.queue,
			attachments: this.attachments,
			transcript: this.#transcript,
			permissions: this.permissions,
			agent: this.#agent,
			onBusy: () => this.#stayReady(),
			onIdle: () => this.#rest(),
		});
		this.origin = new Origin(this.scope, {
			session: this.#session,
			agent: this.#agent,
			workspaceId: this.#id,
			dataDir: options.dataDir,
			work: () => {
				this.tree.changed();
				this.work();
			},
		});
		this.life = new Life(this.scope, {
			session: this.#session,
			origin: this.origin,
			turns: this.turns,
			agent: this.#agent,
			work: () => this.work(),
		});
		this.terminal = new Terminal(this.scope, {
			start: async (wish) => (await this.#agent.ready()).terminal(wish),
			onUse: (isUsed) => this.#useTerminal(isUsed),
		});
	}

	#useTerminal(isUsed: boolean): void {
		this.#agent.keep(isUsed);
		if (!isUsed && !this.turns.isBusy) this.#agent.release();
	}

	/** Call from `onWake`, before anything is answered. Never waits for a sandbox. */
	async wake(connections: readonly Connection[]): Promise<void> {
		await this.#session.load();
		await this.members.load();
		await this.#facts.load();
		await this.#listing.load();
		await this.#return(connections);
		await this.relay.restore(connections);
		if (this.#session.row === undefined) return;
		if (this.#session.row.deleted !== undefined) return this.notes.wake();
		await this.origin.wake();
		await this.permissions.wake();
		await this.turns.recover();
		await this.notes.wake();
		this.#agent.noteOff();
		this.work();
	}

	/** Call from `onSleep`: afterwards nothing of this workspace runs or waits anywhere. */
	async sleep(): Promise<void> {
		this.#alarm.pause();
		await this.origin.close();
		this.tree.close();
		this.reach.close();
		await this.turns.close();
		this.permissions.stop();
		this.#agent.noteOff();
		await this.#transcript.close();
		this.notes.close();
		this.audience.dispose();
	}

	/** @throws Problem `not_found` before the workspace was initialised, and once it was deleted */
	get session(): SessionRow {
		const { row } = this.#session;
		if (row === undefined || row.deleted !== undefined) throw notOpenToYou();
		return row;
	}

	/** Makes the workspace answer. Doing it again changes nothing: the directory repeats it when it is not sure. */
	async initialise(input: z.infer<typeof WorkspaceInitInput>): Promise<void> {
		if (input.visibility === "room" && input.roomId === undefined) {
			throw new Problem("bad_input", "A workspace of a room needs that room's id.", { field: "roomId" });
		}
		knownAgent(input.agent);
		await this.scope.writer.write((draft) => {
			if (this.#session.row !== undefined || draft.pending("session", "default") !== undefined) return;
			const createdAt = this.scope.now();
			const row = draft.put<SessionRow>({
				kind: "session",
				id: "default",
				workspaceId: this.#id,
				sandboxId: null,
				sandboxKind: "confined", // until its first start says what this machine can do
				name: input.name,
				agent: input.agent,
				state: "off",
				visibility: input.visibility,
				...(input.roomId === undefined ? {} : { roomId: input.roomId }),
				ownerId: input.ownerId,
				...(input.payer === undefined ? {} : { payer: input.payer }),
				createdAt,
			});
			this.#listing.putMade(draft, row);
			const owner = { id: input.ownerId, role: "owner", status: "joined", changedAt: createdAt } as const;
			draft.put<WorkspaceMemberRow>({ kind: "member", ...owner });
		});
		this.#prepareAgent();
	}

	/**
	 * Another agent from the next prompt on; it is told the conversation.
	 * @throws Problem `bad_input` `busy` while a turn runs
	 */
	async setAgent(name: string, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		const to = knownAgent(name);
		await this.scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const { agent: from } = this.#session.seen(draft) ?? this.session;
			if (from === to) return;
			if (this.turns.turnId !== undefined) {
				throw new Problem("busy", "The agent is working: stop it first, or wait.", { state: "running" });
			}
			this.#session.put(draft, { agent: to, mode: undefined, choices: undefined, commands: undefined });
			putAct(this.scope, draft, { type: "agent-changed", by, from, to });
		});
		this.#agent.changed();
		this.#prepareAgent();
	}

	/**
	 * Takes a value that the agent offers; it is started for it.
	 * @throws Problem `bad_input` `forbidden` `sandbox_unavailable`
	 */
	async choose(kind: ChoiceKind, id: string, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		const { userId: by } = await this.scope.writer.write((draft) => {
			const actor = acting(draft);
			refuseUnlessMayChoose(kind, actor.role, this.#session.seen(draft)?.policy);
			return actor;
		});
		try {
			await this.scope.frame.keepAwake(this.#agent.choose(kind, id));
		} catch (error) {
			if (!(error instanceof AgentBroken || error instanceof TurnFailed)) throw error;
			throw new Problem("sandbox_unavailable", error.message);
		} finally {
			if (!this.turns.isBusy) this.#agent.release();
		}
		await this.scope.writer.write((draft) =>
			putAct(this.scope, draft, { type: "choice-changed", by, what: kind, to: id }),
		);
	}

	/** Installs ahead what somebody pays for; how far it is, the directory tells. */
	#prepareAgent(): void {
		const { agent } = this.session;
		const needed = agentKind(agent)?.providers ?? [];
		if (!needed.some((provider) => this.payer.keyOf(provider) !== undefined)) return;
		this.#prepare(knownAgent(agent)).catch(report(this.scope, "an agent was not installed ahead"));
	}

	/** The door every action goes through. @throws Problem, also `busy` when a room cannot be asked that has to be */
	async enter(person: Person, action: ActionName<"workspace">): Promise<WorkspaceRole> {
		await this.#door.askAgain(person.userId);
		return this.admit(person, action);
	}

	/** The door as far as everything is known: a mutation goes through it again with its draft. @throws Problem */
	admit(person: Person, action: ActionName<"workspace">, draft?: WorkspaceDraft): WorkspaceRole {
		const session = (draft && this.#session.seen(draft)) ?? this.session;
		if (session.deleted !== undefined) throw notOpenToYou();
		const standing = this.members.standing(session, this.#visitor(person), draft);
		authorise("workspace", action, standing);
		if (standing === "outsider") throw notOpenToYou();
		refuseArchived(session, action);
		return standing;
	}

	/** The same for what makes nobody a member. @throws Problem */
	admitted(person: Person, action: ActionName<"workspace">, draft: WorkspaceDraft): { by: Actor; session: SessionRow } {
		const by = { userId: person.userId, role: this.admit(person, action, draft) };
		return { by, session: this.#session.seen(draft) ?? this.session };
	}

	/** Whose answers count from now on; questions that wait are included. */
	async setPolicy(policy: PermissionPolicy, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		await this.scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const { policy: from } = this.#court(draft);
			if (from === policy) return;
			this.#session.put(draft, { policy });
			putAct(this.scope, draft, { type: "policy-changed", by, from, to: policy });
		});
	}

	#court(draft: WorkspaceDraft): Court {
		const { policy = "prompters", ownerId } = this.#session.seen(draft) ?? this.session;
		return { policy, ownerId, isOut: (userId) => this.members.isRemoved(userId, draft) };
	}

	mayEnter(person: Person): boolean {
		const { row } = this.#session;
		if (row === undefined || row.deleted !== undefined) return false;
		return this.members.standing(row, this.#visitor(person)) !== "outsider";
	}

	/** Whether this person may hold a connection at all. @throws Problem `not_found` `busy` */
	async receive(person: Person): Promise<void> {
		this.audience.refuseBarred(person);
		await this.#door.ask(person.userId);
		if (!this.mayEnter(person)) throw notOpenToYou();
	}

	/** Call from `onConnect`. Somebody may have been removed between the check of their ticket and now. */
	arrived(connection: Connection): void {
		const { state } = connection;
		if (state.kind !== "person") return;
		if (this.mayEnter(state)) this.audience.arrived(connection);
		else this.audience.disconnect(connection, "removed");
	}

	/** Connections that outlived the process which served them. */
	async #return(connections: readonly Connection[]): Promise<void> {
		const people = connections.flatMap(({ state }) => (state.kind === "person" ? [state.userId] : []));
		await this.#door.askForAll(new Set(people));
		for (const connection of connections) {
			const { state } = connection;
			if (state.kind === "person" && !this.mayEnter(state)) this.audience.disconnect(connection, "removed");
			else this.audience.restore([connection]);
		}
	}

	/** Asked once more where something begins: what let it in may have ended since. @throws Problem */
	#refuseToStart(what: Started): void {
		const { session } = this;
		if (what === "agent") refuseArchived(session, "prompt");
	}

	#visitor({ userId, role }: Person): { userId: string; role: Person["role"]; isInRoom: boolean } {
		return { userId, role, isInRoom: this.#door.isIn(userId) };
	}

	info(role: WorkspaceRole): SessionInfo {
		const { session } = this;
		const { workspaceId, sandboxId, agent, state } = session;
		return { workspaceId, sandboxId, agent, state, role, session, onlineUserIds: this.audience.onlineUserIds };
	}

	/** Works on the queue, also after a crash. Resolves when the work survives the next one. */
	async promised(): Promise<void> {
		this.turns.kick();
		await this.#alarm.hold();
	}

	/** Stores something to be worked on, and works on it. The alarm is set meanwhile, and stands when this resolves. */
	async promising<Result>(store: () => Promise<Result>): Promise<Result> {
		const armed = this.#alarm.hold();
		armed.catch(() => undefined); // awaited below, unless nothing was stored
		try {
			const result = await store();
			this.turns.kick();
			await armed;
			// The turn before may have ended meanwhile, and have taken the alarm along.
			await this.#alarm.hold();
			return result;
		} finally {
			if (!this.turns.isBusy) this.#alarm.release().catch(report(this.scope, "an alarm stands without need"));
		}
	}

	work(): void {
		this.turns.kick();
	}

	async #stayReady(): Promise<void> {
		this.#agent.hold();
		await this.#alarm.hold();
	}

	#rest(): void {
		this.tree.changed();
		this.#agent.release();
		this.#alarm.release().catch(report(this.scope, "an alarm stands without need"));
	}

	#onPermission(request: PermissionRequest): void {
		const { turnId } = this.turns;
		if (turnId === undefined) return; // its prompt has settled: the question is void
		this.permissions.ask(turnId, request).catch((error: unknown) => {
			report(this.scope, "a question was not stored")(error);
			return this.#agent.host.cancel();
		});
	}

	/** After the commit, before anybody is answered: what is known, then what is told. */
	#publish(batch: FeedBatch<WorkspaceFeedRow>): void {
		const isEnd = batch.rows.some((row) => row.kind === "session" && row.deleted !== undefined);
		// The last thing that its people hear: afterwards they are nobody here.
		if (isEnd) this.audience.broadcast("workspaceChanged", batch);
		for (const row of batch.rows) {
			if (row.kind === "session") this.#session.committed(row);
			if (row.kind === "member") this.members.committed(row);
			this.#facts.committed(row);
		}
		if (isEnd) this.audience.closeDeafSoon("deleted");
		else this.audience.broadcast("workspaceChanged", batch);
		this.notes.changed();
	}
}
