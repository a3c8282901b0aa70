import { array, assert, constantFrom, integer, nat, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import {
	type Actor,
	checkQueue,
	cleanPromptText,
	editedPrompt,
	inRunOrder,
	movedPrompts,
	nextPrompt,
	rankOf,
	removedPrompt,
	samePrompt,
	sentNowPrompt,
	startedPrompt,
} from "./prompt-rules.ts";
import { refusal } from "./test/refusal.ts";
import type { PromptRow } from "./workspace.ts";

const prompt = (fields: Partial<PromptRow> = {}): PromptRow => ({
	kind: "prompt",
	id: "p1",
	version: 1,
	userId: "ada",
	text: "do it",
	createdAt: 1,
	status: "queued",
	...fields,
});
const ada: Actor = { userId: "ada", role: "prompter" };
const bob: Actor = { userId: "bob", role: "prompter" };
const owner: Actor = { userId: "olga", role: "owner" };

test("[WS4] a prompt is trimmed; what is empty, invisible or too long is refused with the numbers", () => {
	expect(cleanPromptText("  run\nit ", LIMITS)).toBe("run\nit");
	expect(refusal(() => cleanPromptText("\u200b \n", LIMITS)).code).toBe("text_empty");
	expect(refusal(() => cleanPromptText("a\0b", LIMITS)).code).toBe("text_invalid");
	expect(cleanPromptText("😀".repeat(100_000), LIMITS)).toHaveLength(200_000);
	expect(refusal(() => cleanPromptText("x".repeat(100_001), LIMITS))).toMatchObject({
		code: "text_too_long",
		details: { charsMax: 100_000 },
	});
});

test("[WS5] a nonce stands for one prompt for ever", () => {
	const known = { promptId: "p1", textHash: "a" };
	expect(samePrompt(known, "a")).toBe(known);
	expect(samePrompt(undefined, "a")).toBeUndefined();
	expect(refusal(() => samePrompt(known, "b")).code).toBe("nonce_reused");
});

test("[WS6] the queue is bounded in number and in size; an empty one takes any prompt", () => {
	checkQueue({ count: 99, bytes: 0 }, { text: "x" }, LIMITS);
	checkQueue({ count: 0, bytes: 0 }, { text: "😀".repeat(200_000) }, LIMITS);
	expect(refusal(() => checkQueue({ count: 100, bytes: 0 }, { text: "x" }, LIMITS))).toMatchObject({
		code: "queue_full",
		details: { queued: 100, promptsMax: 100 },
	});
	expect(refusal(() => checkQueue({ count: 1, bytes: 524_288 }, { text: "x" }, LIMITS)).code).toBe("queue_full");
});

test("[WS8] a prompt that left the queue keeps only the beginning of its words", () => {
	expect(startedPrompt(prompt()).text).toBe("do it");
	expect(startedPrompt(prompt({ text: "😀".repeat(300) })).text).toBe(`${"😀".repeat(280)}…`);
});

describe("who may change a waiting prompt", () => {
	const acts: [name: string, act: (row: PromptRow | undefined, by: Actor) => unknown][] = [
		["editing", (row, by) => editedPrompt(row, by, "else", 5)],
		["moving", (row, by) => movedPrompts(row ? [row] : [], row, null, by)],
		["removing", (row, by) => removedPrompt(row, by)],
		["sending now", (row, by) => sentNowPrompt(row ? [row] : [], row, by)],
	];

	test.each(acts)("[QUE1] %s is for its author and the owner, while it waits", (_, act) => {
		act(prompt(), ada);
		act(prompt(), owner);
		expect(refusal(() => act(prompt(), bob)).code).toBe("forbidden");
		expect(refusal(() => act(undefined, owner)).code).toBe("not_found");
		for (const status of ["running", "done"] as const) {
			expect(refusal(() => act(prompt({ status }), ada))).toMatchObject({ code: "not_found", details: { status } });
		}
	});

	test("[WS7] removing twice is once, and the first name stands", () => {
		const gone = removedPrompt(prompt(), owner);
		expect(gone).toMatchObject({ status: "removed", removedBy: "olga" });
		expect(removedPrompt(gone, ada)).toBe(gone);
	});

	test("[QUE3] an edit keeps place and nonce and says whose it is; the same words are no edit", () => {
		const waiting = prompt({ nonce: "n", rank: 7 });
		expect(editedPrompt(waiting, owner, "else", 5)).toEqual({
			...waiting,
			text: "else",
			edited: { by: "olga", at: 5 },
		});
		expect(editedPrompt(waiting, ada, waiting.text, 5)).toBe(waiting);
	});

	test("[QUE4] what is sent now is next, also in a paused queue, and the last one sent is the first", () => {
		const queue = ["a", "b", "c"].map((id, index) => prompt({ id, createdAt: index }));
		expect(nextPrompt(queue, true)).toBeUndefined();
		expect(nextPrompt(queue, false)?.id).toBe("a");
		const once = queue.map((row) => (row.id === "c" ? { ...row, ...sentNowPrompt(queue, row, ada) } : row));
		expect(nextPrompt(once, true)).toMatchObject({ id: "c", sentNowBy: "ada" });
		const twice = once.map((row) => (row.id === "b" ? { ...row, ...sentNowPrompt(once, row, ada) } : row));
		expect([...twice].sort(inRunOrder).map(({ id }) => id)).toEqual(["b", "c", "a"]);
		const again = twice.find(({ id }) => id === "c");
		expect(sentNowPrompt(twice, again, owner)).toBe(again);
	});
});

describe("the order", () => {
	type Step = { move: number; after: number; kind: "move" | "sendNow" | "add" | "begin" };
	const steps = array(
		record({
			move: nat(),
			after: integer({ min: -1, max: 40 }),
			kind: constantFrom("move", "move", "move", "sendNow", "add", "begin"),
		}),
		{ maxLength: 60 },
	);

	/** The same acts on a plain list: what everybody expects to see. */
	class Model {
		order: string[] = [];
		sent = 0;
		move(id: string, after: string | null): void {
			if (id === after) return;
			const isSent = this.order.indexOf(id) < this.sent;
			const rest = this.order.filter((other) => other !== id);
			const sent = this.sent - Number(isSent);
			const wanted = after === null ? 0 : rest.indexOf(after) + 1;
			const at = isSent ? Math.min(wanted, sent) : Math.max(wanted, sent);
			this.order = [...rest.slice(0, at), id, ...rest.slice(at)];
		}
		sendNow(id: string): void {
			if (this.order.indexOf(id) < this.sent) return;
			this.order = [id, ...this.order.filter((other) => other !== id)];
			this.sent++;
		}
	}

	test("[QUE2] [QUE4] whatever is moved, sent, added and begun, the order is that of a plain list", () => {
		const run = (acts: Step[]): void => {
			const rows = new Map<string, PromptRow>();
			const model = new Model();
			let last = 0;
			const put = (changed: Omit<PromptRow, "version">[]): void => {
				for (const row of changed) rows.set(row.id, { ...row, version: 1 });
				last = Math.max(last, ...changed.map((row) => Math.max(row.createdAt, rankOf(row))));
			};
			const add = (): void => {
				const id = `p${rows.size}`;
				put([prompt({ id, createdAt: last + 1 })]);
				model.order.push(id);
			};
			for (let count = 0; count < 4; count++) add();
			for (const act of acts) {
				const queue = [...rows.values()].filter(({ status }) => status === "queued");
				const id = model.order[act.move % Math.max(1, model.order.length)];
				if (act.kind === "add" || id === undefined) add();
				else if (act.kind === "sendNow") {
					put([sentNowPrompt(queue, rows.get(id), ada)]);
					model.sendNow(id);
				} else if (act.kind === "begin") {
					const next = nextPrompt(queue, false)!;
					put([startedPrompt(next)]);
					expect(next.id).toBe(model.order.shift());
					model.sent = Math.max(0, model.sent - 1);
				} else {
					const after = act.after < 0 ? null : (model.order[act.after % model.order.length] ?? null);
					const changed = movedPrompts(queue, rows.get(id), after === null ? null : rows.get(after)!, ada);
					put(changed);
					model.move(id, after);
				}
				const now = [...rows.values()].filter(({ status }) => status === "queued").sort(inRunOrder);
				expect(now.map((row) => row.id)).toEqual(model.order);
				expect(now.every((row) => Number.isSafeInteger(rankOf(row)))).toBe(true);
			}
		};
		assert(property(steps, run), { numRuns: 400 });
	});

	test("[QUE2] behind one that has begun or was removed is where it would have stood", () => {
		const queue = ["b", "c", "d"].map((id, index) => prompt({ id, createdAt: 10 + index * 10 }));
		const began = prompt({ id: "a", createdAt: 1, status: "running" });
		const gone = prompt({ id: "x", createdAt: 25, status: "removed" });
		const orderAfter = (after: PromptRow): string[] => {
			const moved = new Map(movedPrompts(queue, queue[2], after, ada).map((row) => [row.id, row]));
			return queue
				.map((row) => ({ ...row, ...moved.get(row.id) }))
				.sort(inRunOrder)
				.map(({ id }) => id);
		};
		expect(orderAfter(began)).toEqual(["d", "b", "c"]);
		expect(orderAfter(gone)).toEqual(["b", "c", "d"]);
	});

	test("[QUE2] a move changes one row while there is room, and never lets the clock of later prompts run ahead", () => {
		const queue = Array.from({ length: 50 }, (_, index) => prompt({ id: `p${index}`, createdAt: 1_000 + index }));
		const spread = movedPrompts(queue, queue[49], queue[10]!, ada);
		const rows = new Map(queue.map((row) => [row.id, { ...row }]));
		for (const row of spread) rows.set(row.id, { ...row, version: 2 });
		expect(Math.max(...[...rows.values()].map(rankOf))).toBeLessThanOrEqual(1_049);
		const after = [...rows.values()];
		expect(movedPrompts(after, rows.get("p30"), rows.get("p5")!, ada)).toHaveLength(1);
	});
});
