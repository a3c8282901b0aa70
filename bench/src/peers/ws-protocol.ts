import type { PeerMessage } from "./room-log.ts";

/** What a client of the `ws-sqlite` peer says, as JSON text; `call` comes back with the answer. */
export type PeerRequest =
	| { readonly type: "join"; readonly call: number; readonly room: string; readonly person: string }
	| { readonly type: "listen" | "head"; readonly call: number }
	| { readonly type: "send"; readonly call: number; readonly text: string }
	| { readonly type: "history"; readonly call: number; readonly before: number; readonly limit: number }
	| { readonly type: "fill"; readonly call: number; readonly messages: number; readonly text: string };

/** What it hears: answers, and what was committed since, one frame a commit. */
export type PeerFrame =
	| { readonly call: number; readonly output: number | readonly PeerMessage[] }
	| { readonly messages: readonly PeerMessage[] };
