import {
	type Answer,
	answeredByRule,
	type Court,
	closedPermission,
	denial,
	toldOption,
	type Verdict,
	weighed,
} from "@bullpen/domain/permission-rules";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { PermissionRow } from "@bullpen/domain/workspace";
import { Alarm } from "../alarm.ts";
import type { PermissionRequest } from "./agent/agent-host.ts";
import type { Agent } from "./agent.ts";
import type { Rules } from "./rules.ts";
import { putAct, report, type Scope, type WorkspaceDraft } from "./scope.ts";
import { pendingPermissions, permissionById } from "./store/permissions.ts";
import type { Transcript } from "./transcript.ts";

interface Parts {
	readonly scope: Scope;
	readonly transcript: Transcript;
	readonly agent: Agent;
	readonly rules: Rules;
	/** Whose word counts, as this commit sees it. */
	readonly court: (draft: WorkspaceDraft) => Court;
}

/** What the agent is to be told, once it is committed. */
type Told = readonly [permissionId: string, optionId: string];

/** The agent's questions: rows that people answer as the policy says, or a remembered answer does; time denies. */
export class Permissions {
	readonly #parts: Parts;
	readonly #alarm: Alarm;
	/** The agent's own ids of the questions that wait: they may repeat from session to session, ours do not. */
	readonly #asked = new Map<string, PermissionRequest>();
	#timer: NodeJS.Timeout | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#alarm = new Alarm(parts.scope.frame, "permissionAlarm", parts.scope.now);
	}

	/** Call from `onWake`. */
	async wake(): Promise<void> {
		await this.#alarm.restore();
	}

	/** The agent waits for an answer. What it said before is committed with its question. */
	async ask(turnId: string, request: PermissionRequest): Promise<void> {
		const { scope, transcript, rules, court } = this.#parts;
		const { approvalMs } = scope.limits;
		const askedAt = scope.now();
		const { requestId: _, options, ...said } = request;
		const row: Omit<PermissionRow, "version"> = {
			kind: "permission",
			id: scope.newId("q"),
			turnId,
			...said,
			options: [...options],
			status: "pending",
			askedAt,
			expiresAt: askedAt + approvalMs,
		};
		this.#asked.set(row.id, request);
		await this.#alarm.ensure(approvalMs);
		const told = await transcript.commit(async (draft) => {
			const isAnswered = this.#putByRule(draft, row, await rules.standing(draft), court(draft));
			if (isAnswered === undefined) draft.put<PermissionRow>(row);
			return isAnswered;
		});
		if (told === undefined) this.#watch();
		else await this.#tellAgent(told);
	}

	/**
	 * Commits the answer, then tells the agent: exactly one answer of all ever reaches it.
	 * @throws Problem `not_found` `already_answered` `bad_input` `forbidden` `queue_full`
	 */
	async answer(
		input: { requestId: string } & Omit<Answer, "by">,
		acting: (draft: WorkspaceDraft) => Actor,
	): Promise<void> {
		const { scope, court } = this.#parts;
		const { requestId, ...said } = input;
		const told = await scope.writer.write(async (draft) => {
			const by = acting(draft);
			const verdict = weighed(await this.#row(draft, requestId), { ...said, by }, court(draft), scope.now());
			return this.#putVerdict(draft, verdict, by);
		});
		for (const each of told) await this.#tellAgent(each);
	}

	/** Closes every question that waits, as a part of the commit that ends or stops the turn. */
	async putCancelled(draft: WorkspaceDraft, by?: string): Promise<void> {
		const { scope } = this.#parts;
		for (const { id } of await pendingPermissions(scope.frame.db)) {
			const row = await this.#row(draft, id);
			const closed = row && closedPermission(row, "cancelled", scope.now());
			if (closed === undefined) continue;
			draft.put<PermissionRow>(closed);
			if (closed.status === "expired") putAct(scope, draft, { type: "permission-expired", ...named(closed) });
			else putAct(scope, draft, { type: "permission-cancelled", ...named(closed), ...(by && { by }) });
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

	/** The alarm rang: the time of some question may be over. It stands again while another one waits. */
	async ring(): Promise<void> {
		const { scope } = this.#parts;
		this.#alarm.rang();
		const [next] = await this.#expireDue();
		if (next !== undefined) await this.#alarm.ensure(Math.max(0, next.expiresAt - scope.now()));
	}

	async #putVerdict(draft: WorkspaceDraft, verdict: Verdict, { userId }: Actor): Promise<Told[]> {
		const { scope, court } = this.#parts;
		if (verdict.type === "known") return [];
		const { permission, option } = verdict;
		draft.put<PermissionRow>(permission);
		const what = { ...named(permission), answer: option.name };
		const { policy } = court(draft);
		if (verdict.type === "supported") {
			putAct(scope, draft, { type: "permission-supported", ...what, by: userId });
			return [];
		}
		const told: Told = [permission.id, toldOption(permission, option)];
		if (verdict.type === "denied") {
			putAct(scope, draft, { type: "permission-denied", ...what, by: userId, policy });
			return [told];
		}
		putAct(scope, draft, { type: "permission-allowed", ...what, by: [...verdict.by], policy });
		return [told, ...(await this.#putRemembered(draft, verdict))];
	}

	/** Remembers the answer, and gives it to whatever else waits for the same. */
	async #putRemembered(
		draft: WorkspaceDraft,
		{ permission, remember: scope, by }: Extract<Verdict, { type: "allowed" }>,
	): Promise<Told[]> {
		if (scope === undefined) return [];
		const court = this.#parts.court(draft);
		const rule = await this.#parts.rules.putMade(draft, permission, { scope, by }, court);
		if (rule === undefined) return [];
		const told: Told[] = [];
		for (const { id } of await pendingPermissions(this.#parts.scope.frame.db)) {
			const row = await this.#row(draft, id);
			const answered = row && this.#putByRule(draft, row, [rule], court);
			if (answered !== undefined) told.push(answered);
		}
		return told;
	}

	/** Undefined when nothing that is remembered answers it. */
	#putByRule(
		draft: WorkspaceDraft,
		row: Omit<PermissionRow, "version">,
		rules: Parameters<typeof answeredByRule>[1],
		court: Court,
	): Told | undefined {
		const { scope } = this.#parts;
		const answered = answeredByRule(row, rules, court, scope.now());
		if (answered === undefined) return undefined;
		const { permission, option, rule } = answered;
		draft.put<PermissionRow>(permission);
		putAct(scope, draft, {
			type: "permission-allowed",
			...named(permission),
			by: [...rule.by],
			answer: option.name,
			policy: court.policy,
			ruleId: rule.id,
		});
		return [permission.id, toldOption(permission, option)];
	}

	/** Looks again at the next expiry. */
	#watch(): void {
		this.#expireDue().catch(report(this.#parts.scope, "questions did not expire"));
	}

	/** Those that still wait, the next to expire first. */
	async #expireDue(): Promise<PermissionRow[]> {
		const { scope } = this.#parts;
		this.stop();
		const waiting = await pendingPermissions(scope.frame.db);
		const now = scope.now();
		const due = waiting.filter(({ expiresAt }) => expiresAt <= now);
		const [next] = waiting.slice(due.length);
		if (next !== undefined) {
			this.stop();
			this.#timer = setTimeout(() => this.#watch(), next.expiresAt - now);
		}
		for (const { id } of due) await this.#expire(id);
		return waiting.slice(due.length);
	}

	async #expire(id: string): Promise<void> {
		const { scope, agent } = this.#parts;
		const options = await scope.writer.write(async (draft) => {
			const row = await this.#row(draft, id);
			const closed = row && closedPermission(row, "expired", scope.now());
			if (closed === undefined) return undefined;
			draft.put<PermissionRow>(closed);
			putAct(scope, draft, { type: "permission-expired", ...named(closed) });
			return closed.options;
		});
		if (options === undefined) return;
		const no = denial(options);
		if (no === undefined) await agent.host.cancel();
		else await this.#tellAgent([id, no]);
	}

	async #tellAgent([id, optionId]: Told): Promise<void> {
		const request = this.#asked.get(id);
		this.#asked.delete(id);
		if (request !== undefined) await this.#parts.agent.host.answerPermission(request.requestId, optionId);
	}

	async #row(draft: WorkspaceDraft, id: string): Promise<PermissionRow | undefined> {
		const pending = draft.pending("permission", id);
		return pending?.kind === "permission" ? pending : permissionById(this.#parts.scope.frame.db, id);
	}
}

const named = ({ id: permissionId, title }: Pick<PermissionRow, "id" | "title">) => ({ permissionId, title });
