import type { Limits } from "../limits.ts";
import type { Tail } from "../workspace.ts";
import type { Cost, ItemBody, ItemRow, Tokens } from "./item.ts";
import type { Picture } from "./raster.ts";

export type CoalesceLimits = Pick<
	Limits,
	"itemSegmentBytesMax" | "toolOutputHeadBytes" | "toolOutputTailBytes" | "turnItemsMax" | "turnToolsOpenMax"
>;

/** An item as it stands after a step; the store adds the version. */
export type Item = Omit<ItemRow, "kind" | "version">;
export type Of<Body extends ItemBody> = Omit<Item, "body"> & { body: Body };
type BodyOf<Type extends ItemBody["type"]> = Extract<ItemBody, { type: Type }>;
export type Segment = BodyOf<"text" | "thought">;
export type Tool = BodyOf<"tool">;
/** A line that later events of the same name replace in place. */
export type Named = BodyOf<"plan" | "unknown" | "compaction" | "subagent">;

/** What a turn used so far, as the agent said. `costBefore`: what the workspace had cost when the turn began. */
export interface TurnUsage {
	readonly used?: number;
	readonly size?: number;
	readonly cost?: Cost;
	readonly costBefore?: Cost | undefined;
	readonly tokens?: Tokens;
}

/**
 * What the coalescer remembers between events. All of it can be had again from the turn's committed rows, but for the usage
 * of a turn that was cut off.
 */
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
	/** By type and name, the newest last. */
	readonly named: ReadonlyMap<string, Of<Named>>;
	readonly usage: TurnUsage;
	/** The line that says it, once the turn is over. */
	readonly usageItem: Of<BodyOf<"usage">> | null;
	readonly isOver: boolean;
}

/**
 * One step: items that are new or have changed, text to show at once, whole outputs of tools shown capped, and the files of
 * pictures by their place among the parts of their item.
 */
export interface CoalesceStep {
	readonly state: CoalesceState;
	readonly items: readonly Item[];
	readonly tails: readonly Tail[];
	readonly outputs: readonly { readonly itemId: number; readonly text: string }[];
	readonly pictures: readonly { readonly itemId: number; readonly position: number; readonly picture: Picture }[];
}

/** The state at the start of a turn. `cost`: what the workspace has cost so far. */
export const beginTurn = (turnId: string, nextItemId: number, cost?: Cost): CoalesceState => ({
	nextItemId,
	turnId,
	itemCount: 0,
	open: null,
	half: "",
	tools: new Map(),
	named: new Map(),
	usage: { costBefore: cost },
	usageItem: null,
	isOver: false,
});

export const stepOf = (state: CoalesceState, items: readonly Item[] = []): CoalesceStep => ({
	state,
	items,
	tails: [],
	outputs: [],
	pictures: [],
});

/** A new last line of the turn, which closes the open segment. Null when the turn has as many as it may have. */
export const makeItem = <Body extends ItemBody>(
	state: CoalesceState,
	body: Body,
	at: number,
	limits: CoalesceLimits,
): { state: CoalesceState; item: Of<Body> } | null =>
	state.itemCount >= limits.turnItemsMax ? null : appended(state, body, at);

export const appended = <Body extends ItemBody>(
	state: CoalesceState,
	body: Body,
	at: number,
): { state: CoalesceState; item: Of<Body> } => {
	const item = { id: state.nextItemId, turnId: state.turnId, at, body };
	const next = { nextItemId: state.nextItemId + 1, itemCount: state.itemCount + 1, open: null, half: "" };
	return { state: { ...state, ...next }, item };
};

/** Says once that the rest of this turn is left out, then makes nothing more of it. */
export const overflow = (state: CoalesceState, at: number, limits: CoalesceLimits): CoalesceStep => {
	if (state.itemCount > limits.turnItemsMax) return stepOf({ ...state, open: null });
	const text = `This turn is longer than ${limits.turnItemsMax} lines; what follows is not kept.`;
	const full = appended(state, { type: "notice", level: "warning", text }, at);
	return stepOf(full.state, [full.item]);
};
