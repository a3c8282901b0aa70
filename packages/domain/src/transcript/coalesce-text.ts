import { measure } from "../text.ts";
import type { Tail } from "../workspace.ts";
import { cutAt } from "./agent-text.ts";
import {
	type CoalesceLimits,
	type CoalesceState,
	type CoalesceStep,
	type Item,
	makeItem,
	type Of,
	overflow,
	type Segment,
} from "./coalesce-state.ts";

const HIGH_SURROGATE_END = /[\ud800-\udbff]$/;

/** Words join the open segment of their type; what is more than it holds goes on in the next one. */
export const addText = (
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
	return { state: { ...state, open: open ?? state.open, half }, items, tails, outputs: [], pictures: [] };
};
