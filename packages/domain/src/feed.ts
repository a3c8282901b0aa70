import { z } from "zod";
import { Seq, Version } from "./id.ts";

/** Where a feed stands: the last seq, the last version, and the epoch that changes when a backup is restored. */
export const Head = z.strictObject({ seq: z.int().min(0), version: Version, epoch: z.string() });
export type Head = z.infer<typeof Head>;

/** What every row of a feed has: its kind, an id within that kind, and the version of its last change. */
export interface FeedRow {
	readonly kind: string;
	readonly id: string | number;
	readonly version: number;
}

/** One commit: rows in full current form whose versions lie in `(from, to]`. Rows below `floorSeq` are pruned. */
export const feedBatch = <Row extends z.ZodType>(row: Row) =>
	z.strictObject({ from: Version, to: Version, rows: z.array(row), floorSeq: Seq });
export interface FeedBatch<Row extends FeedRow> {
	from: number;
	to: number;
	rows: Row[];
	floorSeq: number;
}

export const ChangesSinceInput = z.strictObject({
	version: Version,
	epoch: z.string().optional(),
	limit: z.int().min(1).max(500).optional(),
});
/** `reset` means: forget everything and read afresh (the version asked for is above head, or the epoch changed). */
export const changesPage = <Row extends z.ZodType>(row: Row) =>
	z.strictObject({
		rows: z.array(row),
		to: Version,
		caughtUp: z.boolean(),
		reset: z.literal(true).optional(),
		floorSeq: Seq,
	});
export interface ChangesPage<Row extends FeedRow> {
	rows: Row[];
	to: number;
	caughtUp: boolean;
	reset?: true | undefined;
	floorSeq: number;
}

/** A row is merged only when nothing newer of it is known: rows may come twice and in any order. */
export const isNewer = (row: { readonly version: number }, known: { readonly version: number } | undefined): boolean =>
	known === undefined || row.version > known.version;
