import type { Processes, Readings } from "./meter.ts";
import type { Place } from "./stand.ts";
import type { Summary } from "./statistics.ts";

/** One piece of work for a crowd of people in a process of its own. */
export type Work =
	/** Each of `senders` sends its next message as soon as the last was acknowledged; `listeners` others listen. */
	| { readonly type: "together"; readonly senders: number; readonly listeners: number; readonly seconds: number }
	/** One sends at a steady pace to a large audience. */
	| { readonly type: "audience"; readonly listeners: number; readonly perSecond: number; readonly seconds: number }
	/** Many small rooms: two people in each, both listening, each sending at a steady pace. */
	| { readonly type: "rooms"; readonly perSecond: number; readonly seconds: number }
	/** Pages of history, at random places. */
	| { readonly type: "pages"; readonly times: number; readonly rows: number }
	/** From nothing to the first page. */
	| { readonly type: "open"; readonly rows: number }
	/** From nothing to caught up. */
	| { readonly type: "catch-up"; readonly missed: number; readonly times: number }
	/** People come in and read their first page: all at once, or evenly over some time. */
	| { readonly type: "join"; readonly people: number; readonly overSeconds: number }
	/** One sends, `members` have a device connected: how soon their lists of rooms know. */
	| { readonly type: "unread"; readonly members: number; readonly sends: number }
	/** Only there to read from afterwards. */
	| { readonly type: "fill"; readonly messages: number };

export interface Task {
	readonly place: Place;
	/** The measured system's, for reading its CPU. */
	readonly processes: Processes;
	readonly rooms: readonly string[];
	readonly work: Work;
}

export interface Measured {
	/** Send to acknowledgement, a page, an opening: whatever the work times. Milliseconds. */
	readonly times: Summary;
	/** Send to the moment a listener hears it, in ms. */
	readonly deliveries: Summary;
	readonly elapsedMs: number;
	readonly acknowledged: number;
	readonly errors: number;
	/** Heard of neither live nor after asking for what was missed. */
	readonly lost: number;
	/** Heard twice, or after a later one. */
	readonly disorder: number;
	/** CPU seconds used meanwhile, by process; `clients` is the crowd's own. */
	readonly cpu: Readings;
	/** The same by `<process> <thread>`, without the crowd. */
	readonly threads: Readings;
}
