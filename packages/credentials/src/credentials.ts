import type { DatabaseSync } from "node:sqlite";
import { Problem } from "@bullpen/domain/problem";
import { type EndpointWish, readEndpoint } from "./base-url.ts";
import type { Credential, CredentialView, EndpointView } from "./credential.ts";
import { CredentialTable, contextOf, payerOf, type StoredCredential } from "./credential-table.ts";
import { openDatabase, transaction } from "./database.ts";
import { EndpointTable } from "./endpoint-table.ts";
import { DEFAULT_BASE_URL, type Payer, type Provider } from "./provider.ts";
import { ProviderKey } from "./provider-key.ts";
import { seal, unseal } from "./seal.ts";
import type { SecretKey } from "./secret-key.ts";

export interface CredentialsOptions {
	readonly file: string;
	readonly secretKey: SecretKey;
	/** Older ones: what they sealed is sealed anew with `secretKey` when the file is opened. */
	readonly formerKeys?: readonly SecretKey[];
	/** The server's, of lowest rank: see `givenCredentials`. */
	readonly given?: ReadonlyMap<Provider, Credential>;
	/** Hosts that may be asked without TLS. */
	readonly httpHosts?: readonly string[];
	/** Unix ms. */
	readonly now?: () => number;
}

/**
 * Keys of model providers, sealed in one file that several processes have open. At most one for each payer and provider.
 * It does not know who may do what: the caller asks that first. Server keys and base URLs are the owner's alone to set.
 */
export class Credentials {
	readonly #database: DatabaseSync;
	readonly #table: CredentialTable;
	readonly #endpoints: EndpointTable;
	readonly #secretKey: SecretKey;
	readonly #given: ReadonlyMap<Provider, Credential>;
	readonly #httpHosts: readonly string[];
	readonly #now: () => number;

	constructor({ file, secretKey, formerKeys = [], given, httpHosts = [], now = Date.now }: CredentialsOptions) {
		this.#database = openDatabase(file);
		this.#table = new CredentialTable(this.#database);
		this.#endpoints = new EndpointTable(this.#database);
		this.#secretKey = secretKey;
		this.#given = given ?? new Map();
		this.#httpHosts = httpHosts;
		this.#now = now;
		if (formerKeys.length > 0) transaction(this.#database, () => this.#reseal(formerKeys));
	}

	/** What requests of this payer are made with; undefined when there is nothing usable. A person never pays with the server's. */
	find(payer: Payer, provider: Provider): Credential | undefined {
		const row = this.#table.find(payer, provider);
		if (row) return this.#open(row);
		return payer.kind === "server" ? this.#given.get(provider) : undefined;
	}

	/** What is stored for a payer. Never holds a key. */
	list(payer: Payer): CredentialView[] {
		return this.#table.of(payer).map((row) => this.#view(row));
	}

	/** Providers of which the server has a key from its environment, whether or not a stored one comes first. */
	givenProviders(): Provider[] {
		return [...this.#given.keys()];
	}

	/**
	 * Stores a key, in place of the one before. It will be sent to the base URL that the provider has now, nowhere else.
	 * @throws Problem `bad_input` for what cannot be a key, and for a provider without a base URL.
	 */
	put(payer: Payer, provider: Provider, keyText: string, setBy: string): CredentialView {
		const key = new ProviderKey(keyText);
		return transaction(this.#database, () => {
			const baseUrl = this.#endpoints.find(provider)?.baseUrl ?? "";
			if (baseUrl === "" && DEFAULT_BASE_URL[provider] === undefined) {
				throw new Problem("bad_input", "This provider has no base URL yet. The server's owner can set it.");
			}
			const sealWith = (context: string) => seal(key.reveal(), this.#secretKey, context);
			const { id: sealedBy } = this.#secretKey;
			this.#table.put({ payer, provider, baseUrl, setBy, now: this.#now(), sealedBy, seal: sealWith });
			const row = this.#table.find(payer, provider);
			if (!row) throw new Error("A credential is not there right after it was stored.");
			return this.#view(row);
		});
	}

	/** @returns whether there was one. */
	remove(payer: Payer, provider: Provider): boolean {
		return this.#table.remove(payer, provider);
	}

	/** For somebody whose account ends. */
	removePerson(userId: string): void {
		this.#table.removeAll({ kind: "person", userId });
	}

	endpoints(): EndpointView[] {
		return this.#endpoints.all();
	}

	/**
	 * Where a provider's requests go from now on. Keys stored before for another address rest until they are entered again.
	 * @throws Problem `bad_input`: see `readEndpoint`.
	 */
	setEndpoint(provider: Provider, wish: Omit<EndpointWish, "httpHosts">, setBy: string): EndpointView {
		const endpoint = readEndpoint({ ...wish, httpHosts: this.#httpHosts });
		const now = this.#now();
		this.#endpoints.put(provider, endpoint, setBy, now);
		return { ...endpoint, provider, setBy, setAt: now };
	}

	/** Back to the provider's own address. */
	clearEndpoint(provider: Provider): void {
		this.#endpoints.remove(provider);
	}

	close(): void {
		this.#database.close();
	}

	#open(row: StoredCredential): Credential | undefined {
		const own = DEFAULT_BASE_URL[row.provider];
		const endpoint = this.#endpoints.find(row.provider);
		const baseUrl = endpoint?.baseUrl ?? own;
		if (baseUrl === undefined || row.base_url !== (endpoint?.baseUrl ?? "")) return undefined;
		const text = this.#read(row);
		if (text === undefined) return undefined;
		return {
			id: row.id,
			provider: row.provider,
			payer: payerOf(row),
			key: new ProviderKey(text),
			baseUrl,
			isPrivateAllowed: endpoint?.isPrivateAllowed ?? false,
			isAtProvider: baseUrl === own,
		};
	}

	#read(row: StoredCredential): string | undefined {
		return row.sealed_by === this.#secretKey.id ? unseal(row.sealed, this.#secretKey, contextOf(row)) : undefined;
	}

	#view(row: StoredCredential): CredentialView {
		const text = this.#read(row);
		const isMoved = row.base_url !== (this.#endpoints.find(row.provider)?.baseUrl ?? "");
		return {
			id: row.id,
			provider: row.provider,
			payer: payerOf(row),
			ending: text === undefined ? "" : new ProviderKey(text).ending,
			state: text === undefined ? "unreadable" : isMoved ? "moved" : "usable",
			setBy: row.set_by,
			createdAt: row.created_at,
			rotatedAt: row.rotated_at,
		};
	}

	#reseal(formerKeys: readonly SecretKey[]): void {
		for (const row of this.#table.sealedByOthers(this.#secretKey.id)) {
			const former = formerKeys.find(({ id }) => id === row.sealed_by);
			const text = former && unseal(row.sealed, former, contextOf(row));
			if (text === undefined) continue;
			this.#table.reseal(row.id, seal(text, this.#secretKey, contextOf(row)), this.#secretKey.id);
		}
	}
}
