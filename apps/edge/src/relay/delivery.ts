import type { Client } from "./client.ts";
import type { Counts } from "./tally.ts";

/**
 * What one frame of an actor says to many clients. Each hears it in the frame's order; events to everybody in a row are
 * put together once for all who want the same of them.
 */
export class Delivery {
	readonly #everybody: () => Iterable<Client>;
	readonly #counts: Counts;
	#run: { readonly event: number; readonly frame: Buffer }[] = [];
	/** How much of the run somebody has heard already, because a word to them alone came in between. */
	#heard = new Map<Client, number>();
	#joined = new Map<string, { readonly count: number; readonly frames: Buffer } | undefined>();
	readonly #corked = new Set<Client>();

	constructor(everybody: () => Iterable<Client>, counts: Counts) {
		this.#everybody = everybody;
		this.#counts = counts;
	}

	/** To everybody who wants this event (a bit). */
	broadcast(event: number, frame: Buffer): void {
		this.#run.push({ event, frame });
	}

	/** To everybody who wants it and is not left out. */
	broadcastExcept(event: number, frame: Buffer, isLeftOut: (client: Client) => boolean): void {
		this.#flush();
		for (const client of this.#everybody()) if (!isLeftOut(client)) this.#tell(client, event, frame);
	}

	tell(client: Client, event: number, frame: Buffer): void {
		this.#before(client);
		this.#tell(client, event, frame);
	}

	answer(client: Client, frame: Buffer): void {
		this.#before(client);
		client.answer(frame);
	}

	end(): void {
		this.#flush();
		for (const client of this.#corked) client.uncork();
		this.#corked.clear();
	}

	#before(client: Client): void {
		if (!this.#corked.has(client)) {
			this.#corked.add(client);
			client.cork();
		}
		if (this.#run.length === 0 || client.standing !== "attached") return;
		this.#catchUp(client);
		this.#heard.set(client, this.#run.length);
	}

	#tell(client: Client, event: number, frame: Buffer): void {
		if ((client.events & event) === 0) return;
		if (client.tell(frame)) this.#counts.deliveries++;
		else this.#counts.droppedEvents++;
	}

	#flush(): void {
		if (this.#run.length === 0) return;
		for (const client of this.#everybody()) this.#catchUp(client);
		this.#run = [];
		this.#heard.clear();
		this.#joined.clear();
	}

	#catchUp(client: Client): void {
		const joined = this.#join(this.#heard.get(client) ?? 0, client.events);
		if (joined === undefined) return;
		if (client.tell(joined.frames)) this.#counts.deliveries += joined.count;
		else this.#counts.droppedEvents += joined.count;
	}

	/** What of the run, from here on, somebody who wants these events hears: one piece of bytes for all of them. */
	#join(from: number, events: number): { readonly count: number; readonly frames: Buffer } | undefined {
		const name = `${from} ${this.#run.length} ${events}`;
		if (this.#joined.has(name)) return this.#joined.get(name);
		const wanted = this.#run.slice(from).filter(({ event }) => (event & events) !== 0);
		const [first] = wanted;
		const frames = wanted.length === 1 ? first?.frame : Buffer.concat(wanted.map(({ frame }) => frame));
		const joined = wanted.length === 0 || frames === undefined ? undefined : { count: wanted.length, frames };
		this.#joined.set(name, joined);
		return joined;
	}
}
