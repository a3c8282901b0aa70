import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import { measure } from "../text.ts";
import {
	addItem,
	beginTurn,
	type CoalesceLimits,
	type CoalesceState,
	type CoalesceStep,
	coalesce,
	finishTurn,
	type Item,
	resumeTurn,
} from "./coalesce.ts";
import { type AgentEvent, decodeEvent } from "./decode.ts";
import { ItemRow } from "./item.ts";

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

describe("resuming", () => {
	const someEvent: fc.Arbitrary<AgentEvent> = fc.oneof(
		fc.string({ maxLength: 9 }).map(text),
		fc.string({ maxLength: 9 }).map((thought): AgentEvent => ({ type: "thought-delta", text: thought })),
		fc
			.record({ toolCallId: fc.constantFrom("a", "b", "c"), title: fc.string({ maxLength: 3 }) })
			.map((patch): AgentEvent => ({ type: "tool-changed", patch })),
		fc.constant<AgentEvent>({ type: "plan-replaced", entries: [] }),
		fc.constantFrom("p", "q").map((updateKind): AgentEvent => ({ type: "unknown-noted", updateKind, json: "{}" })),
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
