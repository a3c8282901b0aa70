import type { ActorName } from "@bullpen/domain/identity";
import { type Connection, connectionOf } from "./connection.ts";
import { CLIENT_LIMITS, type ClientLimits, type Clock, systemClock } from "./limits.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import type { TicketedClient } from "./ticketed-client.ts";

/** Whatever lives longer than a connection and is given one after the other. */
export interface Attachable<A extends ActorName> {
	attach(connection: Connection<A>): () => void;
}

export interface LinkOptions<A extends ActorName> extends Omit<SupervisorOptions, "explain" | "diagnose"> {
	readonly client: TicketedClient;
	readonly actor: A;
	readonly key: string;
	readonly target: Attachable<A>;
	readonly limits?: ClientLimits | undefined;
	readonly clock?: Clock | undefined;
}

/** One supervised connection outside React. */
export class Link<A extends ActorName> {
	readonly supervisor: Supervisor;
	readonly #options: LinkOptions<A>;
	readonly #end: () => void;
	#close: (() => void) | null = null;

	constructor(options: LinkOptions<A>) {
		this.#options = options;
		const { client, actor, key } = options;
		this.supervisor = new Supervisor({
			...options,
			explain: (error) => client.explain(actor, key, error),
			diagnose: () => client.diagnose(actor, key),
		});
		const unsubscribe = this.supervisor.subscribe(() => this.#follow());
		const stop = this.supervisor.start();
		this.#end = () => {
			stop();
			unsubscribe();
		};
	}

	close(): void {
		this.#end();
	}

	#follow(): void {
		const { isEnabled } = this.supervisor.getSnapshot();
		if (isEnabled && this.#close === null) this.#close = this.#open();
		else if (!isEnabled && this.#close !== null) {
			const close = this.#close;
			this.#close = null;
			close();
		}
	}

	#open(): () => void {
		const { client, actor, key, target, limits = CLIENT_LIMITS, clock = systemClock } = this.#options;
		const raw = client.rivet.get(actor, [key]).connect();
		const { supervisor } = this;
		const unwatch = [raw.onStatusChange(supervisor.noteStatus), raw.onError(supervisor.noteError)];
		supervisor.noteStatus(raw.connStatus);
		const detach = target.attach(connectionOf(actor, raw, { onSilent: supervisor.suspect, limits, clock }));
		return () => {
			for (const each of unwatch) each();
			detach();
			// It waits for the other side to say goodbye, which a dead one never does.
			void raw.dispose();
		};
	}
}
