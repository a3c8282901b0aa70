import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import type { Tail, TurnRow, WorkspaceFeedRow } from "../workspace.ts";
import { coalesce } from "./coalesce.ts";
import { beginTurn } from "./coalesce-state.ts";
import type { ItemRow } from "./item.ts";
import { applyRows, applyTail, EMPTY_TRANSCRIPT, type TranscriptState, viewOf } from "./reduce.ts";

const item = (id: number, version: number, text: string, isSealed = false): ItemRow => ({
	kind: "item",
	id,
	version,
	turnId: "t1",
	at: 1,
	body: { type: "text", text, isSealed },
});
const turn = (version: number, status: TurnRow["status"]): TurnRow => ({
	kind: "turn",
	id: "t1",
	version,
	promptId: "p1",
	status,
	startedAt: 1,
});
const tail = (itemId: number, offset: number, append: string): Tail => ({
	turnId: "t1",
	type: "text",
	itemId,
	offset,
	append,
});
const texts = (state: TranscriptState): string[] =>
	viewOf(state).items.map(({ body }) => ("text" in body && body.text !== undefined ? body.text : body.type));

/** A turn as the actor tells it: tails at once, rows now and then. */
const told = (parts: readonly string[], commitEvery: number) => {
	const limits = { ...LIMITS, itemSegmentBytesMax: 8 };
	const rows = new Map<string, WorkspaceFeedRow>();
	const messages: ({ rows: WorkspaceFeedRow[] } | { tail: Tail })[] = [];
	let state = beginTurn("t1", 1);
	let version = 0;
	const pending = new Map<number, ItemRow>();
	const put = (row: WorkspaceFeedRow) => rows.set(`${row.kind}:${row.id}`, row);
	put(turn(++version, "running"));
	messages.push({ rows: [...rows.values()] });
	for (const [index, part] of parts.entries()) {
		const step = coalesce(state, { type: "text-delta", text: part }, 1, limits);
		state = step.state;
		for (const each of step.items) pending.set(each.id, { kind: "item", version: 0, ...each });
		for (const each of step.tails) messages.push({ tail: each });
		if (index % commitEvery > 0) continue;
		const batch = [...pending.values()].map((row) => ({ ...row, version: ++version }));
		pending.clear();
		for (const row of batch) put(row);
		messages.push({ rows: batch });
	}
	const last = [...pending.values()].map((row) => ({ ...row, version: ++version }));
	for (const row of [...last, turn(++version, "completed")]) put(row);
	messages.push({ rows: [...last, turn(version, "completed")] });
	return { messages, rows: [...rows.values()] };
};

const take = (state: TranscriptState, message: { rows: WorkspaceFeedRow[] } | { tail: Tail }): TranscriptState =>
	"tail" in message ? applyTail(state, message.tail) : applyRows(state, message.rows);

describe("the transcript a client shows", () => {
	const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 20 });

	test("[TR20] any order and any number of times: all rows give the view of a fresh snapshot", () => {
		fc.assert(
			fc.property(parts, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (words, every, chance) => {
				const { messages, rows } = told(words, every);
				const random = () => chance.next().value!;
				const shuffled = [...messages, ...messages]
					.map((message) => ({ message, at: random() }))
					.sort((a, b) => a.at - b.at);
				const state = shuffled.reduce((known, { message }) => take(known, message), EMPTY_TRANSCRIPT);
				expect(viewOf(state)).toEqual(viewOf(applyRows(EMPTY_TRANSCRIPT, rows)));
				expect(state.heard.size).toBe(0);
			}),
		);
	});

	test("[TR21] lost tails never show words that were not said: every line is a beginning of its true one", () => {
		fc.assert(
			fc.property(parts, fc.array(fc.boolean(), { minLength: 80 }), (words, kept) => {
				const { messages, rows } = told(words, 3);
				const truth = new Map(viewOf(applyRows(EMPTY_TRANSCRIPT, rows)).items.map(({ id, body }) => [id, body]));
				let state = EMPTY_TRANSCRIPT;
				for (const [index, message] of messages.entries()) {
					if ("tail" in message && !kept[index]) continue;
					state = take(state, message);
					for (const { id, body } of viewOf(state).items) {
						const said = truth.get(id);
						expect(body.type === "text" && said?.type === "text" && said.text.startsWith(body.text)).toBe(true);
					}
				}
			}),
		);
	});

	test("[TR22] words are shown before their commit and superseded by it", () => {
		let state = applyTail(applyRows(EMPTY_TRANSCRIPT, [item(1, 1, "Hel")]), tail(1, 3, "lo"));
		expect(texts(state)).toEqual(["Hello"]);
		state = applyTail(state, tail(2, 0, "next"));
		expect(viewOf(state).items.at(-1)).toMatchObject({ id: 2, version: 0 });
		state = applyRows(state, [item(1, 2, "Hello there", true)]);
		expect(texts(state)).toEqual(["Hello there", "next"]);
	});

	test("[TR23] words of a turn that was cut off vanish; so do those whose place another line took", () => {
		const heard = applyTail(applyRows(EMPTY_TRANSCRIPT, [turn(1, "running")]), tail(1, 0, "half a sen"));
		expect(texts(applyRows(heard, [turn(2, "interrupted")]))).toEqual([]);
		const notice: ItemRow = {
			...item(1, 2, ""),
			body: { type: "notice", level: "warning", text: "Interrupted." },
		};
		expect(texts(applyRows(heard, [notice]))).toEqual(["Interrupted."]);
		const over = applyRows(EMPTY_TRANSCRIPT, [turn(2, "completed")]);
		expect(applyTail(over, tail(1, 0, "late"))).toBe(over);
	});

	test("[TR24] the queue is in the order in which it runs; questions are oldest first", () => {
		const prompt = (id: string, createdAt: number, status: "queued" | "done"): WorkspaceFeedRow => ({
			kind: "prompt",
			id,
			version: 1,
			userId: "ada",
			text: id,
			createdAt,
			status,
		});
		const ask = (id: string, askedAt: number, status: "pending" | "answered"): WorkspaceFeedRow => ({
			kind: "permission",
			id,
			version: 1,
			turnId: "t1",
			title: id,
			options: [],
			status,
			askedAt,
			expiresAt: 9,
		});
		const view = viewOf(
			applyRows(EMPTY_TRANSCRIPT, [
				prompt("c", 2, "queued"),
				prompt("b", 1, "queued"),
				prompt("a", 1, "queued"),
				prompt("z", 0, "done"),
				ask("q2", 2, "pending"),
				ask("q1", 1, "answered"),
			]),
		);
		expect(view.queue.map(({ id }) => id)).toEqual(["a", "b", "c"]);
		expect(view.permissions.map(({ id }) => id)).toEqual(["q1", "q2"]);
		expect(view.pendingPermissions.map(({ id }) => id)).toEqual(["q2"]);
	});

	test("[TR25] what lies below the floor is dropped", () => {
		const state = applyRows(EMPTY_TRANSCRIPT, [item(1, 1, "old"), item(2, 2, "new")]);
		expect(texts(applyRows(state, [], 2))).toEqual(["new"]);
	});
});
