import type { AgentChoices, ChoiceKind } from "@bullpen/domain/agent-choices";
import type { Limits } from "@bullpen/domain/limits";
import type { PermissionRequest } from "./agent-host.ts";
import type { AgentKind } from "./agents/agent-kind.ts";
import type { AttachedFile } from "./attached-file.ts";
import type { Db } from "./db.ts";
import type { RivetSessionPersistDriver } from "./persist-driver.ts";
import type { Exchange } from "./recall.ts";
import type { OpenedTerminal, TerminalWish } from "./sandbox-terminal.ts";
import type { VirtualTreeStore } from "./virtual-tree-store.ts";

/** The SDK's one session of a workspace. */
export const SESSION_ID = "default";

/** What a session needs, whatever it runs in. */
export interface SessionContext {
	readonly workspaceId: string;
	readonly dataDir: string;
	readonly agent: AgentKind;
	readonly db: Db;
	readonly driver: RivetSessionPersistDriver;
	/** The simulated files, for a session without a sandbox. */
	readonly tree: VirtualTreeStore;
	readonly limits: Limits;
	now(): number;
	/** What was asked and answered so far, oldest first: for an agent that cannot load its session. */
	recall?(): Promise<readonly Exchange[]>;
	onPermission(request: PermissionRequest): void;
	/** At most once, with a sentence; not after `close`. */
	onBroken(reason: string): void;
}

/** The agent or its sandbox is gone; the message is a sentence for people. The next `start` or `prompt` builds anew. */
export class AgentBroken extends Error {
	override readonly name = "AgentBroken";
}

/** The agent ended this turn with an error of its own; the message is its. */
export class TurnFailed extends Error {
	override readonly name = "TurnFailed";
}

/** A live agent that takes prompts: in a sandbox, or on the virtual tree. */
export interface AgentSession {
	/** Names the sandbox for people. */
	readonly sandboxId: string;
	/** Rejects with `TurnFailed` for an error the agent itself answered with. May stay open for ever after a break. */
	prompt(text: string, files: readonly AttachedFile[]): Promise<{ stopReason: string }>;
	/** Asks the agent to end its turn; answers what it asked with a cancellation. */
	cancel(): Promise<void>;
	/** What the agent offers, and what of it is in force. */
	choices(): Promise<AgentChoices>;
	/** Rejects with `TurnFailed` for an error the agent itself answered with. */
	choose(kind: ChoiceKind, id: string): Promise<void>;
	/** A shell in the workspace's files. @throws Problem `sandbox_unavailable` where nothing can be run */
	terminal(wish: TerminalWish): Promise<OpenedTerminal>;
	/** False when that request is not open. */
	answer(requestId: string, optionId: string): Promise<boolean>;
	/** Ends every process, in bounded time. Never fails. */
	close(): Promise<void>;
}
