import type { ChoiceKind } from "@bullpen/domain/agent-choices";
import type { SetEgressInput } from "@bullpen/domain/egress";
import type { PayerWish } from "@bullpen/domain/payer";
import type { AuditPage, PermissionPolicy, RememberScope } from "@bullpen/domain/permission";
import type { Line } from "./line.ts";

/** Steers a workspace: its queue, its questions, who answers them. Each resolves when it stands, and is told by the feed. */
export class WorkspaceControl {
	readonly #line: Line<"workspace">;

	constructor(line: Line<"workspace">) {
		this.#line = line;
	}

	/** @throws Problem `not_found` when it has begun or was removed · `forbidden` for others than author and owner */
	async editPrompt(promptId: string, text: string): Promise<void> {
		await this.#line.call("editPrompt", { promptId, text });
	}

	/** Behind another prompt, or with `null` to the front. @throws Problem `not_found` `forbidden` */
	async movePrompt(promptId: string, after: string | null): Promise<void> {
		await this.#line.call("movePrompt", { promptId, after });
	}

	/** @throws Problem `not_found` `forbidden` */
	async removePrompt(promptId: string): Promise<void> {
		await this.#line.call("removePrompt", { promptId });
	}

	/** Ends what runs; this prompt is next, also in a paused queue. @throws Problem `not_found` `forbidden` */
	async sendNow(promptId: string): Promise<void> {
		await this.#line.call("sendNow", { promptId });
	}

	/** What runs goes on, nothing else begins. */
	async pauseQueue(): Promise<void> {
		await this.#line.call("pauseQueue");
	}

	async resumeQueue(): Promise<void> {
		await this.#line.call("resumeQueue");
	}

	async cancelTurn(): Promise<void> {
		await this.#line.call("cancelTurn");
	}

	/**
	 * `remember` with a yes: for the very same thing, or for this kind of tool in this workspace.
	 * @throws Problem `already_answered`, with whose answer stands · `forbidden` by the policy
	 */
	async answerPermission(requestId: string, optionId: string, remember?: RememberScope): Promise<void> {
		await this.#line.call("answerPermission", { requestId, optionId, ...(remember && { remember }) });
	}

	/** Who answers the agent from now on. For the owner. @throws Problem `forbidden` */
	async setPolicy(policy: PermissionPolicy): Promise<void> {
		await this.#line.call("setPolicy", { policy });
	}

	/** From the next prompt on. @throws Problem `busy` while a turn runs */
	async setAgent(agent: string): Promise<void> {
		await this.#line.call("setAgent", { agent });
	}

	/** Starts the agent if it does not run. @throws Problem `bad_input` `forbidden` `sandbox_unavailable` */
	async choose(kind: ChoiceKind, id: string): Promise<void> {
		if (kind === "mode") await this.#line.call("setMode", { mode: id });
		else await this.#line.call("setModel", kind === "model" ? { model: id } : { effort: id });
	}

	/** @throws Problem `forbidden` */
	async setPayer(payer: PayerWish): Promise<void> {
		await this.#line.call("setPayer", { payer });
	}

	/** Where the sandbox may go from now on, all of it. For the owner. @throws Problem `bad_input` `forbidden` */
	async setEgress(egress: SetEgressInput): Promise<void> {
		await this.#line.call("setEgress", egress);
	}

	/** Nobody hears any more that this host was refused. For the owner. @throws Problem `forbidden` */
	async ignoreHost(host: string): Promise<void> {
		await this.#line.call("ignoreHost", { host });
	}

	/** Takes a remembered answer back. @throws Problem `not_found` */
	async revokeRule(ruleId: string): Promise<void> {
		await this.#line.call("revokeRule", { ruleId });
	}

	/** Who decided what, newest first: the entries below `before`. */
	async getAudit(before?: number): Promise<AuditPage> {
		return await this.#line.call("getAudit", before === undefined ? {} : { before });
	}
}
