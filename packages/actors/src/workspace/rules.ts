import type { RuleRow } from "@bullpen/domain/permission";
import { type Court, checkRules, madeRule, revokedRule } from "@bullpen/domain/permission-rules";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { PermissionRow } from "@bullpen/domain/workspace";
import { putAct, type Scope, type WorkspaceDraft } from "./scope.ts";
import { ruleById, standingRules } from "./store/rules.ts";

type Remembered = Extract<ReturnType<typeof madeRule>, object>;

/** What the workspace remembers of answers, so that the same question is not asked again. */
export class Rules {
	readonly #scope: Scope;

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	/** Those that nobody took back, as this commit sees them. */
	async standing(draft: WorkspaceDraft): Promise<RuleRow[]> {
		const kept = await standingRules(this.#scope.frame.db);
		const ids = new Set([...kept.map(({ id }) => id), ...addedIds(draft)]);
		const rows = [...ids].flatMap((id) => {
			const pending = draft.pending("rule", id);
			return pending?.kind === "rule" ? [pending] : kept.filter((rule) => rule.id === id);
		});
		return rows.filter(({ revokedAt }) => revokedAt === undefined);
	}

	/** Remembers a yes, unless it is remembered already. @throws Problem `queue_full` */
	async putMade(
		draft: WorkspaceDraft,
		permission: Omit<PermissionRow, "version">,
		{ scope, by }: { readonly scope: "same" | "kind"; readonly by: readonly string[] },
		court: Court,
	): Promise<Remembered | undefined> {
		const rules = await this.standing(draft);
		const made = { id: this.#scope.newId("r"), by, at: this.#scope.now() };
		const rule = madeRule(permission, scope, made, { rules, court });
		if (rule === undefined) return undefined;
		checkRules(rules.length, this.#scope.limits);
		draft.put<RuleRow>(rule);
		draft.note("rules", { type: "rules", addedIds: [...addedIds(draft), rule.id] });
		putAct(this.#scope, draft, { type: "rule-added", ...named(rule), by: [...by] });
		return rule;
	}

	/** @throws Problem `not_found` */
	async revoke(ruleId: string, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		await this.#scope.writer.write(async (draft) => {
			const { userId: by } = acting(draft);
			const pending = draft.pending("rule", ruleId);
			const rule = pending?.kind === "rule" ? pending : await ruleById(this.#scope.frame.db, ruleId);
			const revoked = revokedRule(rule, by, this.#scope.now());
			if (revoked === rule) return;
			draft.put<RuleRow>(revoked);
			putAct(this.#scope, draft, { type: "rule-revoked", ...named(revoked), by });
		});
	}
}

const named = ({ id: ruleId, toolKind, target }: Remembered) => ({
	ruleId,
	toolKind,
	...(target === undefined ? {} : { target }),
});

const addedIds = (draft: WorkspaceDraft): readonly string[] => {
	const noted = draft.noted("rules");
	return noted?.type === "rules" ? noted.addedIds : [];
};
