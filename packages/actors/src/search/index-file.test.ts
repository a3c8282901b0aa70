import { LIMITS } from "@bullpen/domain/limits";
import type { NoteMessagesInput } from "@bullpen/domain/search";
import { parseSearch } from "@bullpen/domain/search-query";
import { matchesIn } from "@bullpen/domain/search-text";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { find } from "./find.ts";
import { IndexFile } from "./index-file.ts";

const limits = { ...LIMITS, searchScanMessages: 2_000, searchForgetBatch: 10 };
let index: IndexFile;
beforeEach(() => {
	index = new IndexFile(":memory:", limits);
});

const noteOf = (fields: Partial<NoteMessagesInput>): NoteMessagesInput => ({
	roomId: "r-1",
	epoch: "one",
	from: 0,
	to: 0,
	floorSeq: 1,
	messages: [],
	...fields,
});
/** Messages 1, 2, 3 … of a room, a second apart, said by ada, bob, ada, bob … */
const said = (...texts: string[]): NoteMessagesInput["messages"] =>
	texts.map((text, at) => ({
		seq: at + 1,
		version: at + 1,
		sender: at % 2 === 0 ? "ada" : "bob",
		timestamp: 1_790_000_000_000 + at * 1_000,
		text,
		hasFile: false,
	}));
const tell = (roomId: string, ...texts: string[]) =>
	index.note(noteOf({ roomId, to: texts.length, messages: said(...texts) }));
const look = (typed: string, options: { roomIds?: string[]; before?: number; limit?: number } = {}) =>
	find(index, { query: parseSearch(typed), roomIds: ["r-1"], limit: 50, ...options }, limits);
const seqs = (typed: string, roomIds?: string[]): number[] =>
	look(typed, roomIds === undefined ? {} : { roomIds }).found.map(({ seq }) => seq);

describe("an index", () => {
	test.each([
		["deploy", [4, 1]],
		["the deploy", [4]],
		['"deploy failed"', [1]],
		['"failed deploy"', []],
		["depl*", [4, 2, 1]],
		["de*", [4, 2, 1]],
		["*loy*", [4, 2, 1]],
		["*oym*", [2]],
		['*"oy fa"*', [1]],
		["cafe", [3]],
		["会議", [5]],
		["明日の会", [5]],
		["会", [5]],
		["from:bob", [4, 2]],
		["from:nobody", []],
		["from:ada from:bob depl*", [4, 2, 1]],
		["has:link", [3]],
		["has:code", [4]],
		["has:link has:code", [4, 3]],
		["after:1790000003000", [5, 4]],
		["before:1790000001000", [1]],
		["nowhere", []],
		["*xyz*", []],
		['" OR "', []],
		["deploy) OR (the", []],
	])("[SEARCH5] %j", (typed, expected) => {
		tell("r-1", "deploy failed", "a deployment", "Café: https://example.org", "the `deploy` again", "明日の会議");
		expect(seqs(typed)).toEqual(expected);
	});

	test("[SEARCH7] tells of nothing outside the rooms that were asked for, however many these are", () => {
		tell("r-1", "secret one");
		tell("r-2", "secret two");
		expect(look("secret", { roomIds: ["r-2", "r-unknown"] }).found).toMatchObject([{ roomId: "r-2", seq: 1 }]);
		const many = Array.from({ length: 100 }, (_, at) => `r-x${at}`);
		for (const roomId of many) tell(roomId, "nothing");
		const found = (typed: string) => look(typed, { roomIds: ["r-2", ...many] }).found.map(({ roomId }) => roomId);
		expect(found("secret")).toEqual(["r-2"]);
		expect(found("*ecre*")).toEqual(["r-2"]);
		expect(found("*ec*")).toEqual(["r-2"]);
		expect(look("secret", { roomIds: [] })).toEqual({ found: [], next: null });
	});

	test("[SEARCH8] a note twice, late or again is one note; what was lost is asked for again", () => {
		const first = noteOf({ to: 2, messages: said("one", "two") });
		expect([index.note(first), index.note(first)]).toEqual([2, 2]);
		expect(index.note(noteOf({ from: 5, to: 6, messages: [] }))).toBe(2);
		const [one] = said("one, edited");
		expect(index.note(noteOf({ from: 2, to: 3, messages: one ? [{ ...one, version: 3 }] : [] }))).toBe(3);
		expect(index.note(first)).toBe(3);
		expect([seqs("edited"), seqs("one"), seqs("two")]).toEqual([[1], [1], [2]]);
		expect(look("edited").found[0]).toMatchObject({ version: 3 });
		expect(index.note(noteOf({ epoch: "restored", from: 3, to: 4 }))).toBe(0);
	});

	test("[SEARCH9] what was edited away, deleted or pruned is found no more", () => {
		tell("r-1", "one apple", "two apples", "three apples", "four");
		const change = (seq: number, version: number, text: string) =>
			index.note(
				noteOf({
					from: version - 1,
					to: version,
					messages: said("", "", "", "")
						.map((row) => ({ ...row, version, text }))
						.filter((row) => row.seq === seq),
				}),
			);
		change(1, 5, "one pear");
		change(2, 6, "");
		expect([seqs("*apple*"), seqs("pear"), seqs("two")]).toEqual([[3], [1], []]);
		index.note(noteOf({ from: 6, to: 7, floorSeq: 4 }));
		expect([seqs("*apple*"), seqs("pear"), seqs("four")]).toEqual([[], [], [4]]);
	});

	test("[SEARCH9] what a room pruned at once is taken out of the index, a part at a time", () => {
		tell("r-1", ...Array.from({ length: 25 }, (_, at) => `message ${at}`));
		tell("r-2", "message elsewhere");
		index.note(noteOf({ from: 25, to: 26, floorSeq: 25 }));
		expect([seqs("message").length, index.roomsToPrune()]).toEqual([15, ["r-1"]]);
		expect([index.prune("r-1"), index.prune("r-1"), index.prune("r-2")]).toEqual([true, false, false]);
		expect([seqs("message"), index.roomsToPrune()]).toEqual([[25], []]);
	});

	test("[SEARCH9] a room that is no more is forgotten, a part at a time", () => {
		tell("r-1", ...Array.from({ length: 25 }, (_, at) => `message ${at}`));
		expect([index.forget("r-1"), index.forget("r-1"), index.forget("r-1"), index.forget("r-1")]).toEqual([
			true,
			true,
			false,
			false,
		]);
		expect(seqs("message")).toEqual([]);
		expect(index.versionOf("r-1")).toBe(0);
	});

	test("[SEARCH10] pages follow each other without a gap or a repeat, in one millisecond too", () => {
		const messages = said(...Array.from({ length: 95 }, (_, at) => `same ${at}`)).map((row) => ({
			...row,
			timestamp: 1_790_000_000_000,
		}));
		index.note(noteOf({ to: 95, messages }));
		const all: number[] = [];
		for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
			const page = look("same", { before, limit: 10 });
			all.push(...page.found.map(({ seq }) => seq));
			before = page.next;
		}
		expect(all).toEqual(Array.from({ length: 95 }, (_, at) => 95 - at));
	});

	test("[SEARCH11] what has no index is looked for in a bounded number of messages, and the answer says how far", () => {
		const texts = Array.from({ length: 5_000 }, (_, at) => (at === 10 ? "東京 here" : `message ${at}`));
		const messages = said(...texts);
		for (let at = 0; at < texts.length; at += 1_000)
			index.note(noteOf({ from: at, to: at + 1_000, messages: messages.slice(at, at + 1_000) }));
		const pages = [];
		let before: number | undefined;
		do {
			const page = look("東京", before === undefined ? {} : { before });
			pages.push(page.found.length);
			before = page.next ?? undefined;
		} while (before !== undefined);
		expect(pages.length).toBeGreaterThan(2);
		expect(pages.reduce((sum, count) => sum + count)).toBe(1);
	});

	test("[SEARCH3] the index and the rule agree about what a text says, whatever is typed", () => {
		const texts = fc.string({
			unit: fc.constantFrom("a", "B", "é", "1", " ", ".", "会", "議", '"', "*", "\uE000", "ß", "ﬁ", "😀"),
			maxLength: 14,
		});
		fc.assert(
			fc.property(texts, texts, fc.constantFrom("", "*"), (text, typed, star) => {
				const query = parseSearch(`${star}${typed}${star}`);
				if (query.terms.length === 0 || text.trim() === "" || /\uE000/.test(text + typed)) return;
				const fresh = new IndexFile(":memory:", limits);
				fresh.note(noteOf({ to: 1, messages: said(text) }));
				const { found } = find(fresh, { query, roomIds: ["r-1"], limit: 5 }, limits);
				fresh.close();
				expect(found.length === 1).toBe(matchesIn(text, query.terms) !== null);
			}),
			{ numRuns: 200 },
		);
	});
});
