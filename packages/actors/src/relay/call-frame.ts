import type { ActionFrame, Connection, Frame } from "../frame.ts";

/** The context of a relayed call: the actor's own, with the connection of the person who calls. */
export class CallFrame<Vars> implements ActionFrame<Vars> {
	readonly vars: Vars;
	readonly conn: Connection;
	readonly #frame: Frame<unknown>;

	constructor(frame: Frame<unknown>, vars: Vars, conn: Connection) {
		this.#frame = frame;
		this.vars = vars;
		this.conn = conn;
	}

	get name(): string {
		return this.#frame.name;
	}
	get key(): string[] {
		return this.#frame.key;
	}
	get db(): Frame<Vars>["db"] {
		return this.#frame.db;
	}
	get schedule(): Frame<Vars>["schedule"] {
		return this.#frame.schedule;
	}
	get log(): Frame<Vars>["log"] {
		return this.#frame.log;
	}
	broadcast(event: string, ...args: unknown[]): void {
		this.#frame.broadcast(event, ...args);
	}
	client(): unknown {
		return this.#frame.client();
	}
	keepAwake<T>(work: Promise<T>): Promise<T> {
		return this.#frame.keepAwake(work);
	}
	destroy(): void {
		this.#frame.destroy();
	}
}
