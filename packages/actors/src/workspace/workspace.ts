import type { AgentName } from "@bullpen/domain/agent-name";
import type { ChangesPage, FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import type { TranscriptHits } from "@bullpen/domain/transcript/search";
import type { Transcript as TranscriptPage, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { Audience } from "../audience.ts";
import type { Connection, Frame } from "../frame.ts";
import type { Peers } from "../peers.ts";
import { Reads, Turnstile } from "../reads.ts";
import type { Relay } from "../relay/relay.ts";
import type { AgentHost, AgentHostOptions, PermissionRequest } from "./agent/agent-host.ts";
import { proxiedModels } from "./agent/proxied-models.ts";
import { Agent } from "./agent.ts";
import { Attachments } from "./attachments.ts";
import { Entrance } from "./entrance.ts";
import { Erasure } from "./erasure.ts";
import { FileFinder } from "./file-finder.ts";
import { FileTree } from "./file-tree.ts";
import { layGround } from "./ground.ts";
import { InboxFacts } from "./inbox-facts.ts";
import { InboxNotes } from "./inbox-notes.ts";
import { Life } from "./life.ts";
import { Listing } from "./listing.ts";
import { Members } from "./members.ts";
import { Origin, refuseWhileComing } from "./origin.ts";
import { type Keys, Payer } from "./payer.ts";
import { People } from "./people.ts";
import { Permissions } from "./permissions.ts";
import { Pulse } from "./pulse.ts";
import { Queue } from "./queue.ts";
import { Reach } from "./reach.ts";
import { RoomDoor } from "./room-door.ts";
import { Rules } from "./rules.ts";
import { report, type Scope } from "./scope.ts";
import { Session } from "./session.ts";
import { Settings } from "./settings.ts";
import { SideChat } from "./side-chat.ts";
import { Spending } from "./spending.ts";
import { Terminal } from "./terminal.ts";
import { Transcript } from "./transcript.ts";
import { Turns } from "./turns.ts";
import type { TypingSigns } from "./typing-signs.ts";

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

/** One workspace while its actor is awake: what it is made of, and what holds that together. */
export class Workspace {
	readonly audience: Audience<"workspace">;
	readonly relay: Relay<"workspace">;
	readonly typing: TypingSigns;
	readonly scope: Scope;
	readonly entrance: Entrance;
	readonly door: RoomDoor;
	readonly settings: Settings;
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
	readonly pulse: Pulse;
	readonly notes: InboxNotes;
	readonly transcripts: Reads<TranscriptPage>;
	readonly changes: Reads<ChangesPage<WorkspaceFeedRow>>;
	readonly searches: Reads<TranscriptHits>;
	readonly #session: Session;
	readonly #members: Members;
	readonly #transcript: Transcript;
	readonly #facts: InboxFacts;
	readonly #listing: Listing;
	readonly #agent: Agent;

	constructor(frame: Frame<unknown>, options: Options) {
		const { limits, now, dataDir, peers } = options;
		const workspaceId = frame.key[0] ?? "";
		const { audience, relay, typing, scope } = layGround(frame, {
			...{ limits, now },
			entrance: () => this.entrance,
			expect: async (rows) => {
				if (this.#facts.areTouchedBy(rows)) await this.notes.promise();
			},
			publish: (batch) => this.#publish(batch),
		});
		[this.audience, this.relay, this.typing, this.scope] = [audience, relay, typing, scope];
		const turnstile = new Turnstile(limits);
		this.transcripts = new Reads(turnstile);
		this.changes = new Reads(turnstile);
		this.searches = new Reads(turnstile);

		const session = new Session(scope);
		const members = new Members(scope);
		const door = new RoomDoor(scope, session, members, peers);
		[this.#session, this.#members, this.door] = [session, members, door];
		this.entrance = new Entrance(audience, { session, members, door });
		this.#facts = new InboxFacts(scope, session, members);
		this.#listing = new Listing(scope, session, peers);
		this.chat = new SideChat(scope);
		this.payer = new Payer(scope, { session, members, keys: options.keys });
		this.people = new People(scope, { session, members, payer: this.payer, door, peers });
		this.reach = new Reach(scope, session);
		this.rules = new Rules(scope);
		this.attachments = new Attachments(scope);
		this.queue = new Queue(scope, session, this.attachments);

		const transcript = new Transcript(scope, session);
		this.#transcript = transcript;
		const spending = new Spending(scope, session);
		const agent = new Agent(scope, transcript, {
			workspaceId,
			dataDir,
			kind: () => this.entrance.session.agent,
			admit: () => refuseWhileComing(session.row?.origin),
			mayStart: (what) => this.entrance.refuseToStart(what),
			models: proxiedModels({
				workspaceId,
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
		this.#agent = agent;
		this.pulse = new Pulse(scope, { agent, turns: () => this.turns, tree: () => this.tree });
		const onDone = (): void => this.pulse.doneBeside();
		this.tree = new FileTree({ scope, agent, onDone });
		this.files = new FileFinder({ scope, agent, onDone });
		this.permissions = new Permissions({
			scope,
			transcript,
			agent,
			rules: this.rules,
			court: (draft) => {
				const { policy = "prompters", ownerId } = session.seen(draft) ?? this.entrance.session;
				return { policy, ownerId, isOut: (userId) => members.isRemoved(userId, draft) };
			},
		});
		const { queue, attachments, permissions } = this;
		this.turns = new Turns({
			...{ scope, queue, attachments, transcript, permissions, agent },
			onBusy: () => this.pulse.busy(),
			onIdle: () => this.pulse.idle(),
		});
		const { turns, entrance, payer } = this;
		this.settings = new Settings(scope, {
			...{ workspaceId, session, entrance, listing: this.#listing, payer, agent, turns },
			prepare: options.prepare,
		});
		const work = (): void => this.pulse.work();
		this.origin = new Origin(scope, {
			...{ session, agent, workspaceId, dataDir },
			work: () => {
				this.tree.changed();
				work();
			},
		});
		this.life = new Life(scope, { session, origin: this.origin, turns, agent, work });
		this.terminal = new Terminal(scope, {
			start: async (wish) => (await agent.ready()).terminal(wish),
			onUse: (isUsed) => {
				agent.keep(isUsed);
				if (!isUsed) onDone();
			},
		});
		const erasure = new Erasure(scope, { session, agent, workspaceId, dataDir });
		this.notes = new InboxNotes(scope, this.#facts, peers, [this.#listing, erasure]);
	}

	/** Call from `onWake`, before anything is answered. Never waits for a sandbox. */
	async wake(connections: readonly Connection[]): Promise<void> {
		await this.#session.load();
		await this.#members.load();
		await this.#facts.load();
		await this.#listing.load();
		await this.entrance.restore(connections);
		await this.relay.restore(connections);
		if (this.#session.row === undefined) return;
		if (this.#session.row.deleted !== undefined) return this.notes.wake();
		await this.origin.wake();
		await this.permissions.wake();
		await this.turns.recover();
		await this.notes.wake();
		this.#agent.noteOff();
		this.pulse.work();
	}

	/** Call from `onSleep`: afterwards nothing of this workspace runs or waits anywhere. */
	async sleep(): Promise<void> {
		this.pulse.pause();
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
			if (row.kind === "member") this.#members.committed(row);
			this.#facts.committed(row);
		}
		if (isEnd) this.audience.closeDeafSoon("deleted");
		else this.audience.broadcast("workspaceChanged", batch);
		this.notes.changed();
	}
}
