import { BotScope } from "@bullpen/domain/bot";
import { ServerRole } from "@bullpen/domain/identity";
import type { RawAccess } from "rivetkit/db";
import { z } from "zod";
import type { Person } from "../identity.ts";

/** A migration of every actor. `person` is a `Person` as JSON; times are unix ms. */
export const LEASE_MIGRATION = `
	CREATE TABLE leases (
		connection_id TEXT PRIMARY KEY,
		edge TEXT NOT NULL,
		ends_at INTEGER NOT NULL,
		person TEXT NOT NULL
	) WITHOUT ROWID;
	CREATE INDEX leases_by_end ON leases (ends_at);
`;

/** That a connection's person has proven themselves, to the edge instance that brought them. */
export interface Lease {
	readonly connectionId: string;
	readonly edge: string;
	readonly person: Person;
}

const KeptPerson = z.object({
	kind: z.literal("person"),
	userId: z.string(),
	name: z.string(),
	role: ServerRole,
	scopes: z.array(BotScope).optional(),
	ticketAt: z.number(),
	leaseEndsAt: z.number(),
});

const SWEEP_EVERY_MS = 60_000;

/** The leases of relayed connections: they outlive the process. */
export class LeaseTable {
	readonly #db: () => RawAccess;
	readonly #now: () => number;
	#sweptAt = 0;

	constructor(db: () => RawAccess, now: () => number) {
		this.#db = db;
		this.#now = now;
	}

	/** Kept when it resolves, all of them with one commit. */
	async keep(leases: readonly Lease[]): Promise<void> {
		if (leases.length === 0) return;
		const rows = leases.map(({ connectionId, edge, person }) => [
			connectionId,
			edge,
			person.leaseEndsAt,
			JSON.stringify(person),
		]);
		await this.#db().execute(
			`INSERT INTO leases (connection_id, edge, ends_at, person)
			SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?)`,
			JSON.stringify(rows),
		);
		await this.#sweep();
	}

	/** Those of these connections' leases that this edge instance holds and that have not ended. */
	async find(connectionIds: readonly string[], edge: string): Promise<ReadonlyMap<string, Person>> {
		if (connectionIds.length === 0) return new Map();
		const rows = await this.#db().execute<{ connection_id: string; person: string }>(
			`SELECT connection_id, person FROM leases
			WHERE connection_id IN (SELECT value FROM json_each(?)) AND edge = ? AND ends_at > ?`,
			JSON.stringify(connectionIds),
			edge,
			this.#now(),
		);
		return new Map(rows.map((row) => [row.connection_id, KeptPerson.parse(JSON.parse(row.person))]));
	}

	/** Ids of everybody with a lease that has not ended. */
	async holders(): Promise<string[]> {
		const rows = await this.#db().execute<{ user_id: string }>(
			"SELECT DISTINCT person->>'userId' AS user_id FROM leases WHERE ends_at > ?",
			this.#now(),
		);
		return rows.map((row) => row.user_id);
	}

	/** Of these, those that this edge instance holds. */
	async drop(connectionIds: readonly string[], edge: string): Promise<void> {
		await this.#db().execute(
			"DELETE FROM leases WHERE connection_id IN (SELECT value FROM json_each(?)) AND edge = ?",
			JSON.stringify(connectionIds),
			edge,
		);
	}

	async #sweep(): Promise<void> {
		const now = this.#now();
		if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
		this.#sweptAt = now;
		await this.#db().execute("DELETE FROM leases WHERE ends_at <= ?", now);
	}
}
