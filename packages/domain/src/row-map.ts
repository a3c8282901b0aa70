import { type FeedRow, isNewer } from "./feed.ts";

/** The rows of a feed small enough to be held whole, by kind and id. */
export type RowMap<Row extends FeedRow> = ReadonlyMap<string, Row>;

export const rowKey = (row: Pick<FeedRow, "kind" | "id">): string => `${row.kind}:${row.id}`;

/** Merges rows that may come twice and in any order. The same map comes back when nothing was new. */
export const mergeRows = <Row extends FeedRow>(known: RowMap<Row>, rows: readonly Row[]): RowMap<Row> => {
	const next = new Map(known);
	let isChanged = false;
	for (const row of rows) {
		if (!isNewer(row, next.get(rowKey(row)))) continue;
		next.set(rowKey(row), row);
		isChanged = true;
	}
	return isChanged ? next : known;
};

/** The rows of one kind, in no particular order. */
export const rowsOf = <Row extends FeedRow, Kind extends Row["kind"]>(
	rows: RowMap<Row>,
	kind: Kind,
): Extract<Row, { readonly kind: Kind }>[] => {
	const isOfKind = (row: Row): row is Extract<Row, { readonly kind: Kind }> => row.kind === kind;
	return [...rows.values()].filter(isOfKind);
};
