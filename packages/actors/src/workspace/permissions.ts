import type { PermissionRow } from "@bullpen/domain/workspace";
import { answeredPermission, closedPermission, denial } from "@bullpen/domain/workspace-rules";
import type { PermissionRequest } from "./agent/agent-host.ts";
import type { Agent } from "./agent.ts";
import { report, type Scope, type WorkspaceDraft } from "./scope.ts";
import { pendingPermissions, permissionById } from "./store/permissions.ts";
import type { Transcript } from "./transcript.ts";

/** The agent's questions: rows that anybody who may prompt answers, the first valid answer decides, time denies. */
export class Permissions {
	readonly #scope: Scope;
	readonly #transcript: Transcript;
	readonly #agent: Agent;
	/** The agent's own ids of the questions that wait: they may repeat from session to session, ours do not. */
	readonly #asked = new Map<string, PermissionRequest>();
	#timer: NodeJS.Timeout | undefined;

	constructor(scope: Scope, transcript: Transcript, agent: Agent) {
		this.#scope = scope;
		this.#transcript = transcript;
		this.#agent = agent;
	}

	/** The agent waits for an answer. What it said before is committed with its question. */
	async ask(turnId: string, request: PermissionRequest): Promise<void> {
		const askedAt = this.#scope.now();
		const { requestId: _, options, ...said } = request;
		const row: Omit<PermissionRow, "version"> = {
			kind: "permission",
			id: this.#scope.newId("q"),
			turnId,
			...said,
			options: [...options],
			status: "pending",
			askedAt,
			expiresAt: askedAt + this.#scope.limits.approvalMs,
		};
		this.#asked.set(row.id, request);
		await this.#transcript.commit((draft) => void draft.put<PermissionRow>(row));
		this.#watch();
	}

	/**
	 * Commits the answer, then tells the agent: exactly one answer of all ever reaches it.
	 * @throws Problem `not_found` `already_answered` `bad_input`
	 */
	async answer(
		userId: string,
		input: { requestId: string; optionId: string },
		also: (draft: WorkspaceDraft) => void,
	): Promise<void> {
		const { requestId: id, optionId } = input;
		await this.#scope.writer.write(async (draft) => {
			const answered = answeredPermission(await this.#row(draft, id), { userId, optionId }, this.#scope.now());
			draft.put<PermissionRow>(answered);
			also(draft);
		});
		await this.#tellAgent(id, optionId);
	}

	/** Closes every question that waits, as a part of the commit that ends or stops the turn. */
	async putCancelled(draft: WorkspaceDraft): Promise<void> {
		const now = this.#scope.now();
		for (const { id } of await pendingPermissions(this.#scope.frame.db)) {
			const row = await this.#row(draft, id);
			const closed = row && closedPermission(row, "cancelled", now);
			if (closed !== undefined) draft.put<PermissionRow>(closed);
		}
	}

	/** The turn is over: its questions reach nobody any more. */
	forget(): void {
		this.#asked.clear();
		this.stop();
	}

	/** Call from `onSleep`: no timer outlives the actor. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	/** Looks again at the next expiry. */
	#watch(): void {
		this.stop();
		this.#expireDue().catch(report(this.#scope, "questions did not expire"));
	}

	async #expireDue(): Promise<void> {
		const now = this.#scope.now();
		for (const row of await pendingPermissions(this.#scope.frame.db)) {
			if (row.expiresAt > now) {
				this.stop();
				this.#timer = setTimeout(() => this.#watch(), row.expiresAt - now);
				return;
			}
			await this.#expire(row.id);
		}
	}

	async #expire(id: string): Promise<void> {
		const options = await this.#scope.writer.write(async (draft) => {
			const row = await this.#row(draft, id);
			const closed = row && closedPermission(row, "expired", this.#scope.now());
			if (closed === undefined) return undefined;
			draft.put<PermissionRow>(closed);
			return closed.options;
		});
		if (options === undefined) return;
		const no = denial(options);
		if (no === undefined) await this.#agent.host.cancel();
		else await this.#tellAgent(id, no);
	}

	async #tellAgent(id: string, optionId: string): Promise<void> {
		const request = this.#asked.get(id);
		this.#asked.delete(id);
		if (request !== undefined) await this.#agent.host.answerPermission(request.requestId, optionId);
	}

	async #row(draft: WorkspaceDraft, id: string): Promise<PermissionRow | undefined> {
		const pending = draft.pending("permission", id);
		return pending?.kind === "permission" ? pending : permissionById(this.#scope.frame.db, id);
	}
}
