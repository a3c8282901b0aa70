import { decodeEvent } from "@bullpen/domain/transcript/decode";
import type { AgentState } from "@bullpen/domain/workspace";
import type { AgentHost, AgentHostOptions, PermissionRequest, SandboxInfo, SessionEvent } from "./agent/agent-host.ts";
import { report, type Scope } from "./scope.ts";
import type { SessionPatch } from "./session.ts";
import { wireEvent } from "./session-event.ts";
import { exchanges } from "./store/exchanges.ts";
import type { Transcript } from "./transcript.ts";

interface Options {
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	/** Which kind of agent works here. Read when the first host is made. */
	readonly kind: () => string;
	readonly createHost: (options: AgentHostOptions) => AgentHost;
	readonly onPermission: (request: PermissionRequest) => void;
}

/** The workspace's one agent: made when it is first needed, heard by the transcript, stopped after a while of nothing. */
export class Agent {
	readonly #scope: Scope;
	readonly #transcript: Transcript;
	readonly #options: Options;
	#host: AgentHost | undefined;
	#idleTimer: NodeJS.Timeout | undefined;

	constructor(scope: Scope, transcript: Transcript, options: Options) {
		this.#scope = scope;
		this.#transcript = transcript;
		this.#options = options;
	}

	get host(): AgentHost {
		this.#host ??= this.#make();
		return this.#host;
	}

	/** There is work: it stays. */
	hold(): void {
		clearTimeout(this.#idleTimer);
	}

	/** Nothing is left to do: it stays for a while, in case somebody goes on. */
	release(): void {
		this.hold();
		const host = this.#host;
		if (host === undefined) return;
		this.#idleTimer = setTimeout(() => {
			host.stop().catch(report(this.#scope, "the agent did not stop"));
		}, this.#scope.limits.workspaceIdleMs);
	}

	/** Ends its processes, if there are any. */
	async stop(): Promise<void> {
		this.hold();
		await this.#host?.stop();
	}

	/** What is true of an agent that nobody has started yet. */
	noteOff(): void {
		this.#onState("off");
	}

	#make(): AgentHost {
		const { workspaceId, dataDir, kind, createHost, onPermission } = this.#options;
		const { frame, limits, now } = this.#scope;
		return createHost({
			workspaceId,
			agent: kind(),
			dataDir,
			db: { execute: (sql, ...args) => frame.db.execute(sql, ...args) },
			limits,
			now,
			recall: () => exchanges(frame.db),
			onPermission,
			onEvent: (event) => this.#onEvent(event),
			onState: (state, problem) => this.#onState(state, problem),
			onProblem: report(this.#scope, "the agent host had a problem"),
		});
	}

	#onEvent(raw: SessionEvent): void {
		const { audience, limits } = this.#scope;
		if (audience.isWanted("session.event")) {
			audience.broadcast("session.event", wireEvent(raw, limits.changesPageBytesMax));
		}
		this.#transcript.hear(decodeEvent(raw));
	}

	#onState(state: AgentState, problem?: string): void {
		const info = this.#host?.info;
		this.#transcript.note({
			state,
			problem,
			...(info === undefined ? {} : sandboxFacts(info)),
		});
	}
}

/** What a host knows of its sandbox. Before its first start it knows nothing, and what an earlier one found out stands. */
const sandboxFacts = ({ sandboxId, sandboxKind, sandboxNote }: SandboxInfo): SessionPatch => {
	if (sandboxId === null && sandboxNote === undefined) return {};
	return { ...(sandboxId === null ? {} : { sandboxId }), sandboxKind, sandboxNote };
};
