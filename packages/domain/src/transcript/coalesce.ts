import { measure } from "../text.ts";
import { unreachable } from "../unreachable.ts";
import type { AgentEvent } from "./agent-event.ts";
import {
	addToCompaction,
	changeCompaction,
	changeSubagent,
	isWorking,
	nameOf,
	noteUnknown,
	removePlan,
	replacePlan,
	stopped,
	withNamed,
} from "./coalesce-named.ts";
import {
	appended,
	beginTurn,
	type CoalesceLimits,
	type CoalesceState,
	type CoalesceStep,
	type Item,
	makeItem,
	type Named,
	type Of,
	overflow,
	stepOf,
	type Tool,
	type TurnUsage,
} from "./coalesce-state.ts";
import { addText } from "./coalesce-text.ts";
import { changeTool, isToolRunning, withTool } from "./coalesce-tool.ts";
import { addedCost } from "./cost.ts";
import type { ItemBody } from "./item.ts";

/** The state again from the committed items of one turn, oldest first: going on from it gives the same rows. */
export const resumeTurn = (
	turnId: string,
	items: readonly Item[],
	nextItemId: number,
	limits: CoalesceLimits,
): CoalesceState => {
	let state: CoalesceState = { ...beginTurn(turnId, nextItemId), itemCount: items.length };
	for (const item of items) state = remember({ ...state, open: null }, item, limits);
	return state;
};

const remember = (state: CoalesceState, item: Item, limits: CoalesceLimits): CoalesceState => {
	const { body } = item;
	switch (body.type) {
		case "text":
		case "thought":
			return body.isSealed ? state : { ...state, open: { item: { ...item, body }, bytes: measure(body.text).bytes } };
		case "tool":
			return { ...state, tools: withTool(state.tools, { ...item, body }, limits.turnToolsOpenMax) };
		case "plan":
		case "unknown":
		case "compaction":
		case "subagent":
			return { ...state, named: withNamed(state.named, { ...item, body }) };
		case "usage":
			return { ...state, usageItem: { ...item, body } };
		case "user":
		case "notice":
		case "image":
		case "resource":
			return state;
		default:
			return unreachable(body);
	}
};

/**
 * Folds one event of the agent into the transcript. `at` is unix ms. Text joins the open segment, tool updates merge into
 * their call's item, plans, compactions and subagents into theirs. What is not a line of the transcript (mode, commands,
 * title, how it ended) changes nothing.
 */
export const coalesce = (state: CoalesceState, event: AgentEvent, at: number, limits: CoalesceLimits): CoalesceStep => {
	switch (event.type) {
		case "text-delta":
			return addText(state, "text", event.text, at, limits);
		case "thought-delta":
			return addText(state, "thought", event.text, at, limits);
		case "picture-added": {
			const { data: _, ...body } = event.picture;
			const step = addItem(state, body, at, limits);
			const itemId = step.items[0]?.body.type === "image" ? step.items[0].id : null;
			return itemId === null ? step : { ...step, pictures: [{ itemId, position: 0, picture: event.picture }] };
		}
		case "resource-added": {
			const { name, uri, text } = event;
			return addItem(state, { type: "resource", name, uri, ...(text === undefined ? {} : { text }) }, at, limits);
		}
		case "notice-added": {
			const { level, text, detail } = event;
			return addItem(state, { type: "notice", level, text, ...(detail === undefined ? {} : { detail }) }, at, limits);
		}
		case "tool-changed":
			return changeTool(state, event.patch, at, limits);
		case "permission-asked":
			return event.patch === null ? stepOf(state) : changeTool(state, event.patch, at, limits);
		case "plan-replaced":
			return replacePlan(state, event, at, limits);
		case "plan-removed":
			return removePlan(state, event.planId, at, limits);
		case "compaction-changed":
			return changeCompaction(state, event.patch, at, limits);
		case "compaction-delta":
			return addToCompaction(state, event, at, limits);
		case "subagent-changed":
			return changeSubagent(state, event.patch, at, limits);
		case "unknown-noted":
			return noteUnknown(state, event, at, limits);
		case "usage-noted": {
			const { type: _, ...told } = event;
			return used(state, told, at);
		}
		case "turn-ended":
			return event.tokens === undefined ? stepOf(state) : used(state, { tokens: event.tokens }, at);
		case "mode-noted":
		case "commands-noted":
		case "title-noted":
		case "error-noted":
		case "ignored":
			return stepOf(state);
		default:
			return unreachable(event);
	}
};

/** Adds a line that nothing replaces (a person's prompt, a notice, a picture). It closes the open segment. */
export const addItem = (state: CoalesceState, body: ItemBody, at: number, limits: CoalesceLimits): CoalesceStep => {
	const made = makeItem(state, body, at, limits);
	return made === null ? overflow(state, at, limits) : stepOf(made.state, [made.item]);
};

/** Ends the turn: no segment stays open, nothing stays at work for ever, and what it used is said. */
export const finishTurn = (state: CoalesceState, isCompleted: boolean, at: number): CoalesceStep => {
	const tools = new Map(state.tools);
	const named = new Map(state.named);
	const items: Item[] = [];
	for (const item of state.tools.values()) {
		if (!isToolRunning(item.body)) continue;
		const body: Tool = { ...item.body, status: isCompleted ? "completed" : "failed", endedAt: at };
		tools.set(body.toolCallId, { ...item, body });
		items.push({ ...item, body });
	}
	for (const item of state.named.values()) {
		if (!isWorking(item.body)) continue;
		const body = stopped(item.body, isCompleted, at);
		const over: Of<Named> = { ...item, body };
		named.set(nameOf(body), over);
		items.push(over);
	}
	const over: CoalesceState = { ...state, open: null, half: "", tools, named, isOver: true };
	const last = used(over, {}, at);
	return stepOf(last.state, [...items, ...last.items]);
};

/** Remembers what the agent says it used. One line says it at the turn's end; what comes after changes that line. */
const used = (before: CoalesceState, told: TurnUsage, at: number): CoalesceStep => {
	const state = { ...before, usage: { ...before.usage, ...told } };
	const body = usageBody(state.usage);
	if (!state.isOver || body === null) return stepOf(state);
	const made = state.usageItem === null ? appended(state, body, at) : { state, item: { ...state.usageItem, body } };
	return stepOf({ ...made.state, usageItem: made.item }, [made.item]);
};

const usageBody = ({
	used,
	size,
	cost,
	costBefore,
	tokens,
}: TurnUsage): Extract<ItemBody, { type: "usage" }> | null => {
	if (used === undefined && cost === undefined && tokens === undefined) return null;
	return {
		type: "usage",
		...(used === undefined || size === undefined ? {} : { context: { used, size } }),
		...(tokens === undefined ? {} : { tokens }),
		...(cost === undefined ? {} : { cost: addedCost(costBefore, cost) }),
	};
};
