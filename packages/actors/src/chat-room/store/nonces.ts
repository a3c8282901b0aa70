import type { RawAccess } from "rivetkit/db";

/**
 * Which message a nonce became, for ever. By nonce before author: nonces begin with their time (`domain/nonce.ts`), so that
 * all of a commit go to one page of the index. `sends` had them by author, which cost a page each, and keeps the older ones.
 */
export const NONCE_MIGRATION = `
	CREATE TABLE nonces (
		nonce TEXT NOT NULL,
		author TEXT NOT NULL,
		seq INTEGER NOT NULL,
		text_hash TEXT NOT NULL,
		timestamp INTEGER NOT NULL,
		PRIMARY KEY (nonce, author)
	) WITHOUT ROWID;
`;

/** Of a commit's `sends`: fails for a nonce that was used. Part of the trigger that spreads a commit over the tables. */
export const KEEP_NONCES = `
	SELECT RAISE(ABORT, 'a nonce was used before')
	FROM json_each(NEW.body, '$.sends') AS new JOIN sends ON sends.author = new.value->>0 AND sends.nonce = new.value->>1;

	INSERT INTO nonces (author, nonce, seq, text_hash, timestamp)
	SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(NEW.body, '$.sends');
`;

/** A send's permanent record: outlives its message. `textHash` is of all that makes two sends the same. */
export interface Send {
	readonly kind: "send";
	readonly author: string;
	readonly nonce: string;
	readonly seq: number;
	readonly textHash: string;
	readonly timestamp: number;
}

export const sendKey = (author: string, nonce: string): string => `send ${author} ${nonce}`;

/** The sends with these keys, of all that ever were. */
export async function findSends(
	db: Pick<RawAccess, "execute">,
	keys: readonly string[],
): Promise<ReadonlyMap<string, Send>> {
	const rows = await db.execute<Omit<Send, "kind"> & Record<string, unknown>>(
		`WITH wanted AS (SELECT value->>0 AS author, value->>1 AS nonce FROM json_each(?))
		SELECT author, nonce, seq, text_hash AS textHash, timestamp FROM wanted JOIN nonces USING (author, nonce)
		UNION ALL
		SELECT author, nonce, seq, text_hash AS textHash, timestamp FROM wanted JOIN sends USING (author, nonce)`,
		JSON.stringify(keys.map((key) => key.split(" ").slice(1))),
	);
	return new Map(rows.map((row) => [sendKey(row.author, row.nonce), { ...row, kind: "send" as const }]));
}
