import type { AgentEvent, CompactionPatch, SubagentPatch } from "./agent-event.ts";
import { shortText } from "./agent-text.ts";
import {
	type CoalesceLimits,
	type CoalesceState,
	type CoalesceStep,
	makeItem,
	type Named,
	type Of,
	overflow,
	stepOf,
} from "./coalesce-state.ts";
import { JSON_BYTES_MAX } from "./lenient.ts";

const NAMED_MAX = 64;
const UNKNOWN_KINDS_MAX = 20;

/** What names a line within its turn. */
export const nameOf = (body: Named): string => {
	switch (body.type) {
		case "plan":
			return `plan ${body.planId ?? ""}`;
		case "unknown":
			return `unknown ${body.updateKind}`;
		case "compaction":
			return `compaction ${body.compactionId}`;
		case "subagent":
			return `subagent ${body.subagentId}`;
	}
};

export const replacePlan = (
	state: CoalesceState,
	{ planId, entries, text }: Extract<AgentEvent, { type: "plan-replaced" }>,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep =>
	put(
		state,
		{
			type: "plan",
			...(planId === undefined ? {} : { planId }),
			entries,
			...(text === undefined ? {} : { text }),
		},
		at,
		limits,
	);

/** A plan that was taken back stays, as such. One that was never told is no line. */
export const removePlan = (
	state: CoalesceState,
	planId: string | undefined,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.named.get(`plan ${planId ?? ""}`)?.body;
	return known?.type === "plan" ? put(state, { ...known, isRemoved: true }, at, limits) : stepOf(state);
};

export const noteUnknown = (
	state: CoalesceState,
	{ updateKind, json }: Extract<AgentEvent, { type: "unknown-noted" }>,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const kinds = [...state.named.values()].filter(({ body }) => body.type === "unknown");
	const isKnown = kinds.some(({ body }) => body.type === "unknown" && body.updateKind === updateKind);
	if (!isKnown && kinds.length >= UNKNOWN_KINDS_MAX) return stepOf(state);
	return put(state, { type: "unknown", updateKind, json }, at, limits);
};

export const changeCompaction = (
	state: CoalesceState,
	patch: CompactionPatch,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.named.get(`compaction ${patch.compactionId}`)?.body;
	const before: Extract<Named, { type: "compaction" }> =
		known?.type === "compaction"
			? known
			: { type: "compaction", compactionId: patch.compactionId, status: "in_progress", summary: "" };
	return put(state, ended({ ...before, ...patch }, before.endedAt ?? at), at, limits);
};

export const addToCompaction = (
	state: CoalesceState,
	{ compactionId, text }: Extract<AgentEvent, { type: "compaction-delta" }>,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.named.get(`compaction ${compactionId}`)?.body;
	const before = known?.type === "compaction" ? known.summary : "";
	return changeCompaction(state, { compactionId, summary: shortText(before + text, JSON_BYTES_MAX) }, at, limits);
};

export const changeSubagent = (
	state: CoalesceState,
	patch: SubagentPatch,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.named.get(`subagent ${patch.subagentId}`)?.body;
	const before: Extract<Named, { type: "subagent" }> =
		known?.type === "subagent"
			? known
			: { type: "subagent", subagentId: patch.subagentId, name: "Subagent", status: "running" };
	return put(state, ended({ ...before, ...patch }, before.endedAt ?? at), at, limits);
};

type Working = Extract<Named, { type: "compaction" | "subagent" }>;
export const isWorking = (body: Named): boolean =>
	(body.type === "compaction" && body.status === "in_progress") ||
	(body.type === "subagent" && body.status === "running");

const ended = (body: Working, at: number): Working => {
	const { endedAt: _, ...rest } = body;
	return isWorking(body) ? rest : { ...body, endedAt: at };
};

/** How a line stands that was at work when its turn ended. */
export const stopped = (body: Named, isCompleted: boolean, at: number): Named => {
	if (body.type === "compaction") return { ...body, status: isCompleted ? "completed" : "failed", endedAt: at };
	return body.type === "subagent" ? { ...body, status: isCompleted ? "completed" : "cancelled", endedAt: at } : body;
};

const put = (state: CoalesceState, body: Named, at: number, limits: CoalesceLimits): CoalesceStep => {
	const known = state.named.get(nameOf(body));
	const made = known === undefined ? makeItem(state, body, at, limits) : { state, item: { ...known, body } };
	if (made === null) return overflow(state, at, limits);
	return stepOf({ ...made.state, named: withNamed(state.named, made.item) }, [made.item]);
};

/** Remembers the newest names only; a plan is never the one forgotten. */
export const withNamed = (named: CoalesceState["named"], item: Of<Named>): CoalesceState["named"] => {
	const next = new Map(named).set(nameOf(item.body), item);
	if (next.size <= NAMED_MAX) return next;
	const forgotten = [...next.values()].find(({ body }) => body.type === "compaction" || body.type === "subagent");
	if (forgotten !== undefined) next.delete(nameOf(forgotten.body));
	return next;
};
