import type { Limits } from "./limits.ts";
import type { PermissionPolicy, PermissionVote, RememberScope, RuleRow } from "./permission.ts";
import { Problem } from "./problem.ts";
import type { Actor } from "./prompt-rules.ts";
import type { PermissionRow } from "./workspace.ts";

/** A row as the rules make it; the store adds the version. */
type Permission = Omit<PermissionRow, "version">;
type Rule = Omit<RuleRow, "version">;
type Option = PermissionRow["options"][number];
type Subject = Pick<Permission, "toolKind" | "target">;

/** Whose word counts. */
export interface Court {
	readonly policy: PermissionPolicy;
	readonly ownerId: string;
	/** Somebody who was removed since: what they said does not count any more. */
	isOut(userId: string): boolean;
}

export interface Answer {
	readonly by: Actor;
	readonly optionId: string;
	readonly remember?: RememberScope | undefined;
}

/** What became of an answer. */
export type Verdict =
	/** The same person said the same before. */
	| { readonly type: "known" }
	/** The first yes of two. */
	| { readonly type: "supported"; readonly permission: Permission; readonly option: Option }
	| { readonly type: "denied"; readonly permission: Permission; readonly option: Option }
	| {
			readonly type: "allowed";
			readonly permission: Permission;
			readonly option: Option;
			readonly by: readonly string[];
			/** What its answer is to be remembered for. */
			readonly remember: RememberScope | undefined;
	  };

/** Everybody who may prompt has a say, or the owner alone. */
export const mayAnswer = (policy: PermissionPolicy, role: Actor["role"]): boolean =>
	role === "owner" || (role === "prompter" && policy !== "owner");

/** Everything that is not a no needs as many as the policy says, the agent's own words included. */
export const isDenying = ({ kind }: Pick<Option, "kind">): boolean => kind.startsWith("reject");
const isAlways = ({ kind }: Pick<Option, "kind">): boolean => kind === "allow_always";

/** Kinds of tools whose calls are alike enough to allow them all. */
const KINDS: ReadonlySet<string> = new Set(["read", "search", "edit", "delete", "move", "execute", "fetch"]);

/** What a yes to this can be remembered for, the narrower first. A change of mode is never the same twice. */
export const rememberable = ({ toolKind, target }: Subject): RememberScope[] => {
	if (toolKind === undefined || toolKind === "switch_mode") return [];
	return [...(target === undefined ? [] : ["same" as const]), ...(KINDS.has(toolKind) ? ["kind" as const] : [])];
};

/**
 * Weighs an answer. Of all answers exactly one decides.
 * @throws Problem `not_found` · `already_answered` with whose and what · `forbidden` by the `policy` · `bad_input` for an
 * option the question does not have, or something that cannot be remembered
 */
export const weighed = (permission: Permission | undefined, answer: Answer, court: Court, at: number): Verdict => {
	const { userId, role } = answer.by;
	if (permission === undefined) throw new Problem("not_found", "There is no such question.");
	if (permission.status !== "pending") throw alreadyAnswered(permission);
	if (at >= permission.expiresAt) throw alreadyAnswered({ ...permission, status: "expired" });
	if (!mayAnswer(court.policy, role)) {
		throw new Problem("forbidden", "Here the owner answers the agent.", { policy: court.policy });
	}
	const option = permission.options.find(({ optionId }) => optionId === answer.optionId);
	if (option === undefined) throw badAnswer("optionId", "This is not one of the question's answers.");
	const remember = remembered(permission, option, answer.remember);
	if (isDenying(option)) return { type: "denied", permission: decided(permission, option, userId, at), option };
	if (court.policy !== "two") {
		return { type: "allowed", permission: decided(permission, option, userId, at), option, by: [userId], remember };
	}
	return supported(permission, { userId, optionId: option.optionId, ...(remember && { remember }), at }, option, court);
};

const supported = (permission: Permission, vote: PermissionVote, option: Option, court: Court): Verdict => {
	const votes = (permission.votes ?? []).filter(({ userId }) => !court.isOut(userId));
	const [other] = votes.filter(({ userId }) => userId !== vote.userId);
	if (other === undefined) {
		const [own] = votes;
		if (own?.optionId === vote.optionId && own.remember === vote.remember) return { type: "known" };
		return { type: "supported", permission: { ...permission, votes: [vote] }, option };
	}
	const first = permission.options.find(({ optionId }) => optionId === other.optionId) ?? option;
	const common = isAlways(option) ? first : option;
	return {
		type: "allowed",
		permission: { ...decided(permission, common, vote.userId, vote.at), votes: [other, vote] },
		option: common,
		by: [other.userId, vote.userId],
		remember: narrower(other.remember, vote.remember),
	};
};

/** Both have to want it, and then for no more than both want. */
const narrower = (a: RememberScope | undefined, b: RememberScope | undefined): RememberScope | undefined =>
	a === undefined || b === undefined ? undefined : a === "same" ? a : b;

const decided = (permission: Permission, { optionId }: Option, by: string, at: number): Permission => ({
	...permission,
	status: "answered",
	optionId,
	answeredBy: by,
	answeredAt: at,
});

const remembered = (
	subject: Permission,
	option: Option,
	wanted: RememberScope | undefined,
): RememberScope | undefined => {
	const scopes = rememberable(subject);
	if (wanted === undefined) return isAlways(option) ? scopes[0] : undefined;
	if (isDenying(option)) throw badAnswer("remember", "Only a yes can be remembered.");
	if (!scopes.includes(wanted)) throw badAnswer("remember", "This cannot be remembered.");
	return wanted;
};

const badAnswer = (field: string, sentence: string): Problem => new Problem("bad_input", sentence, { field });

const alreadyAnswered = ({ status, answeredBy, optionId }: Permission): Problem =>
	new Problem("already_answered", "This question has its answer already.", {
		status,
		...(answeredBy === undefined ? {} : { answeredBy }),
		...(optionId === undefined ? {} : { optionId }),
	});

/**
 * What the agent is told. An "always" is ours to remember, where everybody sees it and can take it back: the agent hears
 * "once" and asks again. A change of mode it hears as it was said: there the options are different acts.
 */
export const toldOption = (
	{ toolKind, options }: Pick<Permission, "toolKind" | "options">,
	option: Option,
): Option["optionId"] => {
	const isOurs = isAlways(option) && toolKind !== "switch_mode";
	return ((isOurs && options.find(({ kind }) => kind === "allow_once")) || option).optionId;
};

/** A question nobody may answer any more: its time is over, or its turn is. Undefined when it had its answer. */
export const closedPermission = (
	permission: Permission,
	status: "expired" | "cancelled",
	at: number,
): Permission | undefined => {
	if (permission.status !== "pending") return undefined;
	return { ...permission, status: at >= permission.expiresAt ? "expired" : status, answeredAt: at };
};

/** What the agent is told when nobody answers: no, once. Undefined when its question offers no such answer. */
export const denial = (options: PermissionRow["options"]): string | undefined =>
	(options.find(({ kind }) => kind === "reject_once") ?? options.find(isDenying))?.optionId;

/** The rule that a remembered yes makes, or undefined when one that is in force says the same. */
export const madeRule = (
	{ toolKind = "other", target }: Subject,
	scope: RememberScope,
	made: { readonly id: string; readonly by: readonly string[]; readonly at: number },
	known: { readonly rules: readonly Rule[]; readonly court: Court },
): Rule | undefined => {
	const subject = scope === "kind" || target === undefined ? { toolKind } : { toolKind, target };
	const isSame = (rule: Rule): boolean => rule.toolKind === toolKind && rule.target === subject.target;
	if (known.rules.some((rule) => isSame(rule) && isInForce(rule, known.court))) return undefined;
	return { kind: "rule", id: made.id, ...subject, by: [...made.by], createdAt: made.at };
};

/** Whether those who made it could still decide so. */
export const isInForce = ({ by, revokedAt }: Rule, { policy, ownerId, isOut }: Court): boolean => {
	if (revokedAt !== undefined) return false;
	const people = new Set(by.filter((userId) => !isOut(userId)));
	switch (policy) {
		case "prompters":
			return people.size > 0;
		case "owner":
			return people.has(ownerId);
		case "two":
			return people.size > 1;
	}
};

/** The question as a remembered yes answers it, once. Undefined when none is about it, or it has no such answer. */
export const answeredByRule = (
	permission: Permission,
	rules: readonly Rule[],
	court: Court,
	at: number,
): { permission: Permission; option: Option; rule: Rule } | undefined => {
	const { toolKind, target, options, status } = permission;
	if (status !== "pending" || at >= permission.expiresAt || rememberable(permission).length === 0) return undefined;
	const rule = rules.find(
		(one) => one.toolKind === toolKind && (one.target === undefined || one.target === target) && isInForce(one, court),
	);
	const option = options.find(({ kind }) => kind === "allow_once") ?? options.find(isAlways);
	const by = rule?.by.findLast((userId) => !court.isOut(userId));
	if (rule === undefined || option === undefined || by === undefined) return undefined;
	return { permission: { ...decided(permission, option, by, at), ruleId: rule.id }, option, rule };
};

/**
 * Takes a remembered answer back. Doing it twice changes nothing.
 * @throws Problem `not_found`
 */
export const revokedRule = (rule: Rule | undefined, by: string, at: number): Rule => {
	if (rule === undefined) throw new Problem("not_found", "There is no such remembered answer.");
	return rule.revokedAt === undefined ? { ...rule, revokedBy: by, revokedAt: at } : rule;
};

/** @throws Problem `queue_full` when as many answers are remembered as can be */
export const checkRules = (
	rules: number,
	{ permissionRulesMax: rulesMax }: Pick<Limits, "permissionRulesMax">,
): void => {
	if (rules < rulesMax) return;
	throw new Problem("queue_full", "Too many answers are remembered here. Take one back first.", { rulesMax });
};
