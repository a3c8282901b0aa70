import { z } from "zod";
import { UnixMs, UserId, Version } from "./id.ts";

/**
 * Who answers the agent's questions: anybody who may prompt, the owner alone, or two people, each with a yes of their own.
 * A no decides always, as soon as somebody says it who may answer.
 */
export const PermissionPolicy = z.enum(["prompters", "owner", "two"]);
export type PermissionPolicy = z.infer<typeof PermissionPolicy>;

/** What a yes is remembered for: the very same thing, or every call of this kind of tool. In this workspace only. */
export const RememberScope = z.enum(["same", "kind"]);
export type RememberScope = z.infer<typeof RememberScope>;

/** What a question is about, as far as answers to it can be remembered. */
export const PermissionSubject = z.strictObject({
	/** ACP's `ToolKind`; `other` where the agent does not say. */
	toolKind: z.string(),
	/** The command, the file, the address, or else the title. Left out where it is too long to be remembered. */
	target: z.string().optional(),
});
export type PermissionSubject = z.infer<typeof PermissionSubject>;

/** One person's yes to a question that needs two. */
export const PermissionVote = z.strictObject({
	userId: UserId,
	optionId: z.string(),
	remember: RememberScope.optional(),
	at: UnixMs,
});
export type PermissionVote = z.infer<typeof PermissionVote>;

/** A remembered yes: questions about the same are answered with it, as long as the policy lets these people decide. */
export const RuleRow = z.strictObject({
	kind: z.literal("rule"),
	id: z.string(),
	version: Version,
	toolKind: z.string(),
	/** Left out: every call of this kind. */
	target: z.string().optional(),
	by: z.array(UserId).min(1),
	createdAt: UnixMs,
	revokedBy: UserId.optional(),
	revokedAt: UnixMs.optional(),
});
export type RuleRow = z.infer<typeof RuleRow>;

const question = { permissionId: z.string(), title: z.string() };
const scope = { ruleId: z.string(), toolKind: z.string(), target: z.string().optional() };

/** What was decided, and by whom. */
export const AuditAct = z.discriminatedUnion("type", [
	/** One of the two that are needed. */
	z.strictObject({ type: z.literal("permission-supported"), ...question, by: UserId, answer: z.string() }),
	z.strictObject({
		type: z.literal("permission-allowed"),
		...question,
		by: z.array(UserId).min(1),
		answer: z.string(),
		policy: PermissionPolicy,
		/** The remembered answer that was given in these people's name. */
		ruleId: z.string().optional(),
	}),
	z.strictObject({
		type: z.literal("permission-denied"),
		...question,
		by: UserId,
		answer: z.string(),
		policy: PermissionPolicy,
	}),
	z.strictObject({ type: z.literal("permission-expired"), ...question }),
	/** `by` stopped the turn; nobody did where a process ended under it. */
	z.strictObject({ type: z.literal("permission-cancelled"), ...question, by: UserId.optional() }),
	z.strictObject({ type: z.literal("rule-added"), ...scope, by: z.array(UserId).min(1) }),
	z.strictObject({ type: z.literal("rule-revoked"), ...scope, by: UserId }),
	z.strictObject({ type: z.literal("policy-changed"), by: UserId, from: PermissionPolicy, to: PermissionPolicy }),
	z.strictObject({ type: z.literal("agent-changed"), by: UserId, from: z.string(), to: z.string() }),
	/** `what`: mode, model or effort of the agent. */
	z.strictObject({ type: z.literal("choice-changed"), by: UserId, what: z.string(), to: z.string() }),
	/** `server`, `nobody`, or the id of a person. */
	z.strictObject({ type: z.literal("payer-changed"), by: UserId, from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("member-invited"), by: UserId, userId: UserId, role: z.string() }),
	z.strictObject({ type: z.literal("role-changed"), by: UserId, userId: UserId, from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("member-removed"), by: UserId, userId: UserId }),
	z.strictObject({ type: z.literal("ownership-passed"), by: UserId, userId: UserId }),
	z.strictObject({ type: z.literal("visibility-changed"), by: UserId, from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("workspace-renamed"), by: UserId, from: z.string(), to: z.string() }),
	z.strictObject({ type: z.literal("workspace-archived"), by: UserId }),
	z.strictObject({ type: z.literal("workspace-restored"), by: UserId }),
	z.strictObject({ type: z.literal("terminal-opened"), by: UserId }),
	/** Presets and hosts by name. */
	z.strictObject({
		type: z.literal("egress-changed"),
		by: UserId,
		added: z.array(z.string()),
		removed: z.array(z.string()),
	}),
	z.strictObject({ type: z.literal("queue-paused"), by: UserId }),
	z.strictObject({ type: z.literal("queue-resumed"), by: UserId }),
]);
export type AuditAct = z.infer<typeof AuditAct>;
export const AuditEntry = z.strictObject({ id: z.int().min(1), at: UnixMs, act: AuditAct });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const GetAuditInput = z.strictObject({
	before: z.int().min(1).optional(),
	limit: z.int().min(1).max(200).optional(),
});
/** Newest first. Nothing of it is ever changed or removed. */
export const AuditPage = z.strictObject({ entries: z.array(AuditEntry), hasMore: z.boolean() });
export type AuditPage = z.infer<typeof AuditPage>;

export const AnswerPermissionInput = z.strictObject({
	requestId: z.string(),
	optionId: z.string(),
	/** With a yes only. An option that means "always" is remembered as narrowly as can be when this is left out. */
	remember: RememberScope.optional(),
});
export const SetPolicyInput = z.strictObject({ policy: PermissionPolicy });
export const RevokeRuleInput = z.strictObject({ ruleId: z.string() });
