import fc from "fast-check";
import { expect, test } from "vitest";
import { FeedTable } from "./feed-table.ts";

interface Row {
	readonly kind: "row";
	readonly id: string;
	readonly version: number;
}
const row = (id: string, version: number): Row => ({ kind: "row", id, version });
const head = (version: number) => ({ version, epoch: "e" });

test("[FEED12] pages from any version, of any size, lead to what a snapshot shows", () => {
	fc.assert(
		fc.property(
			fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 }),
			fc.nat(30),
			fc.integer({ min: 1, max: 5 }),
			fc.integer({ min: 1, max: 200 }),
			(changes, cut, limit, bytesMax) => {
				const table = new FeedTable<Row>();
				const reader = new Map<string, Row>();
				let version = 0;
				for (const [index, id] of changes.entries()) {
					table.apply([row(id, index + 1)]);
					if (index !== Math.min(cut, changes.length - 1)) continue;
					const view = table.snapshot(index + 1, bytesMax);
					version = view.version;
					for (const one of view.rows) reader.set(one.id, one);
				}
				for (let pages = 0; version < changes.length; pages++) {
					const page = table.changes({ version }, head(changes.length), { limit, bytesMax });
					for (const one of page.rows) reader.set(one.id, one);
					version = page.to;
					expect(pages).toBeLessThan(40);
					if (page.caughtUp) break;
				}
				const whole = table.snapshot(changes.length, Number.MAX_SAFE_INTEGER);
				expect([...reader.values()].sort((x, y) => x.version - y.version)).toEqual(whole.rows);
			},
		),
	);
});

test("[FEED7] a reader ahead of the table, or of another epoch, starts over", () => {
	const table = new FeedTable<Row>();
	table.apply([row("a", 1)]);
	const page = { limit: 10, bytesMax: 1_000 };
	expect(table.changes({ version: 2 }, head(1), page).reset).toBe(true);
	expect(table.changes({ version: 0, epoch: "other" }, head(1), page).reset).toBe(true);
	expect(table.changes({ version: 0, epoch: "e" }, head(1), page)).toMatchObject({ rows: [row("a", 1)], to: 1 });
});
