import type { Connection } from "../frame.ts";
import type { Person } from "../identity.ts";
import type { Link } from "./link.ts";

/** Somebody's connection that ends at an edge: what is sent on it goes through the link by which it is attached. */
export class RelayedConnection implements Connection {
	readonly id: string;
	readonly state: Person;
	readonly #forget: (connection: RelayedConnection) => void;
	#link: Link;

	constructor(id: string, state: Person, link: Link, forget: (connection: RelayedConnection) => void) {
		this.id = id;
		this.state = state;
		this.#forget = forget;
		this.#link = link;
		link.attached.set(id, this);
	}

	get link(): Link {
		return this.#link;
	}

	get isAttached(): boolean {
		return this.#link.attached.get(this.id) === this;
	}

	moveTo(link: Link): void {
		this.#link.attached.delete(this.id);
		this.#link = link;
		link.attached.set(this.id, this);
	}

	send(event: string, ...args: unknown[]): void {
		if (this.isAttached) this.#link.push({ type: "event", name: event, args, to: [this.id] });
	}

	/** Forgotten here before the edge is told: nothing follows. */
	async disconnect(reason = ""): Promise<void> {
		if (!this.isAttached) return;
		this.#link.attached.delete(this.id);
		this.#link.push({ type: "close", connectionId: this.id, reason });
		this.#forget(this);
	}
}
