import type { ChoiceKind } from "@bullpen/domain/agent-choices";
import { Problem } from "@bullpen/domain/problem";
import type { AgentState } from "@bullpen/domain/workspace";
import type { SessionEvent } from "sandbox-agent";
import type { AgentHost, AgentHostOptions, PermissionRequest, SandboxInfo } from "./agent-host.ts";
import { AgentBroken, type AgentSession, TurnFailed } from "./agent-session.ts";
import type { AttachedFile } from "./attached-file.ts";
import { Builds } from "./builds.ts";
import type { WorkspaceFiles } from "./files.ts";
import { hostFiles } from "./host-files.ts";
import type { OpenedTerminal, TerminalWish } from "./sandbox-terminal.ts";
import { within } from "./within.ts";

interface Turn {
	/** Ends the turn for its caller, whatever the agent still does. */
	readonly force: (outcome: { stopReason: string } | Error) => void;
	/** The agent's own end of the turn came by among its events. */
	readonly onEnd: () => void;
	readonly settled: Promise<void>;
	isCancelled: boolean;
}

/** The turns and states of one workspace's agent, over whatever is built at the moment. */
export class WorkspaceHost implements AgentHost {
	readonly files: WorkspaceFiles;
	readonly #options: AgentHostOptions;
	readonly #builds: Builds;
	readonly #openRequests = new Set<string>();
	#state: AgentState = "off";
	#turn: Turn | undefined;

	constructor(options: AgentHostOptions) {
		this.#options = options;
		this.#builds = new Builds(options, {
			onEvent: (event) => this.#onEvent(event),
			onPermission: (request) => this.#onPermission(request),
			onState: (state, problem) => this.#enter(state, problem),
			onBroken: (reason) => this.#break(reason),
			onInstall: (done) => this.#tell(() => options.onInstall?.(done)),
			onChoices: (choices) => this.#tell(() => options.onChoices?.(choices)),
			onProblem: (error) => this.#report(error),
		});
		const builds = this.#builds;
		this.files = hostFiles({ ...options, tree: builds.tree, use: (work) => builds.withFiles(work) });
	}

	get state(): AgentState {
		return this.#state;
	}

	get info(): SandboxInfo {
		return this.#builds.info;
	}

	async start(): Promise<void> {
		await this.#builds.ready();
	}

	async prompt(text: string, files: readonly AttachedFile[] = []): Promise<{ stopReason: string }> {
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
			return await Promise.race([this.#run([text, files], turn, ended.promise), forced.promise]);
		} finally {
			clearTimeout(timer);
			const { current } = this.#builds;
			if (current) await within(limits.agentDrainMs, current.driver.flush());
			this.#turn = undefined;
			this.#openRequests.clear();
			if (this.#state === "running" || this.#state === "waiting_permission") this.#enter("idle");
			settled.resolve();
		}
	}

	async #run(
		prompt: Parameters<AgentSession["prompt"]>,
		turn: Turn,
		ended: Promise<void>,
	): Promise<{ stopReason: string }> {
		const { session } = await this.#builds.ready();
		if (turn.isCancelled) return { stopReason: "cancelled" };
		this.#enter("running");
		try {
			const outcome = await session.prompt(...prompt);
			// The answer may come before the last events have gone through the driver.
			await within(this.#options.limits.agentDrainMs, ended);
			return outcome;
		} catch (error) {
			if (turn.isCancelled && error instanceof TurnFailed) return { stopReason: "cancelled" };
			throw error;
		}
	}

	async answerPermission(requestId: string, optionId: string): Promise<void> {
		const isAnswered = await this.#builds.current?.session.answer(requestId, optionId).catch(() => false); // no longer open
		if (!isAnswered) return;
		this.#openRequests.delete(requestId);
		if (this.#openRequests.size === 0 && this.#state === "waiting_permission") this.#enter("running");
	}

	async cancel(): Promise<void> {
		const turn = this.#turn;
		if (!turn) return;
		if (!turn.isCancelled) {
			turn.isCancelled = true;
			this.#builds.current?.session.cancel().catch((error: unknown) => this.#report(error));
			await within(this.#options.limits.agentCancelMs, turn.settled);
			if (this.#turn === turn) {
				turn.force({ stopReason: "cancelled" });
				void this.#builds.takeDown();
				this.#enter("off");
			}
		}
		await turn.settled;
	}

	async choose(kind: ChoiceKind, id: string): Promise<void> {
		const { session } = await this.#builds.ready();
		const offered = (await session.choices())[kind];
		if (!offered?.options.some((option) => option.id === id)) {
			throw new Problem("bad_input", "The agent does not offer this.", { field: kind });
		}
		await session.choose(kind, id);
		const choices = await session.choices();
		this.#tell(() => this.#options.onChoices?.(choices));
	}

	async terminal(wish: TerminalWish): Promise<OpenedTerminal> {
		const { session } = await this.#builds.ready();
		return session.terminal(wish);
	}

	async stop(): Promise<void> {
		const turn = this.#turn;
		turn?.force(new AgentBroken("The agent was stopped."));
		await Promise.all([this.#builds.takeDown(), turn?.settled]);
		this.#enter("off");
	}

	/** The build is gone: says so to whoever waits, and clears it away. */
	#break(reason: string): void {
		void this.#builds.takeDown();
		this.#enter("broken", reason);
		this.#turn?.force(new AgentBroken(reason));
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

function isTurnEnd(payload: SessionEvent["payload"]): boolean {
	if ("method" in payload) return false;
	if ("error" in payload) return true;
	const result: unknown = payload.result;
	return typeof result === "object" && result !== null && "stopReason" in result;
}
