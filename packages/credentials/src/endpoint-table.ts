import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Endpoint } from "./base-url.ts";
import type { EndpointView } from "./credential.ts";
import { Provider } from "./provider.ts";

const Row = z.object({
	provider: Provider,
	base_url: z.string(),
	is_private_allowed: z.number(),
	set_by: z.string(),
	set_at: z.number(),
});

export class EndpointTable {
	readonly #database: DatabaseSync;

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	find(provider: Provider): EndpointView | undefined {
		const row = this.#database.prepare("SELECT * FROM endpoints WHERE provider = ?").get(provider);
		return row && toView(row);
	}

	all(): EndpointView[] {
		return this.#database.prepare("SELECT * FROM endpoints ORDER BY provider").all().map(toView);
	}

	put(provider: Provider, { baseUrl, isPrivateAllowed }: Endpoint, setBy: string, now: number): void {
		this.#database
			.prepare(
				`INSERT INTO endpoints (provider, base_url, is_private_allowed, set_by, set_at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (provider) DO UPDATE SET base_url = excluded.base_url,
					is_private_allowed = excluded.is_private_allowed, set_by = excluded.set_by, set_at = excluded.set_at`,
			)
			.run(provider, baseUrl, isPrivateAllowed ? 1 : 0, setBy, now);
	}

	remove(provider: Provider): void {
		this.#database.prepare("DELETE FROM endpoints WHERE provider = ?").run(provider);
	}
}

function toView(row: unknown): EndpointView {
	const { provider, base_url, is_private_allowed, set_by, set_at } = Row.parse(row);
	return { provider, baseUrl: base_url, isPrivateAllowed: is_private_allowed === 1, setBy: set_by, setAt: set_at };
}
