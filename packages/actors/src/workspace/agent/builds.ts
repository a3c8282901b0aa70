import type { AgentChoices } from "@bullpen/domain/agent-choices";
import { Problem } from "@bullpen/domain/problem";
import type { AgentState } from "@bullpen/domain/workspace";
import type { SessionEvent } from "sandbox-agent";
import type { AgentHostOptions, PermissionRequest, SandboxInfo } from "./agent-host.ts";
import { AgentBroken, type AgentSession } from "./agent-session.ts";
import { agentKind } from "./agents.ts";
import { BareSandbox, type FilePlace } from "./bare-sandbox.ts";
import { chooseSandbox } from "./choose-sandbox.ts";
import { RivetSessionPersistDriver } from "./persist-driver.ts";
import { VirtualTreeStore } from "./virtual-tree-store.ts";
import { within } from "./within.ts";

/** One built agent, from sandbox to session. After a break another is built from nothing. */
export interface Build {
	readonly driver: RivetSessionPersistDriver;
	readonly session: AgentSession;
	/** Where the files are that it works on. */
	readonly place: FilePlace;
}

export interface BuildListener {
	onEvent(event: SessionEvent): void;
	onPermission(request: PermissionRequest): void;
	onState(state: AgentState, problem?: string): void;
	/** The current build broke by itself; it is still to be taken down. */
	onBroken(reason: string): void;
	onInstall(done: number): void;
	onChoices(choices: AgentChoices): void;
	onProblem(error: unknown): void;
}

/** Builds a workspace's agent and takes it down again: at most one at a time, each from nothing. */
export class Builds {
	readonly #options: AgentHostOptions;
	readonly #listener: BuildListener;
	readonly #bare: BareSandbox;
	/** The files that are only simulated, where they are. */
	readonly tree: VirtualTreeStore;
	/** The agent's sandbox is being opened, which ends the bare one: resolves when it stands, or will not. */
	#opening: Promise<unknown> | undefined;
	#info: SandboxInfo = { sandboxId: null, sandboxKind: "confined" };
	#current: Build | undefined;
	/** Raised by every take-down: what is being built for an older one is closed as soon as it stands. */
	#epoch = 0;
	#starting: { readonly epoch: number; readonly build: Promise<Build>; readonly giveUp: AbortController } | undefined;
	/** What is being taken down; the next build waits for it. */
	#ending: Promise<void> = Promise.resolve();

	constructor(options: AgentHostOptions, listener: BuildListener) {
		this.#options = options;
		this.#listener = listener;
		this.#bare = new BareSandbox(options);
		this.tree = new VirtualTreeStore(options.db);
	}

	get current(): Build | undefined {
		return this.#current;
	}

	get info(): SandboxInfo {
		return this.#info;
	}

	/** The one build there is, made when there is none. @throws AgentBroken */
	async ready(): Promise<Build> {
		if (this.#current) return this.#current;
		this.#options.mayStart?.("agent");
		if (this.#starting?.epoch !== this.#epoch) {
			const giveUp = new AbortController();
			const starting = { epoch: this.#epoch, build: this.#make(this.#epoch, giveUp.signal), giveUp };
			this.#starting = starting;
			const done = () => {
				if (this.#starting === starting) this.#starting = undefined;
			};
			starting.build.then(done, done);
		}
		return this.#starting?.build ?? this.ready();
	}

	/** Reaches the files in the agent's sandbox, or without an agent in a bare one. @throws Error with the sentence to show */
	async withFiles<Result>(work: (place: FilePlace) => Promise<Result>): Promise<Result> {
		await this.#opening;
		if (this.#current) return work(this.#current.place);
		await this.#ending;
		return this.#opening || this.#current ? this.withFiles(work) : this.#bare.use(work);
	}

	/** Resolves, in bounded time, when nothing of it runs any more. */
	takeDown(): Promise<void> {
		const [build, starting] = [this.#current, this.#starting];
		starting?.giveUp.abort();
		this.#current = undefined;
		this.#epoch++;
		this.#ending = Promise.all([
			this.#ending,
			this.#bare.close(),
			build && within(this.#options.limits.agentStartMs, close(build)),
			// What is still being built closes itself when it sees the epoch.
			starting?.build.then(ignore, ignore),
		]).then(ignore);
		return this.#ending;
	}

	async #make(epoch: number, signal: AbortSignal): Promise<Build> {
		this.#listener.onState("starting");
		const done = Promise.withResolvers<void>();
		const ending = this.#ending;
		const driver = new RivetSessionPersistDriver({
			db: this.#options.db,
			limits: this.#options.limits,
			onEvent: (event) => this.#listener.onEvent(event),
			onProblem: (error) => this.#listener.onProblem(error),
		});
		try {
			await ending;
			let broken: string | undefined;
			let build: Build | undefined;
			const onBroken = (reason: string) => {
				broken ??= reason;
				if (build && this.#current === build) this.#listener.onBroken(reason);
			};
			const opened = await this.#open(driver, onBroken, signal, () => {
				this.#opening = done.promise;
			});
			build = { driver, ...opened };
			const { session } = build;
			if (broken !== undefined || epoch !== this.#epoch) {
				await close(build);
				throw new Error(broken ?? STOPPED);
			}
			const choices = await session.choices();
			if (epoch !== this.#epoch) {
				await close(build);
				throw new Error(STOPPED);
			}
			this.#current = build;
			this.#listener.onChoices(choices);
			this.#listener.onState("idle");
			return build;
		} catch (error) {
			await driver.close();
			const reason = sentenceOf(error);
			if (epoch === this.#epoch) this.#listener.onState("broken", reason);
			throw new AgentBroken(reason, { cause: error });
		} finally {
			if (this.#opening === done.promise) this.#opening = undefined;
			done.resolve();
		}
	}

	async #open(
		driver: RivetSessionPersistDriver,
		onBroken: (reason: string) => void,
		signal: AbortSignal,
		onOpening: () => void,
	): Promise<Pick<Build, "session" | "place">> {
		const agent = agentKind(this.#options.agent);
		if (!agent) throw new Error(`There is no agent called ${this.#options.agent}.`);
		const onInstall = (done: number) => this.#listener.onInstall(done);
		const sandbox = await unlessGivenUp(signal, chooseSandbox({ ...this.#options, agent, onInstall }));
		this.#info = { ...sandbox.info, sandboxId: this.#info.sandboxId };
		let place: FilePlace = { kind: "virtual" };
		onOpening();
		await this.#bare.close();
		const session = await sandbox.open(
			{
				...this.#options,
				agent,
				driver,
				tree: this.tree,
				onPermission: (request) => this.#listener.onPermission(request),
				onBroken,
			},
			(told) => {
				place = told;
			},
		);
		this.#info = { ...sandbox.info, sandboxId: session.sandboxId };
		return { session, place };
	}
}

const STOPPED = "The agent was stopped.";

/** What people may read: errors of the system hold paths and addresses. */
function sentenceOf(error: unknown): string {
	const isOfSystem = !(error instanceof Problem) && error instanceof Error && "code" in error;
	return error instanceof Error && !isOfSystem ? error.message : "The sandbox ended while the agent was starting.";
}

/** What is not waited for any more, such as an installation, goes on for others and for later. */
async function unlessGivenUp<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
	const { promise: givenUp, reject } = Promise.withResolvers<never>();
	const onAbort = () => reject(new Error(STOPPED));
	work.catch(ignore); // nobody may be waiting any more when it fails
	if (signal.aborted) throw new Error(STOPPED);
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([work, givenUp]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

/** The driver takes nothing more from here on, and the sandbox does not wait for a slow database. */
async function close({ driver, session }: Build): Promise<void> {
	await Promise.all([driver.close(), session.close()]);
}

function ignore(): void {}
