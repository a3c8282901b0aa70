import type { ChangesPage, FeedRow } from "@bullpen/domain/feed";

/** Which rows a reader may know of. */
type IsTheirs<Row extends FeedRow> = (row: Row) => boolean;
const isEverybodys = (): boolean => true;

/** All rows of a small feed, in memory, as told to everybody. Pages and snapshots of it are cut to a size that travels. */
export class FeedTable<Row extends FeedRow> {
	readonly #rows = new Map<string, Row>();

	/** Rows may come in any order; the newest version of each stands. */
	apply(rows: Iterable<Row>): void {
		for (const row of rows) {
			const key = `${row.kind} ${row.id}`;
			this.#rows.delete(key); // re-inserted last: rows stay in the order of their versions
			this.#rows.set(key, row);
		}
	}

	get(kind: Row["kind"], id: Row["id"]): Row | undefined {
		return this.#rows.get(`${kind} ${id}`);
	}

	/**
	 * Everything, or its oldest part with the version that it reaches: a reader of that part is simply behind, and asks for
	 * the changes since.
	 */
	snapshot(
		version: number,
		bytesMax: number,
		isTheirs: IsTheirs<Row> = isEverybodys,
	): { rows: Row[]; version: number } {
		const all = [...this.#rows.values()].filter(isTheirs);
		const rows = cut(all, all.length, bytesMax);
		return { rows, version: rows.length === all.length ? version : (rows.at(-1)?.version ?? 0) };
	}

	changes(
		since: { readonly version: number; readonly epoch?: string | undefined },
		head: { readonly version: number; readonly epoch: string },
		page: { readonly limit: number; readonly bytesMax: number },
		isTheirs: IsTheirs<Row> = isEverybodys,
	): ChangesPage<Row> {
		if (since.version > head.version || (since.epoch !== undefined && since.epoch !== head.epoch)) {
			return { rows: [], to: head.version, caughtUp: true, reset: true, floorSeq: 1 };
		}
		const newer = [...this.#rows.values()].filter((row) => row.version > since.version && isTheirs(row));
		const rows = cut(newer, page.limit, page.bytesMax);
		const caughtUp = rows.length === newer.length;
		return { rows, to: caughtUp ? head.version : (rows.at(-1)?.version ?? since.version), caughtUp, floorSeq: 1 };
	}
}

/** The first rows that fit, and never none of some. */
function cut<Row>(rows: readonly Row[], countMax: number, bytesMax: number): Row[] {
	let bytes = 0;
	const page: Row[] = [];
	for (const row of rows) {
		bytes += Buffer.byteLength(JSON.stringify(row));
		if (page.length === countMax || (page.length > 0 && bytes > bytesMax)) break;
		page.push(row);
	}
	return page;
}
