import type { ItemRow } from "@bullpen/domain/transcript/item";
import type { Transcript, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TranscriptWindow } from "./transcript-window.ts";

const PAGE = 10;

/** A transcript on a server, whose pages are of one moment and arrive in another. */
class Server {
	readonly items = new Map<number, ItemRow>();
	version = 0;
	/** How many items fit one answer, whatever was asked for. */
	readonly fits: number;
	/** What happens while a page is on its way. */
	meanwhile: () => void = () => undefined;

	constructor(count: number, fits = PAGE) {
		this.fits = fits;
		for (let id = 1; id <= count; id++) this.put(id);
	}

	put(id: number): ItemRow {
		const body = { type: "text" as const, text: `v${++this.version}`, isSealed: true };
		const row: ItemRow = { kind: "item", id, version: this.version, turnId: "t", at: 1, body };
		this.items.set(id, row);
		return row;
	}

	page({ before = Number.POSITIVE_INFINITY, limit = PAGE }: { before?: number; limit?: number }): Transcript {
		const below = [...this.items.values()].filter(({ id }) => id < before).sort((a, b) => a.id - b.id);
		const rows = below.slice(-Math.min(limit, this.fits));
		const head = { seq: this.items.size, version: this.version, epoch: "e" };
		return { rows, head, hasMore: rows.length < below.length };
	}
}

const open = (server: Server, itemsMax = 1_000): TranscriptWindow => {
	const window = new TranscriptWindow({
		read: async ({ before, limit }) => {
			const page = server.page({ ...(before && { before }), ...(limit && { limit }) });
			server.meanwhile();
			return page;
		},
		changed: () => undefined,
		pageItems: PAGE,
		itemsMax,
	});
	window.replaced(server.page({}));
	return window;
};
const idsOf = (window: TranscriptWindow): number[] => window.state.items.map(({ id }) => id);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("an item far up is shown with what stands around it, and one reads on from there to the newest", async () => {
	const window = open(new Server(100));
	expect(await window.showItem(42)).toBe(true);
	expect(idsOf(window)).toEqual(range(37, 46));
	expect(window).toMatchObject({ hasOlder: true, hasNewer: true });
	await window.loadOlder();
	await window.loadNewer();
	expect(idsOf(window)).toEqual(range(27, 56));
	for (let page = 0; page < 5; page++) await window.loadNewer();
	expect(idsOf(window)).toEqual(range(27, 100));
	expect(window.hasNewer).toBe(false);
});

test("an item that is held, or that stands near the end, leaves the newest in place; one that is not there says so", async () => {
	const window = open(new Server(100));
	expect(await window.showItem(95)).toBe(true);
	expect(window.hasNewer).toBe(false);
	expect(await window.showItem(101)).toBe(false);
	expect(idsOf(window)).toEqual(range(91, 100));
	expect(await window.showItem(90)).toBe(true);
});

test("what is new while one reads further up is there after coming back", async () => {
	const server = new Server(100);
	const window = open(server);
	await window.showItem(10);
	window.committed([server.put(101)], 1);
	window.heard({ turnId: "t", type: "text", itemId: 102, offset: 0, append: "x" });
	expect(idsOf(window).at(-1)).toBe(14);
	await window.showNewest();
	expect(idsOf(window)).toEqual(range(92, 101));
	expect(window).toMatchObject({ hasOlder: true, hasNewer: false });
});

test("a snapshot in the middle of a move wins", async () => {
	const server = new Server(100);
	const window = open(server);
	server.meanwhile = () => window.replaced(server.page({}));
	expect(await window.showItem(10)).toBe(false);
	expect(idsOf(window)).toEqual(range(91, 100));
	expect(window.moving).toBeNull();
});

test("a page that cannot be read moves nothing, and the next one can be", async () => {
	const server = new Server(100);
	const window = open(server);
	server.meanwhile = () => {
		throw new Error("lost");
	};
	await expect(window.loadOlder()).rejects.toThrow("lost");
	server.meanwhile = () => undefined;
	await window.loadOlder();
	expect(idsOf(window)).toEqual(range(81, 100));
});

test("wherever one reads, whatever changes meanwhile: one run without a hole, each item as it is now", async () => {
	const step = fc.oneof(
		fc.constantFrom("older" as const, "newer" as const, "newest" as const),
		fc.integer({ min: 1, max: 60 }),
	);
	const change = fc.integer({ min: 1, max: 70 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(step, fc.array(change, { maxLength: 4 }))),
			fc.constantFrom(1, 3, PAGE),
			fc.constantFrom(15, 1_000),
			async (steps, fits, itemsMax) => {
				const server = new Server(50, fits);
				const window = open(server, itemsMax);
				for (const [move, changes] of steps) {
					const rows = (): WorkspaceFeedRow[] => changes.map((id) => server.put(Math.min(id, server.items.size + 1)));
					server.meanwhile = () => {
						server.meanwhile = () => undefined;
						window.committed(rows(), 1);
					};
					if (move === "older") await window.loadOlder();
					else if (move === "newer") await window.loadNewer();
					else if (move === "newest") await window.showNewest();
					else expect(await window.showItem(move)).toBe(move <= server.items.size);
					const ids = idsOf(window);
					expect(ids).toEqual(range(ids[0] ?? 1, ids.at(-1) ?? 0));
					for (const item of window.state.items) expect(item).toEqual(server.items.get(item.id));
					if (!window.hasNewer) expect(ids.at(-1)).toBe(server.items.size);
					if (!window.hasOlder) expect(ids[0]).toBe(1);
				}
			},
		),
	);
});
