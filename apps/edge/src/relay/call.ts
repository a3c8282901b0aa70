import type { Client } from "./client.ts";

/** A call of a client on its way: waiting, or sent under its number and not answered. */
export interface Call {
	readonly client: Client;
	/** The client's own number, as JSON text. */
	readonly id: string;
	readonly name: string;
	/** The arguments, as JSON text. */
	readonly args: string;
	readonly bytes: number;
	/** Unix ms. */
	readonly since: number;
}
