import type { Readings } from "../meter.ts";
import type { Place } from "../stand.ts";

/** How hard it is: the same for every soak, so that they can be compared. */
export const SOAK = {
	senders: 10,
	perSecond: 100,
	listeners: 300,
	/** Followers that hold the whole room. */
	keepers: 2,
	/** So many leave each second, and as many others come. */
	churnPerSecond: 3,
	/** So many take nothing from the network, for some seconds, every so often. */
	slow: 10,
	slowEveryMs: 10_000,
	slowMsMax: 8_000,
	/** One in so many of those stays away so long that it has to be given up. */
	stuckOneIn: 30,
	stuckMs: 45_000,
	sampleMs: 10_000,
} as const;

export interface SoakTask {
	readonly place: Extract<Place, { kind: "ours" }>;
	readonly room: string;
	readonly minutes: number;
}

/** What the crowd says of the last seconds. Counts are since the beginning. */
export interface Progress {
	readonly acknowledged: number;
	/** Sends that had to be made again, with the same nonce, and entries. */
	readonly again: number;
	readonly failed: number;
	readonly listeners: number;
	readonly left: number;
	readonly comebacks: number;
	/** Of the acknowledgements since the last time. */
	readonly ackP99Ms: number;
	/** How far the last listener is behind, in messages. */
	readonly behindMax: number;
}

export interface Sample extends Progress {
	readonly atSeconds: number;
	readonly residentMb: Readings;
	/** Cores used since the last sample. */
	readonly cores: Readings;
}

export interface SoakRecord {
	readonly minutes: number;
	readonly startedAt: string;
	readonly load: typeof SOAK;
	readonly samples: readonly Sample[];
	/** By process, of the last four fifths: the first fifth is warming up. */
	readonly growthMbPerHour: Readings;
	/** Empty when all is well. */
	readonly problems: readonly string[];
}

export type SoakWord =
	| { readonly type: "progress"; readonly progress: Progress }
	| { readonly type: "end"; readonly progress: Progress; readonly problems: readonly string[] };
