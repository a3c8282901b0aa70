import type { Endpoint } from "./base-url.ts";
import type { Payer, Provider } from "./provider.ts";
import type { ProviderKey } from "./provider-key.ts";

/** What a request to a provider is made with. Stays on the host. */
export interface Credential extends Endpoint {
	/** Names the credential in counts and problems; tells nothing of the key. */
	readonly id: string;
	readonly provider: Provider;
	readonly payer: Payer;
	readonly key: ProviderKey;
	/** It goes to the provider's own address, whose prices are known. */
	readonly isAtProvider: boolean;
}

/** What may be shown of a credential. */
export interface CredentialView {
	readonly id: string;
	readonly provider: Provider;
	readonly payer: Payer;
	/** Last four characters; empty for a short key, and for one that cannot be read. */
	readonly ending: string;
	/**
	 * `moved`: the provider's base URL was changed since, and a key goes nowhere its owner did not know of; it has to be entered
	 * again. `unreadable`: sealed with another secret key.
	 */
	readonly state: "usable" | "moved" | "unreadable";
	readonly setBy: string;
	readonly createdAt: number;
	readonly rotatedAt: number;
}

/** The base URL the owner gave a provider. */
export interface EndpointView extends Endpoint {
	readonly provider: Provider;
	readonly setBy: string;
	readonly setAt: number;
}
