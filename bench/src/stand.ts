import type { Processes } from "./meter.ts";

/** How the crowd reaches a room. `keys`: the folder whose key signs tickets. */
export type Place =
	| { readonly kind: "naive" | "ws-sqlite" | "socket.io"; readonly endpoint: string }
	| { readonly kind: "ours"; readonly endpoint: string; readonly keys: string };

/**
 * `naive`: the actor everybody writes first. `direct`: straight to the tuned engine. `edge`: through the public port, as people
 * come. `ws-sqlite`, `socket.io`: servers written by hand, one event a message. `ws-merged`: the first of them with one event
 * a commit.
 */
export const SIDES = ["naive", "direct", "edge", "ws-sqlite", "socket.io", "ws-merged"] as const;
export type Side = (typeof SIDES)[number];

/** A running system under test and the ways in. */
export interface Stand {
	/** Undefined where nothing can be put to sleep. */
	readonly engine?: { readonly url: string; readonly token: string };
	readonly places: Readonly<Partial<Record<Side, Place>>>;
	/** A fresh room; answers with its key. */
	openRoom(name: string): Promise<string>;
	/** What runs right now, for reading its CPU and memory. */
	processes(): Processes;
	/** Where its processes write what they have to say, as long as it runs. */
	readonly logs?: string;
	stop(): Promise<void>;
}
