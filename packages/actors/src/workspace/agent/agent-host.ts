import type { Limits } from "@bullpen/domain/limits";
import type { AgentState, PermissionOption, SandboxKind } from "@bullpen/domain/workspace";
import type { SessionEvent } from "sandbox-agent";
import type { z } from "zod";
import { type AgentSession, TurnFailed } from "./agent-session.ts";
import { agentKind } from "./agents.ts";
import { chooseSandbox } from "./choose-sandbox.ts";
import type { confinement } from "./confinement.ts";
import type { Db } from "./db.ts";
import { RivetSessionPersistDriver } from "./persist-driver.ts";
import { within } from "./within.ts";

export type { SessionEvent };
export { TurnFailed };

/** What the agent asks before it acts. Void once answered, cancelled, or its prompt has settled. */
export interface PermissionRequest {
	readonly requestId: string;
	readonly toolCallId?: string;
	readonly title: string;
	/** The tool's input as JSON text, capped. */
	readonly detail?: string;
	readonly options: readonly z.infer<typeof PermissionOption>[];
}

export interface AgentHostOptions {
	readonly workspaceId: string;
	/** A name of the agent registry (`agents.ts`): `demo`. */
	readonly agent: string;
	/** `BULLPEN_DATA`: the workspace lives in `workspaces/<workspaceId>` below it. */
	readonly dataDir: string;
	/** The actor's database, migrated with `agentMigrations`. */
	readonly db: Db;
	readonly limits: Limits;
	/** False where simulated workspaces are not wanted (production): without confinement the agent is then refused. */
	readonly allowVirtual?: boolean;
	/** How it is proven that programs can be confined here; tests give another answer. */
	readonly confinement?: typeof confinement;
	now(): number;
	/** Every envelope of the session in order, live only: nothing of a replay at resume. May throw; it is caught. */
	onEvent(event: SessionEvent): void;
	onPermission(request: PermissionRequest): void;
	/** `problem` is a sentence and only comes with `broken`. */
	onState(state: AgentState, problem?: string): void;
	/** What broke without anybody waiting for it: failed stores, throwing listeners. For a log; never has a secret. */
	onProblem?(error: unknown): void;
}

export interface SandboxInfo {
	/** Names the sandbox for people: never an address, a token or a path. Null until the first start. */
	readonly sandboxId: string | null;
	readonly sandboxKind: SandboxKind;
	/** Why the sandbox is only virtual, and the command that changes it. */
	readonly sandboxNote?: string;
}

/**
 * One workspace's agent: the only code that knows Sandbox Agent. No method ever leaves a rejection unhandled, blocks the
 * event loop, or opens a path inside the workspace's files.
 */
export interface AgentHost {
	/**
	 * Builds sandbox, transport and session unless they stand. Concurrent calls share one attempt; after a break it builds
	 * everything afresh, and the agent knows the conversation. `prompt` calls it by itself.
	 * @throws AgentBroken
	 */
	start(): Promise<void>;
	/**
	 * One turn. Settles only when the agent's turn has ended and all its events were delivered, or the agent broke.
	 * One at a time: a second call while a turn runs rejects.
	 * @throws AgentBroken when the agent crashed, the sandbox died, or the turn outlived `limits.turnMs`
	 * @throws TurnFailed when the agent answered with an error; it still runs
	 */
	prompt(text: string): Promise<{ stopReason: string }>;
	/** Answers one request; an unknown or void `requestId` is ignored (the caller owns "first answer wins"). */
	answerPermission(requestId: string, optionId: string): Promise<void>;
	/**
	 * Ends the running turn: asks the agent, and after `limits.agentCancelMs` kills the sandbox. Either way the running
	 * `prompt` resolves in bounded time, with `cancelled` unless the agent was done by then. Resolves after it. Without a
	 * running turn it does nothing.
	 */
	cancel(): Promise<void>;
	/** Stores what is buffered, then ends every process. Idempotent; `start` may follow. */
	stop(): Promise<void>;
	readonly state: AgentState;
	readonly info: SandboxInfo;
}

/** The agent or its sandbox is gone; the message is a sentence for people. The next `start` or `prompt` builds anew. */
export class AgentBroken extends Error {
	override readonly name = "AgentBroken";
}

export function createAgentHost(options: AgentHostOptions): AgentHost {
	return new Host(options);
}

/** One built agent, from sandbox to session. After a break another is built from nothing. */
interface Build {
	readonly driver: RivetSessionPersistDriver;
	readonly session: AgentSession;
}

interface Turn {
	/** Ends the turn for its caller, whatever the agent still does. */
	readonly force: (outcome: { stopReason: string } | Error) => void;
	/** The agent's own end of the turn came by among its events. */
	readonly onEnd: () => void;
	readonly settled: Promise<void>;
	isCancelled: boolean;
}

class Host implements AgentHost {
	readonly #options: AgentHostOptions;
	readonly #openRequests = new Set<string>();
	#state: AgentState = "off";
	#info: SandboxInfo = { sandboxId: null, sandboxKind: "confined" };
	#build: Build | undefined;
	#turn: Turn | undefined;
	/** Raised by every take-down: what is being built for an older one is closed as soon as it stands. */
	#epoch = 0;
	#starting: { readonly epoch: number; readonly build: Promise<Build> } | undefined;
	/** What is being taken down; the next build waits for it. */
	#ending: Promise<void> = Promise.resolve();

	constructor(options: AgentHostOptions) {
		this.#options = options;
	}

	get state(): AgentState {
		return this.#state;
	}

	get info(): SandboxInfo {
		return this.#info;
	}

	async start(): Promise<void> {
		await this.#ready();
	}

	async prompt(text: string): Promise<{ stopReason: string }> {
		if (this.#turn) throw new Error("A turn is already running.");
		const { limits } = this.#options;
		const forced = Promise.withResolvers<{ stopReason: string }>();
		const ended = Promise.withResolvers<void>();
		const settled = Promise.withResolvers<void>();
		const turn: Turn = {
			force: (outcome) => (outcome instanceof Error ? forced.reject(outcome) : forced.resolve(outcome)),
			onEnd: ended.resolve,
			settled: settled.promise,
			isCancelled: false,
		};
		this.#turn = turn;
		const timer = setTimeout(() => this.#break("The turn took too long and was ended."), limits.turnMs);
		try {
			return await Promise.race([this.#run(text, turn, ended.promise), forced.promise]);
		} finally {
			clearTimeout(timer);
			if (this.#build) await within(limits.agentDrainMs, this.#build.driver.flush());
			this.#turn = undefined;
			this.#openRequests.clear();
			if (this.#state === "running" || this.#state === "waiting_permission") this.#enter("idle");
			settled.resolve();
		}
	}

	async #run(text: string, turn: Turn, ended: Promise<void>): Promise<{ stopReason: string }> {
		const { session } = await this.#ready();
		if (turn.isCancelled) return { stopReason: "cancelled" };
		this.#enter("running");
		try {
			const outcome = await session.prompt(text);
			// The answer may come before the last events have gone through the driver.
			await within(this.#options.limits.agentDrainMs, ended);
			return outcome;
		} catch (error) {
			if (turn.isCancelled && error instanceof TurnFailed) return { stopReason: "cancelled" };
			throw error;
		}
	}

	async answerPermission(requestId: string, optionId: string): Promise<void> {
		const isAnswered = await this.#build?.session.answer(requestId, optionId).catch(() => false); // no longer open
		if (!isAnswered) return;
		this.#openRequests.delete(requestId);
		if (this.#openRequests.size === 0 && this.#state === "waiting_permission") this.#enter("running");
	}

	async cancel(): Promise<void> {
		const turn = this.#turn;
		if (!turn) return;
		if (!turn.isCancelled) {
			turn.isCancelled = true;
			this.#build?.session.cancel().catch((error: unknown) => this.#report(error));
			await within(this.#options.limits.agentCancelMs, turn.settled);
			if (this.#turn === turn) {
				turn.force({ stopReason: "cancelled" });
				void this.#takeDown();
				this.#enter("off");
			}
		}
		await turn.settled;
	}

	async stop(): Promise<void> {
		const turn = this.#turn;
		turn?.force(new AgentBroken("The agent was stopped."));
		await Promise.all([this.#takeDown(), turn?.settled]);
		this.#enter("off");
	}

	/** The one build there is, made when there is none. */
	#ready(): Promise<Build> {
		if (this.#build) return Promise.resolve(this.#build);
		if (this.#starting?.epoch !== this.#epoch) {
			const starting = { epoch: this.#epoch, build: this.#make(this.#epoch) };
			this.#starting = starting;
			const done = () => {
				if (this.#starting === starting) this.#starting = undefined;
			};
			starting.build.then(done, done);
		}
		return this.#starting?.build ?? this.#ready();
	}

	async #make(epoch: number): Promise<Build> {
		this.#enter("starting");
		const ending = this.#ending;
		const driver = new RivetSessionPersistDriver({
			db: this.#options.db,
			limits: this.#options.limits,
			onEvent: (event) => this.#onEvent(event),
			onProblem: (error) => this.#report(error),
		});
		try {
			await ending;
			let broken: string | undefined;
			let build: Build | undefined;
			const session = await this.#open(driver, (reason) => {
				broken ??= reason;
				if (build && this.#build === build) this.#break(reason);
			});
			build = { driver, session };
			if (broken !== undefined || epoch !== this.#epoch) {
				await close(build);
				throw new Error(broken ?? "The agent was stopped.");
			}
			this.#build = build;
			this.#enter("idle");
			return build;
		} catch (error) {
			await driver.close();
			const reason = error instanceof Error ? error.message : "The agent did not start.";
			if (epoch === this.#epoch) this.#enter("broken", reason);
			throw new AgentBroken(reason, { cause: error });
		}
	}

	async #open(driver: RivetSessionPersistDriver, onBroken: (reason: string) => void): Promise<AgentSession> {
		const agent = agentKind(this.#options.agent);
		if (!agent) throw new Error(`There is no agent called ${this.#options.agent}.`);
		const sandbox = await chooseSandbox({ ...this.#options, agent });
		this.#info = { ...sandbox.info, sandboxId: this.#info.sandboxId };
		const session = await sandbox.open({
			...this.#options,
			agent,
			driver,
			onPermission: (request) => this.#onPermission(request),
			onBroken,
		});
		this.#info = { ...sandbox.info, sandboxId: session.sandboxId };
		return session;
	}

	/** The build is gone: says so to whoever waits, and clears it away. */
	#break(reason: string): void {
		void this.#takeDown();
		this.#enter("broken", reason);
		this.#turn?.force(new AgentBroken(reason));
	}

	#takeDown(): Promise<void> {
		const [build, starting] = [this.#build, this.#starting?.build];
		this.#build = undefined;
		this.#epoch++;
		this.#ending = Promise.all([
			this.#ending,
			build && within(this.#options.limits.agentStartMs, close(build)),
			// What is still being built closes itself when it sees the epoch.
			starting?.then(ignore, ignore),
		]).then(ignore);
		return this.#ending;
	}

	#onEvent(event: SessionEvent): void {
		if (event.sender === "agent" && isTurnEnd(event.payload)) this.#turn?.onEnd();
		this.#options.onEvent(event);
	}

	#onPermission(request: PermissionRequest): void {
		if (!this.#turn) return;
		this.#openRequests.add(request.requestId);
		this.#enter("waiting_permission");
		this.#tell(() => this.#options.onPermission(request));
	}

	#enter(state: AgentState, problem?: string): void {
		if (state === this.#state && problem === undefined) return;
		this.#state = state;
		this.#tell(() => this.#options.onState(state, problem));
	}

	/** A listener that throws is its own problem, never the agent's. */
	#tell(listener: () => void): void {
		try {
			listener();
		} catch (error) {
			this.#report(error);
		}
	}

	#report(error: unknown): void {
		this.#options.onProblem?.(error);
	}
}

/** The driver takes nothing more from here on, and the sandbox does not wait for a slow database. */
async function close({ driver, session }: Build): Promise<void> {
	await Promise.all([driver.close(), session.close()]);
}

function isTurnEnd(payload: SessionEvent["payload"]): boolean {
	if ("method" in payload) return false;
	if ("error" in payload) return true;
	const result: unknown = payload.result;
	return typeof result === "object" && result !== null && "stopReason" in result;
}

function ignore(): void {}
