import { expect, test } from "vitest";
import type { SaveDraftInput } from "./draft.ts";
import { DraftPlace, roomOfDraft } from "./draft.ts";
import { type DraftSlot, draftWritten } from "./draft-rules.ts";
import { LIMITS } from "./limits.ts";
import { refusal } from "./test/refusal.ts";

/** The slots of one inbox and its clock. */
class Shelf {
	slots: DraftSlot[] = [];
	now = 1_000_000;
	nth = 0;
	readonly limits;

	constructor(limits: object = {}) {
		this.limits = { ...LIMITS, ...limits };
	}

	write(place: string, text: string, input: Partial<SaveDraftInput> = {}): boolean {
		const written = { place, text, agoMs: 0, device: "laptop", nth: ++this.nth, ...input };
		const changed = draftWritten(this.slots, written, this.now, this.limits);
		const ids = new Set(changed.map(({ row }) => row.id));
		this.slots = [...this.slots.filter(({ row }) => !ids.has(row.id)), ...changed];
		return changed.length > 0;
	}

	text(place: string): string | undefined {
		return this.slots.find(({ row }) => row.place === place)?.row.text;
	}
}

test("[DRAFT1] the last writing stands, by how long ago each page says it was", () => {
	const shelf = new Shelf();
	shelf.write("general", "from the laptop");
	shelf.now += 60_000;
	expect(shelf.write("general", "older, from a phone that was offline", { device: "phone", agoMs: 90_000 })).toBe(
		false,
	);
	expect(shelf.write("general", "younger", { device: "phone", agoMs: 30_000 })).toBe(true);
	expect(shelf.text("general")).toBe("younger");
});

test("[DRAFT1] of one page the later writing stands, however late the earlier comes", () => {
	const shelf = new Shelf();
	shelf.write("general", "", { nth: 8 });
	shelf.write("general", "ab", { nth: 7 });
	expect(shelf.text("general")).toBe("");
	shelf.write("general", "a", { nth: 9 });
	shelf.write("general", "", { nth: 11 });
	expect(shelf.write("general", "abc", { nth: 10 })).toBe(false);
	expect(shelf.text("general")).toBe("");
});

test("[DRAFT2] the clock does not go back with the machine's", () => {
	const shelf = new Shelf();
	shelf.write("general", "before");
	shelf.now -= 3_600_000;
	expect(shelf.write("general", "after", { device: "phone" })).toBe(true);
	expect(shelf.slots[0]?.row.savedAt).toBe(1_000_000);
	expect(shelf.write("general", "a second old", { device: "tablet", agoMs: 1_000 })).toBe(false);
});

test("[DRAFT3] what was sent does not come back from a page that had not heard of it", () => {
	const shelf = new Shelf();
	shelf.write("general", "hello");
	shelf.now += 10_000;
	shelf.write("general", "");
	expect(shelf.write("general", "hello", { device: "phone", agoMs: 5_000 })).toBe(false);
	expect(shelf.text("general")).toBe("");
});

test("[DRAFT4] there is a slot for so many places: an empty one is used again first, then the oldest", () => {
	const shelf = new Shelf({ draftsMax: 2 });
	shelf.write("a", "1");
	shelf.now += 1_000;
	shelf.write("b", "2");
	shelf.now += 1_000;
	shelf.write("b", "");
	shelf.now += 1_000;
	shelf.write("c", "3");
	expect([shelf.slots.length, shelf.text("a"), shelf.text("b"), shelf.text("c")]).toEqual([2, "1", undefined, "3"]);
	expect(shelf.write("b", "again", { device: "phone", agoMs: 1_500 })).toBe(false);
	shelf.now += 1_000;
	shelf.write("d", "4");
	expect([shelf.text("a"), shelf.text("c"), shelf.text("d")]).toEqual([undefined, "3", "4"]);
});

test("[DRAFT4] all together have a size: the oldest are let go, which is not the same as taken back", () => {
	const shelf = new Shelf({ draftsBytesMax: 10 });
	shelf.write("a", "1234");
	shelf.now += 1_000;
	shelf.write("b", "5678");
	shelf.now += 1_000;
	shelf.write("c", "9012");
	expect(shelf.slots.map(({ row }) => row.place)).toEqual(["b", "c", null]);
	expect(refusal(() => shelf.write("a", "x".repeat(49 * 1024))).code).toBe("text_too_long");
	expect(shelf.write("a", "\ud800")).toBe(true);
	expect(shelf.text("a")).toBe("\ufffd");
});

test("[DRAFT5] a place is a room or a thread of it", () => {
	const isPlace = (place: string) => DraftPlace.safeParse(place).success;
	expect(["general", "r-1/12", "d-0f"].map(isPlace)).toEqual([true, true, true]);
	expect(["", "General", "r-1/", "r-1/0", "r-1/1/2", "../x", "r-1/9999999999999999"].some(isPlace)).toBe(false);
	expect(["r-1/12", "r-1"].map(roomOfDraft)).toEqual(["r-1", "r-1"]);
});
