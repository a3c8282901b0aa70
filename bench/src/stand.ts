/** How the crowd reaches a room. `keys`: the folder whose key signs tickets. */
export type Place =
	| { readonly kind: "naive"; readonly endpoint: string }
	| { readonly kind: "ours"; readonly endpoint: string; readonly keys: string };

/** `direct`: straight to the tuned engine. `edge`: through the public port, as people come. */
export type Side = "naive" | "direct" | "edge";

/** A running system under test and the ways in. */
export interface Stand {
	readonly engine: { readonly url: string; readonly token: string };
	readonly places: Readonly<Partial<Record<Side, Place>>>;
	/** A fresh room; answers with its key. */
	openRoom(name: string): Promise<string>;
	stop(): Promise<void>;
}
