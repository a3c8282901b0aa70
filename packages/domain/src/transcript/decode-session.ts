import { z } from "zod";
import type { AgentCommand, AgentEvent } from "./agent-event.ts";
import { shortText, withoutNul } from "./agent-text.ts";
import { blocksText } from "./decode-content.ts";
import { type Cost, type PlanEntry, Tokens } from "./item.ts";
import { anything, count, JSON_BYTES_MAX, lenient, list, PATH_BYTES_MAX, TITLE_BYTES_MAX, text } from "./lenient.ts";

const PLAN_ENTRIES_MAX = 100;
const COMMANDS_MAX = 100;

const Entry = z.looseObject({
	content: z.string(),
	priority: z.string().catch("medium"),
	status: z.enum(["pending", "in_progress", "completed"]).catch("pending"),
});
const planEntries = (entries: readonly unknown[]): PlanEntry[] =>
	entries.slice(0, PLAN_ENTRIES_MAX).flatMap((raw) => {
		const entry = Entry.safeParse(raw);
		if (!entry.success) return [];
		const { content, priority, status } = entry.data;
		return [{ content: shortText(content, PATH_BYTES_MAX), priority: shortText(priority, 32), status }];
	});

const Plan = z.looseObject({ planId: text, id: text, entries: list, content: anything, uri: text });
const Planned = z.looseObject({ entries: list, plan: lenient(Plan), planId: text, id: text });

/** `plan` (protocol v1) has its entries on top, `plan_update` within `plan`, which may be prose or a file instead. */
export const decodePlan = (raw: unknown): AgentEvent => {
	const { entries, plan } = Planned.parse(raw);
	const id = plan?.planId ?? plan?.id;
	const prose = plan === undefined ? "" : blocksText(plan.content ?? plan.uri ?? "", JSON_BYTES_MAX);
	return {
		type: "plan-replaced",
		...(id === undefined ? {} : { planId: shortText(id, 64) }),
		entries: planEntries(plan?.entries ?? entries ?? []),
		...(prose === "" ? {} : { text: prose }),
	};
};

export const decodePlanRemoved = (raw: unknown): AgentEvent => {
	const { planId, id } = Planned.parse(raw);
	const known = planId ?? id;
	return { type: "plan-removed", ...(known === undefined ? {} : { planId: shortText(known, 64) }) };
};

const Notice = z.looseObject({
	severity: z.enum(["info", "warning", "error"]).catch("info"),
	title: z.string().min(1),
	description: text,
});

/** Null when it says nothing. */
export const decodeNotice = (raw: unknown): AgentEvent | null => {
	const notice = Notice.safeParse(raw);
	if (!notice.success) return null;
	const { severity, title, description } = notice.data;
	return {
		type: "notice-added",
		level: severity,
		text: shortText(title, TITLE_BYTES_MAX),
		...(description === undefined ? {} : { detail: shortText(description, JSON_BYTES_MAX) }),
	};
};

const Compaction = z.looseObject({
	compactionId: text,
	status: text,
	summary: anything,
	error: anything,
	content: anything,
});
const COMPACTION_STATUS: Readonly<Record<string, "in_progress" | "completed" | "failed">> = {
	in_progress: "in_progress",
	completed: "completed",
	failed: "failed",
	cancelled: "failed",
};

export const decodeCompaction = (raw: unknown): AgentEvent => {
	const { compactionId, status, summary, error } = Compaction.parse(raw);
	const known = COMPACTION_STATUS[status ?? ""];
	const problem =
		typeof error === "string" ? error : z.looseObject({ message: z.string() }).safeParse(error).data?.message;
	return {
		type: "compaction-changed",
		patch: {
			compactionId: shortText(compactionId ?? "", 128),
			...(known === undefined ? {} : { status: known }),
			...(summary === undefined || summary === null ? {} : { summary: blocksText(summary, JSON_BYTES_MAX) }),
			...(problem === undefined ? {} : { problem: shortText(problem, TITLE_BYTES_MAX) }),
		},
	};
};

export const decodeCompactionChunk = (raw: unknown): AgentEvent => {
	const { compactionId, content } = Compaction.parse(raw);
	const delta = z.looseObject({ text: z.string() }).safeParse(content).data?.text ?? "";
	return { type: "compaction-delta", compactionId: shortText(compactionId ?? "", 128), text: withoutNul(delta) };
};

const Subagent = z.looseObject({
	subagentSessionId: text,
	sessionId: text,
	name: text,
	title: text,
	task: text,
	state: z
		.union([z.string(), z.looseObject({ state: text, stopReason: text })])
		.optional()
		.catch(undefined),
});
const SUBAGENT_STATUS: Readonly<Record<string, "running" | "paused" | "completed" | "failed" | "cancelled">> = {
	running: "running",
	paused: "paused",
	completed: "completed",
	idle: "completed",
	failed: "failed",
	cancelled: "cancelled",
};

/** Null when it names no subagent. Drafts of the protocol disagree on the names of its fields. */
export const decodeSubagent = (raw: unknown): AgentEvent | null => {
	const { subagentSessionId, sessionId, name, title, task, state } = Subagent.parse(raw);
	const id = subagentSessionId ?? sessionId;
	if (id === undefined) return null;
	const called = name ?? title;
	const named = typeof state === "string" ? state : state?.stopReason === "cancelled" ? "cancelled" : state?.state;
	const status = SUBAGENT_STATUS[named ?? ""];
	return {
		type: "subagent-changed",
		patch: {
			subagentId: shortText(id, 128),
			...(called === undefined ? {} : { name: shortText(called, TITLE_BYTES_MAX) }),
			...(task === undefined ? {} : { task: shortText(task, JSON_BYTES_MAX) }),
			...(status === undefined ? {} : { status }),
		},
	};
};

const modeNoted = (mode: string): AgentEvent => ({ type: "mode-noted", mode: shortText(mode, 64) });
const Mode = z.looseObject({ currentModeId: text, modeId: text, configOptions: list });
const ModeOption = z.looseObject({ id: z.literal("mode"), currentValue: z.string() });

/** Null when no mode is named. */
export const decodeMode = (raw: unknown): AgentEvent | null => {
	const { currentModeId, modeId, configOptions } = Mode.parse(raw);
	const option = (configOptions ?? []).map((one) => ModeOption.safeParse(one)).find((parsed) => parsed.success);
	const mode = currentModeId ?? modeId ?? option?.data?.currentValue;
	return mode === undefined ? null : modeNoted(mode);
};

const Commands = z.looseObject({ availableCommands: list });
const Command = z.looseObject({
	name: z.string(),
	description: text,
	input: lenient(z.looseObject({ hint: text })),
});
/** One word as somebody types it: nothing in it that breaks the line, draws nothing or turns what follows around. */
const COMMAND_NAME = /^[^\s\p{C}]{1,64}$/u;

/** A later list replaces the one before. What cannot be written after a slash is left out, and what is there already. */
export const decodeCommands = (raw: unknown): AgentEvent => {
	const commands = new Map<string, AgentCommand>();
	for (const one of Commands.parse(raw).availableCommands?.slice(0, COMMANDS_MAX) ?? []) {
		const command = Command.safeParse(one);
		if (!command.success) continue;
		const { description, input } = command.data;
		// Some name it as it is written.
		const name = command.data.name.replace(/^\//, "");
		if (!COMMAND_NAME.test(name) || commands.has(name)) continue;
		commands.set(name, {
			name,
			description: shortText(description ?? "", 256),
			...(input?.hint === undefined ? {} : { hint: shortText(input.hint, 128) }),
		});
	}
	return { type: "commands-noted", commands: [...commands.values()] };
};

const CostShape = z.looseObject({ amount: z.number().min(0), currency: z.string().min(1).max(16) });
const UsageShape = z.looseObject({ used: count, size: count, cost: lenient(CostShape) });

/** Null when it says nothing. */
export const decodeUsage = (raw: unknown): AgentEvent | null => {
	const { used, size, cost } = UsageShape.parse(raw);
	if (used === undefined && size === undefined && cost === undefined) return null;
	return {
		type: "usage-noted",
		...(used === undefined ? {} : { used }),
		...(size === undefined ? {} : { size }),
		...(cost === undefined ? {} : { cost: costOf(cost) }),
	};
};
const costOf = ({ amount, currency }: z.infer<typeof CostShape>): Cost => ({
	amount,
	currency: shortText(currency, 16),
});

const TokenCounts = z.looseObject({
	inputTokens: count,
	outputTokens: count,
	cachedReadTokens: count,
	thoughtTokens: count,
});

/** The `usage` of a prompt's response. Undefined when it counts nothing. */
export const tokensOf = (raw: unknown): Tokens | undefined => {
	const counts = TokenCounts.safeParse(raw).data;
	if (counts?.inputTokens === undefined || counts.outputTokens === undefined) return undefined;
	const { inputTokens: input, outputTokens: output, cachedReadTokens: cached, thoughtTokens: thought } = counts;
	return Tokens.safeParse({ input, output, ...(cached ? { cached } : {}), ...(thought ? { thought } : {}) }).data;
};
