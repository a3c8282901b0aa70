import { CLIENT_LIMITS, type ClientLimits, type Clock, systemClock } from "./limits.ts";
import type { OutboxStorage } from "./outbox.ts";

export interface StoreOptions {
	readonly limits?: ClientLimits | undefined;
	readonly clock?: Clock | undefined;
}

/** Of a store that sends. */
export interface SenderOptions extends StoreOptions {
	/** Who we are. */
	readonly userId: string;
	/** `sessionStorage` in a page: what was not acknowledged survives a reload of this tab. */
	readonly storage?: OutboxStorage | undefined;
	readonly makeNonce?: (() => string) | undefined;
}

export const withDefaults = ({ limits = CLIENT_LIMITS, clock = systemClock }: StoreOptions) => ({ limits, clock });
