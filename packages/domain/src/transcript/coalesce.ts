import type { Limits } from "../limits.ts";
import { measure } from "../text.ts";
import { unreachable } from "../unreachable.ts";
import type { Tail } from "../workspace.ts";
import { cutAt, headAndTail } from "./agent-text.ts";
import type { AgentEvent, ToolPatch } from "./decode.ts";
import type { ItemBody, ItemRow, ToolContent } from "./item.ts";

export type CoalesceLimits = Pick<
	Limits,
	"itemSegmentBytesMax" | "toolOutputHeadBytes" | "toolOutputTailBytes" | "turnItemsMax" | "turnToolsOpenMax"
>;

/** An item as it stands after a step; the store adds the version. */
export type Item = Omit<ItemRow, "kind" | "version">;
type Segment = Extract<ItemBody, { type: "text" | "thought" }>;
type Tool = Extract<ItemBody, { type: "tool" }>;
type Of<Body extends ItemBody> = Omit<Item, "body"> & { body: Body };

/** What the coalescer remembers between events. Everything in it can be had again from the turn's committed rows. */
export interface CoalesceState {
	readonly nextItemId: number;
	readonly turnId: string;
	/** Items made in this turn so far; above the limit no new ones are made. */
	readonly itemCount: number;
	/** The segment that is being streamed, always the last item of the turn, and its size so far. */
	readonly open: { readonly item: Of<Segment>; readonly bytes: number } | null;
	/** Half a surrogate pair at the end of the last delta, waiting for its other half. */
	readonly half: string;
	readonly tools: ReadonlyMap<string, Of<Tool>>;
	readonly plan: Item | null;
	/** The last update of each kind we do not know: shown once per turn, in its last form. */
	readonly unknowns: ReadonlyMap<string, Item>;
}

/** One step: items that are new or have changed, text to show at once, and whole outputs of tools shown capped. */
export interface CoalesceStep {
	readonly state: CoalesceState;
	readonly items: readonly Item[];
	readonly tails: readonly Tail[];
	readonly outputs: readonly { readonly itemId: number; readonly text: string }[];
}

/** The state at the start of a turn. */
export const beginTurn = (turnId: string, nextItemId: number): CoalesceState => ({
	nextItemId,
	turnId,
	itemCount: 0,
	open: null,
	half: "",
	tools: new Map(),
	plan: null,
	unknowns: new Map(),
});

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
			return { ...state, plan: item };
		case "unknown":
			return { ...state, unknowns: new Map(state.unknowns).set(body.updateKind, item) };
		case "user":
		case "notice":
			return state;
		default:
			return unreachable(body);
	}
};

const nothing = (state: CoalesceState): CoalesceStep => ({ state, items: [], tails: [], outputs: [] });

/**
 * Folds one event of the agent into the transcript. `at` is unix ms. Text joins the open segment, tool updates merge into
 * their call's item, a turn has one plan. What is not a line of the transcript (mode, usage, questions, how it ended)
 * changes nothing.
 */
export const coalesce = (state: CoalesceState, event: AgentEvent, at: number, limits: CoalesceLimits): CoalesceStep => {
	switch (event.type) {
		case "text-delta":
			return addText(state, "text", event.text, at, limits);
		case "thought-delta":
			return addText(state, "thought", event.text, at, limits);
		case "tool-changed":
			return changeTool(state, event.patch, at, limits);
		case "plan-replaced":
			return replacePlan(state, { type: "plan", entries: event.entries }, at, limits);
		case "unknown-noted":
			return noteUnknown(state, { type: "unknown", updateKind: event.updateKind, json: event.json }, at, limits);
		case "permission-asked":
			return event.patch === null ? nothing(state) : changeTool(state, event.patch, at, limits);
		case "mode-noted":
		case "commands-noted":
		case "usage-noted":
		case "title-noted":
		case "turn-ended":
		case "error-noted":
		case "ignored":
			return nothing(state);
		default:
			return unreachable(event);
	}
};

/** Adds a line that is not the agent's (a person's prompt, a notice). It closes the open segment. */
export const addItem = (state: CoalesceState, body: ItemBody, at: number, limits: CoalesceLimits): CoalesceStep => {
	const made = makeItem(state, body, at, limits);
	return made === null ? overflow(state, at, limits) : { ...nothing(made.state), items: [made.item] };
};

/** Ends the turn: no segment stays open, and no tool call stays running for ever. */
export const finishTurn = (state: CoalesceState, isCompleted: boolean, at: number): CoalesceStep => {
	const running = [...state.tools.values()].filter(({ body }) => isToolRunning(body));
	const items = running.map(
		(item): Of<Tool> => ({
			...item,
			body: { ...item.body, status: isCompleted ? "completed" : "failed", endedAt: at },
		}),
	);
	const tools = new Map(state.tools);
	for (const item of items) tools.set(item.body.toolCallId, item);
	return { ...nothing({ ...state, open: null, half: "", tools }), items };
};

const isToolRunning = (tool: Tool): boolean => tool.status === "pending" || tool.status === "in_progress";

const makeItem = <Body extends ItemBody>(
	state: CoalesceState,
	body: Body,
	at: number,
	limits: CoalesceLimits,
): { state: CoalesceState; item: Of<Body> } | null => {
	if (state.itemCount >= limits.turnItemsMax) return null;
	const item = { id: state.nextItemId, turnId: state.turnId, at, body };
	const next = { nextItemId: state.nextItemId + 1, itemCount: state.itemCount + 1, open: null, half: "" };
	return { state: { ...state, ...next }, item };
};

/** Says once that the rest of this turn is left out, then makes nothing more of it. */
const overflow = (state: CoalesceState, at: number, limits: CoalesceLimits): CoalesceStep => {
	if (state.itemCount > limits.turnItemsMax) return nothing({ ...state, open: null });
	const text = `This turn is longer than ${limits.turnItemsMax} lines; what follows is not kept.`;
	const item: Item = {
		id: state.nextItemId,
		turnId: state.turnId,
		at,
		body: { type: "notice", level: "warning", text },
	};
	const full = { ...state, open: null, nextItemId: state.nextItemId + 1, itemCount: state.itemCount + 1 };
	return { ...nothing(full), items: [item] };
};

const HIGH_SURROGATE_END = /[\ud800-\udbff]$/;

const addText = (
	before: CoalesceState,
	type: Segment["type"],
	delta: string,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const continued = before.open?.item.body.type === type ? before.open : null;
	const raw = (continued === before.open ? before.half : "") + delta;
	const half = HIGH_SURROGATE_END.exec(raw)?.[0] ?? "";
	let rest = raw.slice(0, raw.length - half.length).toWellFormed();
	let state = before;
	let open = continued;
	const items: Item[] = [];
	const tails: Tail[] = [];
	while (rest !== "") {
		if (open === null) {
			const body: Segment = { type, text: "", isSealed: false };
			const made = makeItem(state, body, at, limits);
			if (made === null) {
				const last = overflow(state, at, limits);
				return { ...last, items: [...items, ...last.items], tails };
			}
			state = made.state;
			open = { item: made.item, bytes: 0 };
		}
		const { item, bytes }: NonNullable<CoalesceState["open"]> = open;
		const append = rest.slice(0, cutAt(rest, limits.itemSegmentBytesMax - bytes));
		rest = rest.slice(append.length);
		if (append !== "") {
			tails.push({ turnId: item.turnId, type, itemId: item.id, offset: item.body.text.length, append });
		}
		const body: Segment = { type, text: item.body.text + append, isSealed: rest !== "" };
		const grown: Of<Segment> = { ...item, body };
		items.push(grown);
		open = body.isSealed ? null : { item: grown, bytes: bytes + measure(append).bytes };
	}
	return { state: { ...state, open: open ?? state.open, half }, items, tails, outputs: [] };
};

const changeTool = (state: CoalesceState, patch: ToolPatch, at: number, limits: CoalesceLimits): CoalesceStep => {
	const known = state.tools.get(patch.toolCallId);
	const { body, whole } = patchTool(known?.body ?? emptyTool(patch.toolCallId), patch, at, limits);
	const made = known === undefined ? makeItem(state, body, at, limits) : { state, item: { ...known, body } };
	if (made === null) return overflow(state, at, limits);
	const { item } = made;
	return {
		state: { ...made.state, tools: withTool(state.tools, item, limits.turnToolsOpenMax) },
		items: [item],
		tails: [],
		outputs: whole === null ? [] : [{ itemId: item.id, text: whole }],
	};
};

/** Remembers the newest calls only: an agent may make any number of them, and late updates are of recent ones. */
const withTool = (tools: CoalesceState["tools"], item: Of<Tool>, max: number): CoalesceState["tools"] => {
	const next = new Map(tools).set(item.body.toolCallId, item);
	if (next.size <= max) return next;
	const calls = [...next.values()].map(({ body }) => body);
	const forgotten = calls.find((tool) => !isToolRunning(tool)) ?? calls[0];
	if (forgotten !== undefined) next.delete(forgotten.toolCallId);
	return next;
};

const emptyTool = (toolCallId: string): Tool => ({
	type: "tool",
	toolCallId,
	title: toolCallId,
	toolKind: "other",
	status: "pending",
	paths: [],
	content: [],
});

const patchTool = (
	tool: Tool,
	patch: ToolPatch,
	at: number,
	limits: CoalesceLimits,
): { body: Tool; whole: string | null } => {
	const { content: patchedContent, output, toolCallId: _, ...fields } = patch;
	const body: Tool = { ...tool, ...fields };
	if (!isToolRunning(body)) body.endedAt = tool.endedAt ?? at;
	const showsOutput = output && !patchedContent?.length && !tool.content.some(({ type }) => type === "diff");
	const shown = showsOutput ? [{ type: "text" as const, text: output }] : patchedContent;
	if (shown === undefined) return { body, whole: null };
	const capped = capContent(shown, limits);
	const { omittedBytes: _old, ...rest } = body;
	if (capped.omittedBytes === 0) return { body: { ...rest, content: capped.content }, whole: null };
	return {
		body: { ...rest, content: capped.content, omittedBytes: capped.omittedBytes },
		whole: shown.map(wholeText).join("\n"),
	};
};

const capContent = (
	contents: readonly ToolContent[],
	limits: CoalesceLimits,
): { content: ToolContent[]; omittedBytes: number } => {
	let omittedBytes = 0;
	// The limits hold for the call as a whole: each part gets an equal share of them.
	const share = Math.max(1, contents.length);
	const head = Math.floor(limits.toolOutputHeadBytes / share);
	const tail = Math.floor(limits.toolOutputTailBytes / share);
	const cap = (text: string): string => {
		const capped = headAndTail(text, head, tail);
		omittedBytes += capped.omittedBytes;
		return capped.text;
	};
	const content = contents.map(
		(part): ToolContent =>
			part.type === "text"
				? { type: "text", text: cap(part.text) }
				: { ...part, oldText: part.oldText === null ? null : cap(part.oldText), newText: cap(part.newText) },
	);
	return { content, omittedBytes };
};

const wholeText = (part: ToolContent): string =>
	part.type === "text" ? part.text : `--- ${part.path}\n${part.oldText ?? ""}\n+++ ${part.path}\n${part.newText}`;

const replacePlan = (state: CoalesceState, body: ItemBody, at: number, limits: CoalesceLimits): CoalesceStep => {
	if (state.plan !== null) {
		const item = { ...state.plan, body };
		return { ...nothing({ ...state, plan: item }), items: [item] };
	}
	const made = makeItem(state, body, at, limits);
	if (made === null) return overflow(state, at, limits);
	return { ...nothing({ ...made.state, plan: made.item }), items: [made.item] };
};

const UNKNOWN_KINDS_MAX = 20;
const noteUnknown = (
	state: CoalesceState,
	body: Extract<ItemBody, { type: "unknown" }>,
	at: number,
	limits: CoalesceLimits,
): CoalesceStep => {
	const known = state.unknowns.get(body.updateKind);
	if (known === undefined && state.unknowns.size >= UNKNOWN_KINDS_MAX) return nothing(state);
	const made = known === undefined ? makeItem(state, body, at, limits) : { state, item: { ...known, body } };
	if (made === null) return overflow(state, at, limits);
	const unknowns = new Map(state.unknowns).set(body.updateKind, made.item);
	return { ...nothing({ ...made.state, unknowns }), items: [made.item] };
};
