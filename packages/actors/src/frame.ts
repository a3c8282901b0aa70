import type { RawAccess } from "rivetkit/db";
import type { Caller } from "./identity.ts";

/** A live connection as RivetKit shows it. Only `audience.ts` sends on it or closes it. */
export interface Connection {
	readonly id: string;
	readonly state: Caller;
	send(event: string, ...args: unknown[]): void;
	disconnect(reason?: string): Promise<void>;
}

/**
 * The part of RivetKit's context that our actors use, spelt out so that their files need not know its generics. The one
 * that `createVars` gets stays good for as long as the actor is awake.
 */
export interface Frame<Vars> {
	readonly name: string;
	readonly key: string[];
	readonly vars: Vars;
	readonly db: RawAccess;
	readonly schedule: {
		after(waitMs: number, action: string, ...args: unknown[]): Promise<string>;
		at(unixMs: number, action: string, ...args: unknown[]): Promise<string>;
		cancel(id: string): Promise<boolean>;
		list(): Promise<{ id: string; action: string; runAt: number }[]>;
	};
	readonly log: { error(fields: object): void; warn(fields: object): void; info(fields: object): void };
	broadcast(event: string, ...args: unknown[]): void;
	/** RivetKit's client for other actors; `peers.ts` gives it its types. */
	client(): unknown;
	keepAwake<T>(work: Promise<T>): Promise<T>;
	/** The end of this actor, with everything it has stored. */
	destroy(): void;
}

/** The context of `onWake`: connections may have outlived an earlier process. */
export interface WakeFrame<Vars> extends Frame<Vars> {
	readonly conns: ReadonlyMap<string, Connection>;
}

/** The context of an action. An alarm's has no connection: that is how its actions know nobody called them. */
export interface ActionFrame<Vars> extends Frame<Vars> {
	readonly conn: Connection;
}
