import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { type Payer, Provider, SERVER } from "./provider.ts";

const Row = z.object({
	id: z.string(),
	user_id: z.string(),
	provider: Provider,
	base_url: z.string(),
	sealed: z.instanceof(Uint8Array),
	sealed_by: z.string(),
	set_by: z.string(),
	created_at: z.number(),
	rotated_at: z.number(),
});
/** A stored credential. Its key opens only together with everything `contextOf` names. */
export type StoredCredential = z.infer<typeof Row>;

/** Binds a sealed key to its owner, provider and address: a row that was changed by hand does not open. */
export const contextOf = (row: Pick<StoredCredential, "id" | "user_id" | "provider" | "base_url">): string =>
	JSON.stringify(["bullpen credential 1", row.id, row.user_id, row.provider, row.base_url]);

export const payerOf = ({ user_id: userId }: StoredCredential): Payer =>
	userId === "" ? SERVER : { kind: "person", userId };

const userIdOf = (payer: Payer): string => (payer.kind === "server" ? "" : payer.userId);

export interface NewCredential {
	readonly payer: Payer;
	readonly provider: Provider;
	readonly baseUrl: string;
	readonly setBy: string;
	readonly now: number;
	readonly sealedBy: string;
	readonly seal: (context: string) => Uint8Array;
}

export class CredentialTable {
	readonly #database: DatabaseSync;

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	find(payer: Payer, provider: Provider): StoredCredential | undefined {
		const row = this.#database
			.prepare("SELECT * FROM credentials WHERE user_id = ? AND provider = ?")
			.get(userIdOf(payer), provider);
		return row && Row.parse(row);
	}

	/** At most one for each provider. */
	of(payer: Payer): StoredCredential[] {
		const rows = this.#database
			.prepare("SELECT * FROM credentials WHERE user_id = ? ORDER BY provider")
			.all(userIdOf(payer));
		return rows.map((row) => Row.parse(row));
	}

	/** A new one, or a new key for the one that is there, which keeps its id. Within a transaction. */
	put({ payer, provider, baseUrl, setBy, now, sealedBy, seal }: NewCredential): void {
		const known = this.find(payer, provider);
		const id = known?.id ?? randomUUID();
		const row = { id, user_id: userIdOf(payer), provider, base_url: baseUrl };
		this.#database
			.prepare(
				`INSERT INTO credentials (id, user_id, provider, base_url, sealed, sealed_by, set_by, created_at, rotated_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET base_url = excluded.base_url, sealed = excluded.sealed,
					sealed_by = excluded.sealed_by, set_by = excluded.set_by, rotated_at = excluded.rotated_at`,
			)
			.run(id, row.user_id, provider, baseUrl, seal(contextOf(row)), sealedBy, setBy, now, now);
	}

	remove(payer: Payer, provider: Provider): boolean {
		const statement = this.#database.prepare("DELETE FROM credentials WHERE user_id = ? AND provider = ?");
		return statement.run(userIdOf(payer), provider).changes > 0;
	}

	removeAll(payer: Payer): void {
		this.#database.prepare("DELETE FROM credentials WHERE user_id = ?").run(userIdOf(payer));
	}

	/** Everything sealed by another key, for a change of keys. One row at a time is held in memory. */
	*sealedByOthers(keyId: string): Generator<StoredCredential> {
		const statement = this.#database.prepare(
			"SELECT * FROM credentials WHERE sealed_by <> ? AND id > ? ORDER BY id LIMIT 1",
		);
		for (let after = ""; ; ) {
			const row = statement.get(keyId, after);
			if (!row) return;
			const parsed = Row.parse(row);
			after = parsed.id;
			yield parsed;
		}
	}

	reseal(id: string, sealed: Uint8Array, sealedBy: string): void {
		this.#database.prepare("UPDATE credentials SET sealed = ?, sealed_by = ? WHERE id = ?").run(sealed, sealedBy, id);
	}
}
