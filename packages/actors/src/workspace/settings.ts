import { type ChoiceKind, refuseUnlessMayChoose } from "@bullpen/domain/agent-choices";
import { type AgentName, knownAgent } from "@bullpen/domain/agent-name";
import type { PermissionPolicy } from "@bullpen/domain/permission";
import { Problem } from "@bullpen/domain/problem";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { SessionRow, WorkspaceInitInput, WorkspaceMemberRow } from "@bullpen/domain/workspace";
import type { z } from "zod";
import { AgentBroken, TurnFailed } from "./agent/agent-host.ts";
import { agentKind } from "./agent/agents.ts";
import type { Agent } from "./agent.ts";
import type { Entrance } from "./entrance.ts";
import type { Listing } from "./listing.ts";
import type { Payer } from "./payer.ts";
import { putAct, report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import type { Turns } from "./turns.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

interface Parts {
	readonly workspaceId: string;
	readonly session: Session;
	readonly entrance: Entrance;
	readonly listing: Listing;
	readonly payer: Payer;
	readonly agent: Agent;
	readonly turns: Turns;
	/** Installs an agent ahead of its first prompt. */
	readonly prepare: (agent: AgentName) => Promise<void>;
}

/** What a workspace begins as, and what people then decide about its agent. */
export class Settings {
	readonly #scope: Scope;
	readonly #parts: Parts;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
	}

	/** Makes the workspace answer. Doing it again changes nothing: the directory repeats it when it is not sure. */
	async initialise(input: z.infer<typeof WorkspaceInitInput>): Promise<void> {
		if (input.visibility === "room" && input.roomId === undefined) {
			throw new Problem("bad_input", "A workspace of a room needs that room's id.", { field: "roomId" });
		}
		knownAgent(input.agent);
		const { session, listing, workspaceId } = this.#parts;
		await this.#scope.writer.write((draft) => {
			if (session.row !== undefined || draft.pending("session", "default") !== undefined) return;
			const createdAt = this.#scope.now();
			const row = draft.put<SessionRow>({
				kind: "session",
				id: "default",
				workspaceId,
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
			listing.putMade(draft, row);
			const owner = { id: input.ownerId, role: "owner", status: "joined", changedAt: createdAt } as const;
			draft.put<WorkspaceMemberRow>({ kind: "member", ...owner });
		});
		this.#prepareAgent();
	}

	/**
	 * Another agent from the next prompt on; it is told the conversation.
	 * @throws Problem `bad_input` `busy` while a turn runs
	 */
	async setAgent(name: string, acting: Acting): Promise<void> {
		const { session, entrance, turns, agent } = this.#parts;
		const to = knownAgent(name);
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const { agent: from } = session.seen(draft) ?? entrance.session;
			if (from === to) return;
			if (turns.turnId !== undefined) {
				throw new Problem("busy", "The agent is working: stop it first, or wait.", { state: "running" });
			}
			session.put(draft, { agent: to, mode: undefined, choices: undefined, commands: undefined });
			putAct(this.#scope, draft, { type: "agent-changed", by, from, to });
		});
		agent.changed();
		this.#prepareAgent();
	}

	/**
	 * Takes a value that the agent offers; it is started for it.
	 * @throws Problem `bad_input` `forbidden` `sandbox_unavailable`
	 */
	async choose(kind: ChoiceKind, id: string, acting: Acting): Promise<void> {
		const { session, turns, agent } = this.#parts;
		const { writer, frame } = this.#scope;
		const { userId: by } = await writer.write((draft) => {
			const actor = acting(draft);
			refuseUnlessMayChoose(kind, actor.role, session.seen(draft)?.policy);
			return actor;
		});
		try {
			await frame.keepAwake(agent.choose(kind, id));
		} catch (error) {
			if (!(error instanceof AgentBroken || error instanceof TurnFailed)) throw error;
			throw new Problem("sandbox_unavailable", error.message);
		} finally {
			if (!turns.isBusy) agent.release();
		}
		await writer.write((draft) => putAct(this.#scope, draft, { type: "choice-changed", by, what: kind, to: id }));
	}

	/** Whose answers count from now on; questions that wait are included. */
	async setPolicy(policy: PermissionPolicy, acting: Acting): Promise<void> {
		const { session, entrance } = this.#parts;
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const { policy: from = "prompters" } = session.seen(draft) ?? entrance.session;
			if (from === policy) return;
			session.put(draft, { policy });
			putAct(this.#scope, draft, { type: "policy-changed", by, from, to: policy });
		});
	}

	/** Installs ahead what somebody pays for; how far it is, the directory tells. */
	#prepareAgent(): void {
		const { entrance, payer, prepare } = this.#parts;
		const { agent } = entrance.session;
		const needed = agentKind(agent)?.providers ?? [];
		if (!needed.some((provider) => payer.keyOf(provider) !== undefined)) return;
		prepare(knownAgent(agent)).catch(report(this.#scope, "an agent was not installed ahead"));
	}
}
