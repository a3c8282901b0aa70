import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import { measure } from "../text.ts";
import type { AgentEvent } from "./agent-event.ts";
import { addItem, coalesce, finishTurn, resumeTurn } from "./coalesce.ts";
import { beginTurn, type CoalesceLimits, type CoalesceState, type CoalesceStep, type Item } from "./coalesce-state.ts";
import { decodeEvent } from "./decode.ts";
import { ItemRow } from "./item.ts";
import { pictureOf } from "./raster.ts";

const FIXTURES = new URL("./__fixtures__/", import.meta.url);
const recordings = readdirSync(FIXTURES).map((name) => {
	const raw = readFileSync(new URL(name, FIXTURES), "utf8");
	const envelopes: unknown[] = raw
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));
	return { name, raw, events: envelopes.map(decodeEvent) };
});
const recording = (name: string) => recordings.find((one) => one.name === `${name}.jsonl`)!;

/** Keeps the last form of every item, as the store does. */
class Rows {
	readonly items = new Map<number, Item>();
	readonly outputs = new Map<number, string>();
	state: CoalesceState;
	readonly limits: CoalesceLimits;

	constructor(limits: CoalesceLimits = LIMITS, state = beginTurn("t1", 1)) {
		this.limits = limits;
		this.state = state;
	}
	take(step: CoalesceStep): CoalesceStep {
		this.state = step.state;
		for (const item of step.items) this.items.set(item.id, item);
		for (const output of step.outputs) this.outputs.set(output.itemId, output.text);
		return step;
	}
	add(event: AgentEvent, at = 1): CoalesceStep {
		return this.take(coalesce(this.state, event, at, this.limits));
	}
	get bodies() {
		return [...this.items.values()].map(({ body }) => body);
	}
	texts(type: "text" | "thought"): string {
		return this.bodies.map((body) => (body.type === type ? body.text : "")).join("");
	}
}
const fold = (events: readonly AgentEvent[], limits: CoalesceLimits = LIMITS): Rows => {
	const rows = new Rows(limits);
	for (const event of events) rows.add(event);
	return rows;
};
const text = (delta: string): AgentEvent => ({ type: "text-delta", text: delta });
const SMALL: CoalesceLimits = { ...LIMITS, itemSegmentBytesMax: 8, toolOutputHeadBytes: 8, toolOutputTailBytes: 8 };

describe("recorded sessions of codex, claude, opencode and a scripted agent", () => {
	test.each(recordings)("[TR1] $name: the transcript says exactly what the agent said", ({ events }) => {
		const rows = fold(events);
		const said = (type: "text-delta" | "thought-delta") =>
			events.map((event) => (event.type === type ? event.text : "")).join("");
		expect(rows.texts("text")).toBe(said("text-delta"));
		expect(rows.texts("thought")).toBe(said("thought-delta"));
	});

	test.each(recordings)("[TR2] $name: every line is a valid row, in order, one per tool call", ({ events }) => {
		const rows = fold(events);
		const ids = [...rows.items.keys()];
		expect(ids).toEqual(ids.map((_, index) => index + 1));
		for (const item of rows.items.values()) ItemRow.parse({ kind: "item", version: 1, ...item });
		const calls = rows.bodies.flatMap((body) => (body.type === "tool" ? [body.toolCallId] : []));
		expect(new Set(calls).size).toBe(calls.length);
	});

	test("[TR3] a long answer takes a tenth of its raw envelopes", () => {
		const { events, raw } = recording("codex-zed-big");
		const stored = JSON.stringify([...fold(events).items.values()]);
		expect(stored.length).toBeLessThan(raw.length / 10);
	});

	test("[TR4] updates of a call are merged: title, input, paths and output of every agent are there", () => {
		const call = (name: string) => fold(recording(name).events).bodies.find((body) => body.type === "tool")!;
		expect(call("codex-zed-run-approve")).toMatchObject({
			toolKind: "execute",
			status: "completed",
			exitCode: 0,
			content: [{ type: "text", text: "real-command-ran\n" }],
		});
		expect(call("opencode-run-approve")).toMatchObject({
			title: "echo real-command-ran > out.txt && cat out.txt",
			status: "completed",
			exitCode: 0,
		});
		expect(call("claude2-write-approve")).toMatchObject({
			title: "Write hello.py",
			paths: ["/workspace/hello.py"],
			content: [{ type: "diff", oldText: null, newText: "print('hi')\n" }],
		});
		expect(call("06-write-denied")).toMatchObject({ status: "failed" });
	});
});

test.each(recordings)("[TR30] $name has the lines it had", async ({ name, events }) => {
	const rows = new Rows();
	for (const event of events) rows.add(event);
	rows.take(finishTurn(rows.state, true, 2));
	const lines = rows.bodies.map((body) => shapeOf(body));
	await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./__shapes__/${name.replace(".jsonl", ".txt")}`);
});

/** A line as a reader would name it: its fields with long texts as their length. */
const shapeOf = ({ type, ...fields }: Item["body"]): string =>
	`${type} ${JSON.stringify(fields, (_key, value: unknown) =>
		typeof value === "string" && value.length > 80 ? `${value.slice(0, 40)}… ${value.length}` : value,
	)}`;

describe("segments", () => {
	const byteLimits = fc.constantFrom(4, 5, 7, 8, 4096);
	const deltas = fc.array(fc.string({ unit: "binary", maxLength: 12 }));

	test("[TR5] text is cut into full segments between code points; only the last one is open", () => {
		fc.assert(
			fc.property(deltas, byteLimits, (parts, itemSegmentBytesMax) => {
				const rows = fold(parts.map(text), { ...LIMITS, itemSegmentBytesMax });
				expect(rows.texts("text")).toBe(parts.join(""));
				const segments = rows.bodies.flatMap((body) => (body.type === "text" ? [body] : []));
				for (const [index, segment] of segments.entries()) {
					expect(segment.text.isWellFormed()).toBe(true);
					expect(segment.text).not.toBe("");
					expect(measure(segment.text).bytes).toBeLessThanOrEqual(itemSegmentBytesMax);
					expect(segment.isSealed).toBe(index < segments.length - 1);
				}
			}),
		);
	});

	test("[TR6] a character split between two deltas arrives whole; half a one alone is replaced", () => {
		expect(fold([text("a\ud83d"), text("\ude00b")]).texts("text")).toBe("a😀b");
		expect(fold([text("\ud83d"), text("\ude00")]).texts("text")).toBe("😀");
		expect(fold([text("a\ud83d"), text("b\udc00")]).texts("text")).toBe("a\ufffdb\ufffd");
	});

	test("[TR7] tails append to exactly what is committed later", () => {
		fc.assert(
			fc.property(deltas, byteLimits, (parts, itemSegmentBytesMax) => {
				const rows = new Rows({ ...LIMITS, itemSegmentBytesMax });
				const heard = new Map<number, string>();
				for (const part of parts) {
					for (const tail of rows.add(text(part)).tails) {
						expect(tail.offset).toBe((heard.get(tail.itemId) ?? "").length);
						heard.set(tail.itemId, (heard.get(tail.itemId) ?? "") + tail.append);
					}
				}
				for (const [id, item] of rows.items) {
					expect(item.body.type === "text" && item.body.text).toBe(heard.get(id));
				}
			}),
		);
	});

	test("[TR8] thoughts, words, calls and people's lines each begin a line of their own", () => {
		const rows = fold([text("a"), { type: "thought-delta", text: "b" }, text("c")]);
		rows.add({ type: "tool-changed", patch: { toolCallId: "x" } });
		rows.add(text("d"));
		rows.add({ type: "tool-changed", patch: { toolCallId: "x", status: "completed" } });
		rows.add(text("e"));
		rows.take(addItem(rows.state, { type: "notice", level: "info", text: "Stopped." }, 2, LIMITS));
		rows.add(text("f"));
		const lines = rows.bodies.map((body) => ("text" in body ? body.text : body.type));
		expect(lines).toEqual(["a", "b", "c", "tool", "de", "Stopped.", "f"]);
	});
});

describe("tool output, plans, strangers", () => {
	const output = (toolCallId: string, printed: string): AgentEvent => ({
		type: "tool-changed",
		patch: { toolCallId, content: [{ type: "text", text: printed }] },
	});

	test("[TR9] long output keeps head and tail, says what it left out, and hands the whole over", () => {
		const rows = fold([output("x", "0123456789abcdefghij0123456789")], SMALL);
		expect(rows.bodies).toMatchObject([
			{ omittedBytes: 14, content: [{ type: "text", text: "01234567\n[… 14 bytes left out …]\n23456789" }] },
		]);
		expect(rows.outputs.get(1)).toBe("0123456789abcdefghij0123456789");
		rows.add(output("x", "short"));
		expect(rows.bodies[0]).not.toHaveProperty("omittedBytes");
	});

	test("[TR10] a plan is replaced in place; an update of an unknown kind stays readable and appears once", () => {
		const plan = (content: string): AgentEvent => ({
			type: "plan-replaced",
			entries: [{ content, priority: "high", status: "pending" }],
		});
		const unknown = (json: string): AgentEvent => ({ type: "unknown-noted", updateKind: "new", json });
		const rows = fold([plan("a"), unknown("1"), plan("b"), unknown("2")]);
		expect(rows.bodies).toEqual([
			{ type: "plan", entries: [{ content: "b", priority: "high", status: "pending" }] },
			{ type: "unknown", updateKind: "new", json: "2" },
		]);
	});

	test("[TR11] no call runs on after its turn; a late update still reaches its line", () => {
		const rows = fold([{ type: "tool-changed", patch: { toolCallId: "x", status: "in_progress" } }]);
		rows.take(finishTurn(rows.state, false, 9));
		expect(rows.bodies).toMatchObject([{ status: "failed", endedAt: 9 }]);
		rows.add({ type: "tool-changed", patch: { toolCallId: "x", status: "completed" } });
		expect(rows.bodies).toMatchObject([{ status: "completed" }]);
	});

	test("[TR12] a turn that never ends does not fill the store: one notice, then nothing more", () => {
		const limits = { ...LIMITS, turnItemsMax: 3 };
		const rows = new Rows(limits);
		for (let index = 0; index < 10; index++) rows.add({ type: "tool-changed", patch: { toolCallId: `c${index}` } });
		rows.add(text("more"));
		expect(rows.bodies.map(({ type }) => type)).toEqual(["tool", "tool", "tool", "notice"]);
	});
});

describe("pictures, notices, compaction, subagents, usage", () => {
	// One transparent pixel.
	const data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
	const picture = pictureOf(data)!;

	test("[TR27] a picture is a line without its file, which is handed over beside it", () => {
		const step = coalesce(beginTurn("t", 4), { type: "picture-added", picture }, 1, LIMITS);
		expect(step.items).toMatchObject([{ id: 4, body: { type: "image", mimeType: "image/png", width: 1, height: 1 } }]);
		expect(JSON.stringify(step.items)).not.toContain(data);
		expect(step.pictures).toEqual([{ itemId: 4, position: 0, picture }]);
	});

	test("[TR27] a picture among a tool's parts keeps its place", () => {
		const patch = { toolCallId: "x", content: [{ type: "text" as const, text: "a" }, picture] };
		const step = coalesce(beginTurn("t", 1), { type: "tool-changed", patch }, 1, LIMITS);
		expect(step.pictures).toEqual([{ itemId: 1, position: 1, picture }]);
		expect(JSON.stringify(step.items)).not.toContain(data);
	});

	test("[TR28] a compaction is one line: its summary grows, and nothing is at work after the turn", () => {
		const rows = fold([
			{ type: "compaction-changed", patch: { compactionId: "c", status: "in_progress" } },
			{ type: "compaction-delta", compactionId: "c", text: "Kept: " },
			{ type: "compaction-delta", compactionId: "c", text: "the plan." },
			{ type: "subagent-changed", patch: { subagentId: "s", name: "Reviewer", status: "running" } },
		]);
		rows.take(finishTurn(rows.state, false, 9));
		expect(rows.bodies).toEqual([
			{ type: "compaction", compactionId: "c", status: "failed", summary: "Kept: the plan.", endedAt: 9 },
			{ type: "subagent", subagentId: "s", name: "Reviewer", status: "cancelled", endedAt: 9 },
		]);
	});

	test("[TR10] a plan that is taken back stays as such; one that was never told is nothing", () => {
		const rows = fold([
			{ type: "plan-removed", planId: "never" },
			{ type: "plan-replaced", planId: "p", entries: [], text: "Do it." },
			{ type: "plan-removed", planId: "p" },
		]);
		expect(rows.bodies).toEqual([{ type: "plan", planId: "p", entries: [], text: "Do it.", isRemoved: true }]);
	});

	test("[TR29] one line at the end says what the turn used: its own share of the cost; late numbers change it", () => {
		const before = { amount: 0.5, currency: "USD" };
		const rows = new Rows(LIMITS, beginTurn("t1", 1, before));
		rows.add(text("Hel"));
		rows.add({ type: "usage-noted", used: 10, size: 100, cost: { amount: 0.52, currency: "USD" } });
		rows.add(text("lo"));
		rows.take(finishTurn(rows.state, true, 9));
		const cost = { amount: 0.02, currency: "USD" };
		expect(rows.bodies).toEqual([
			{ type: "text", text: "Hello", isSealed: false },
			{ type: "usage", context: { used: 10, size: 100 }, cost },
		]);
		rows.add({ type: "turn-ended", stopReason: "end_turn", tokens: { input: 7, output: 3 } });
		expect(rows.bodies.slice(1)).toEqual([
			{ type: "usage", context: { used: 10, size: 100 }, cost, tokens: { input: 7, output: 3 } },
		]);
	});

	test("[TR29] a turn whose agent counts nothing has no such line", () => {
		const rows = fold([text("Hello")]);
		rows.take(finishTurn(rows.state, true, 9));
		expect(rows.bodies).toHaveLength(1);
	});
});

describe("resuming", () => {
	const someEvent: fc.Arbitrary<AgentEvent> = fc.oneof(
		fc.string({ maxLength: 9 }).map(text),
		fc.string({ maxLength: 9 }).map((thought): AgentEvent => ({ type: "thought-delta", text: thought })),
		fc
			.record({ toolCallId: fc.constantFrom("a", "b", "c"), title: fc.string({ maxLength: 3 }) })
			.map((patch): AgentEvent => ({ type: "tool-changed", patch })),
		fc.constant<AgentEvent>({ type: "plan-replaced", entries: [] }),
		fc.constantFrom("p", "q").map((updateKind): AgentEvent => ({ type: "unknown-noted", updateKind, json: "{}" })),
		fc.constantFrom("p", undefined).map((planId): AgentEvent => ({ type: "plan-removed", ...(planId && { planId }) })),
		fc
			.constantFrom("in_progress" as const, "completed" as const)
			.map((status): AgentEvent => ({ type: "compaction-changed", patch: { compactionId: "c", status } })),
		fc
			.string({ maxLength: 4 })
			.map((more): AgentEvent => ({ type: "compaction-delta", compactionId: "c", text: more })),
		fc
			.constantFrom("running" as const, "failed" as const)
			.map((status): AgentEvent => ({ type: "subagent-changed", patch: { subagentId: "s", status } })),
	);

	test("[TR13] the state comes back from the committed rows: every cut gives the same transcript", () => {
		fc.assert(
			fc.property(fc.array(someEvent), fc.nat(30), (events, cut) => {
				const whole = fold(events, SMALL);
				const rows = fold(events.slice(0, cut), SMALL);
				rows.state = resumeTurn("t1", [...rows.items.values()], rows.state.nextItemId, SMALL);
				for (const event of events.slice(cut)) rows.add(event);
				expect([...rows.items.values()]).toEqual([...whole.items.values()]);
			}),
		);
	});
});
