import type { Payer, Provider } from "@bullpen/credentials/provider";
import type { RefusalKind } from "./refusal.ts";
import type { Route } from "./route.ts";
import type { TokenCounts } from "./usage.ts";

/** What one answered (or cut off) request used, and who pays. */
export interface ModelUsage {
	readonly workspaceId: string;
	readonly provider: Provider;
	readonly payer: Payer;
	readonly credentialId: string;
	readonly operation: Route["operation"];
	/** As the provider named it; undefined when it did not. */
	readonly model: string | undefined;
	readonly tokens: TokenCounts;
	/** The provider did not tell all of it: from sizes, rather too much than too little. */
	readonly isEstimated: boolean;
	/** Micro-dollars; undefined: the price is not known. */
	readonly costMicros: number | undefined;
	/** The agent went away before the end. */
	readonly isCancelled: boolean;
	/** Unix ms. */
	readonly startedAt: number;
	readonly durationMs: number;
}

/** Why a request did not succeed. Holds no body, key, token or address. */
export interface ModelProblem {
	readonly workspaceId: string;
	/** Undefined when the request was for none. */
	readonly provider: Provider | undefined;
	readonly kind: RefusalKind | "provider_error" | "broken_off";
	/** The provider's status, if it answered. */
	readonly status: number | undefined;
	readonly sentence: string;
}
