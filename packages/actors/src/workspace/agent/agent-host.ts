import type { AgentChoices, ChoiceKind } from "@bullpen/domain/agent-choices";
import type { Limits } from "@bullpen/domain/limits";
import type { SandboxFacts } from "@bullpen/domain/sandbox";
import type { AgentState, PermissionOption, SandboxKind } from "@bullpen/domain/workspace";
import type { SessionEvent } from "sandbox-agent";
import type { z } from "zod";
import type { EgressOptions } from "../egress/egress-proxy.ts";
import { AgentBroken, TurnFailed } from "./agent-session.ts";
import type { AttachedFile } from "./attached-file.ts";
import type { confinement } from "./confinement.ts";
import type { Db } from "./db.ts";
import type { WorkspaceFiles } from "./files.ts";
import type { ModelAccess } from "./model-door.ts";
import type { Exchange } from "./recall.ts";
import type { OpenedTerminal, TerminalWish } from "./sandbox-terminal.ts";
import { WorkspaceHost } from "./workspace-host.ts";

export type { Exchange, OpenedTerminal, SessionEvent, TerminalWish };
export { AgentBroken, TurnFailed };

/** What the agent asks before it acts. Void once answered, cancelled, or its prompt has settled. */
export interface PermissionRequest {
	readonly requestId: string;
	readonly toolCallId?: string;
	readonly title: string;
	/** The tool's input as JSON text, capped. */
	readonly detail?: string;
	/** What an answer can be remembered for (`permissionSubject`). */
	readonly toolKind?: string | undefined;
	readonly target?: string | undefined;
	readonly options: readonly z.infer<typeof PermissionOption>[];
}

/** What a sandbox is started for: the agent and all that is done beside it, or a look at the files. */
export type Started = "agent" | "files";

export interface AgentHostOptions {
	readonly workspaceId: string;
	/** A name of the agent registry (`agents.ts`). */
	readonly agent: string;
	/** The way to models, for agents that need one. It is asked at every start, so keys may come and go. */
	readonly models?: ModelAccess;
	/** The way to named hosts, for sandboxes that have one. */
	readonly egress?: EgressOptions;
	/** `BULLPEN_DATA`: the workspace lives in `workspaces/<workspaceId>` below it. */
	readonly dataDir: string;
	/** The actor's database, migrated with `agentMigrations`. */
	readonly db: Db;
	readonly limits: Limits;
	/** False where simulated workspaces are not wanted (production): without confinement the agent is then refused. */
	readonly allowVirtual?: boolean;
	/** Asked before anything is started for the agent, or for whoever looks at files. @throws Problem while nothing may be */
	mayStart?(what: Started): void;
	/** How it is proven that programs can be confined here; tests give another answer. */
	readonly confinement?: typeof confinement;
	now(): number;
	/**
	 * What was asked and answered so far, oldest first, without what is being asked now: told to an agent that has no session
	 * of its own to load, at its next prompt.
	 */
	recall?(): Promise<readonly Exchange[]>;
	/** How far the installation is that a start waits for, 0 to 1. */
	onInstall?(done: number): void;
	/** What can be chosen of the agent, each time it started and after each choice. */
	onChoices?(choices: AgentChoices): void;
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
	/** What bounds it and what its self-test saw, where it is a real one and was started. */
	readonly facts?: SandboxFacts;
}

/**
 * One workspace's agent: the only code that knows Sandbox Agent. No method ever leaves a rejection unhandled, blocks the
 * event loop, or opens a path inside the workspace's files.
 */
export interface AgentHost {
	/**
	 * Builds sandbox, transport and session unless they stand. Concurrent calls share one attempt; after a break it builds
	 * everything afresh, and the agent knows the conversation. An agent that is not installed is installed first. `prompt`
	 * calls it by itself.
	 * @throws AgentBroken
	 */
	start(): Promise<void>;
	/**
	 * One turn. Settles only when the agent's turn has ended and all its events were delivered, or the agent broke.
	 * One at a time: a second call while a turn runs rejects.
	 * @throws AgentBroken when the agent crashed, the sandbox died, or the turn outlived `limits.turnMs`
	 * @throws TurnFailed when the agent answered with an error; it still runs
	 */
	prompt(text: string, files?: readonly AttachedFile[]): Promise<{ stopReason: string }>;
	/** Answers one request; an unknown or void `requestId` is ignored (the caller owns "first answer wins"). */
	answerPermission(requestId: string, optionId: string): Promise<void>;
	/**
	 * Ends the running turn: asks the agent, and after `limits.agentCancelMs` kills the sandbox. Either way the running
	 * `prompt` resolves in bounded time, with `cancelled` unless the agent was done by then. Resolves after it. Without a
	 * running turn it does nothing.
	 */
	cancel(): Promise<void>;
	/**
	 * Takes one of the values that the agent offers, which it keeps over restarts. Starts it unless it runs.
	 * @throws Problem `bad_input` for what it does not offer · AgentBroken · TurnFailed when the agent refuses
	 */
	choose(kind: ChoiceKind, id: string): Promise<void>;
	/**
	 * A shell in the sandbox, which is started unless it runs. It ends with it.
	 * @throws Problem `sandbox_unavailable` where nothing can be run · AgentBroken
	 */
	terminal(wish: TerminalWish): Promise<OpenedTerminal>;
	/** Stores what is buffered, then ends every process. Idempotent; `start` may follow. */
	stop(): Promise<void>;
	readonly state: AgentState;
	readonly info: SandboxInfo;
	/** The workspace's files, whether the agent runs or not. */
	readonly files: WorkspaceFiles;
}

export function createAgentHost(options: AgentHostOptions): AgentHost {
	return new WorkspaceHost(options);
}
