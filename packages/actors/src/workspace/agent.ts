import type { ChoiceKind } from "@bullpen/domain/agent-choices";
import type { AgentEvent } from "@bullpen/domain/transcript/agent-event";
import { decodeEvent } from "@bullpen/domain/transcript/decode";
import type { AgentState } from "@bullpen/domain/workspace";
import type {
	AgentHost,
	AgentHostOptions,
	PermissionRequest,
	SandboxInfo,
	SessionEvent,
	Started,
} from "./agent/agent-host.ts";
import type { ModelAccess } from "./agent/model-door.ts";
import type { EgressOptions } from "./egress/egress-proxy.ts";
import { report, type Scope } from "./scope.ts";
import type { SessionPatch } from "./session.ts";
import { wireEvent } from "./session-event.ts";
import { Silence } from "./silence.ts";
import { exchanges } from "./store/exchanges.ts";
import type { Transcript } from "./transcript.ts";

interface Options {
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	/** Which kind of agent works here now. */
	readonly kind: () => string;
	/** @throws Problem while nothing may start here */
	/** @throws Problem while people may not have this started */
	readonly admit: () => void;
	/** @throws Problem when there is nothing any more that could be started */
	readonly mayStart: (what: Started) => void;
	readonly models: ModelAccess;
	readonly egress: EgressOptions;
	readonly createHost: (options: AgentHostOptions) => AgentHost;
	/** Everything it says, decoded. */
	readonly onHeard: (event: AgentEvent) => void;
	readonly onPermission: (request: PermissionRequest) => void;
}

/** The workspace's one agent: made when it is first needed, heard by the transcript, stopped after a while of nothing. */
export class Agent {
	readonly #scope: Scope;
	readonly #transcript: Transcript;
	readonly #options: Options;
	#held: { readonly host: AgentHost; readonly kind: string } | undefined;
	/** The end of the agent before this one: two never work on the same files. */
	#ending: Promise<void> = Promise.resolve();
	#idleTimer: NodeJS.Timeout | undefined;
	#isKept = false;
	#silence: Silence | undefined;

	constructor(scope: Scope, transcript: Transcript, options: Options) {
		this.#scope = scope;
		this.#transcript = transcript;
		this.#options = options;
	}

	get host(): AgentHost {
		const kind = this.#options.kind();
		if (this.#held?.kind === kind) return this.#held.host;
		this.#letGo();
		const host = this.#make(kind);
		this.#held = { host, kind };
		return host;
	}

	/**
	 * The host of the kind that was chosen, once the one before it has ended.
	 * @throws Problem `busy` `archived` `not_found` while nothing of the sort may start here
	 */
	async ready(what: Started = "agent"): Promise<AgentHost> {
		this.#admit(what);
		const { host } = this;
		await this.#ending;
		if (host !== this.#held?.host) return this.ready(what);
		// What ended took its time: somebody may have archived the workspace meanwhile.
		this.#admit(what);
		return host;
	}

	#admit(what: Started): void {
		this.#options.admit();
		this.#options.mayStart(what);
	}

	/** Another kind was chosen: what runs of the old one ends. */
	changed(): void {
		if (this.#held !== undefined && this.#held.kind !== this.#options.kind()) this.#letGo();
		this.noteOff();
	}

	/** @throws Problem `bad_input` · AgentBroken · TurnFailed */
	async choose(kind: ChoiceKind, id: string): Promise<void> {
		await (await this.ready()).choose(kind, id);
	}

	/** Until the returned function is called, people read it when the agent works and says nothing for long. */
	listen(): () => void {
		const { limits, now } = this.#scope;
		const silence = new Silence({
			waitMs: limits.agentSilentMs,
			now,
			isWorking: () => this.#held?.host.state === "running",
			onSilent: () => {
				this.#transcript.add({ type: "notice", level: "warning", text: silentText(limits.agentSilentMs) });
				this.#transcript.note({}); // so that it is committed soon
			},
		});
		this.#silence = silence;
		return () => silence.close();
	}

	/** There is work: it stays. */
	hold(): void {
		clearTimeout(this.#idleTimer);
	}

	/** Somebody needs its sandbox beside turns, or does not any more. */
	keep(isKept: boolean): void {
		this.#isKept = isKept;
		if (isKept) this.hold();
	}

	/** Nothing is left to do: it stays for a while, in case somebody goes on. */
	release(): void {
		this.hold();
		const host = this.#held?.host;
		if (host === undefined || this.#isKept) return;
		this.#idleTimer = setTimeout(() => {
			host.stop().catch(report(this.#scope, "the agent did not stop"));
		}, this.#scope.limits.workspaceIdleMs);
	}

	/** Ends its processes, if there are any. */
	async stop(): Promise<void> {
		this.hold();
		await Promise.all([this.#ending, this.#held?.host.stop()]);
	}

	/** What is true of an agent that nobody has started yet. */
	noteOff(): void {
		this.#transcript.note({ state: "off", problem: undefined, installing: undefined });
	}

	#letGo(): void {
		const host = this.#held?.host;
		this.#held = undefined;
		if (host === undefined) return;
		const ended = host.stop().catch(report(this.#scope, "the agent did not stop"));
		this.#ending = Promise.all([this.#ending, ended]).then(() => undefined);
	}

	#make(kind: string): AgentHost {
		const { workspaceId, dataDir, models, egress, createHost, onPermission, mayStart } = this.#options;
		const { frame, limits, now } = this.#scope;
		const isCurrent = (): boolean => this.#held === undefined || this.#held.host === host;
		const host: AgentHost = createHost({
			workspaceId,
			agent: kind,
			models,
			egress,
			mayStart,
			dataDir,
			db: { execute: (sql, ...args) => frame.db.execute(sql, ...args) },
			limits,
			now,
			recall: () => exchanges(frame.db),
			onPermission,
			onEvent: (event) => this.#onEvent(event),
			onState: (state, problem) => {
				if (isCurrent()) this.#onState(host, state, problem);
			},
			onChoices: (choices) => {
				if (!isCurrent()) return;
				const mode = choices.mode?.current;
				this.#transcript.note({ choices, ...(mode === undefined ? {} : { mode }) });
			},
			onInstall: (done) => this.#transcript.note({ installing: Math.round(done * 100) / 100 }),
			onProblem: report(this.#scope, "the agent host had a problem"),
		});
		return host;
	}

	#onEvent(raw: SessionEvent): void {
		this.#silence?.heard();
		const { audience, limits } = this.#scope;
		if (audience.isWanted("session.event")) {
			audience.broadcast("session.event", wireEvent(raw, limits.changesPageBytesMax));
		}
		const event = decodeEvent(raw);
		this.#transcript.hear(event);
		this.#options.onHeard(event);
	}

	#onState(host: AgentHost, state: AgentState, problem?: string): void {
		this.#transcript.note({ state, problem, installing: undefined, ...sandboxFacts(host.info) });
	}
}

const silentText = (ms: number): string => {
	const minutes = Math.round(ms / 60_000);
	const time = minutes < 1 ? `${Math.round(ms / 1_000)} seconds` : minutes === 1 ? "a minute" : `${minutes} minutes`;
	return `The agent has said nothing for ${time}. It may still be working; its turn can be cancelled.`;
};

/** What a host knows of its sandbox. Before its first start it knows nothing, and what an earlier one found out stands. */
const sandboxFacts = ({ sandboxId, sandboxKind, sandboxNote, facts }: SandboxInfo): SessionPatch => {
	if (sandboxId === null && sandboxNote === undefined) return {};
	return { ...(sandboxId === null ? {} : { sandboxId }), sandboxKind, sandboxNote, sandbox: facts };
};
