import type { EgressRefusalKind } from "./egress-refusal.ts";

/** What went out of one sandbox, as numbers. */
export interface EgressUsage {
	readonly connections: number;
	readonly refused: number;
	readonly bytesSent: number;
	readonly bytesReceived: number;
	/** Connections by host; hosts beyond a bound are counted in the sum alone. */
	readonly hosts: Readonly<Record<string, number>>;
	readonly refusals: Readonly<Partial<Record<EgressRefusalKind, number>>>;
}

export class EgressCounters {
	readonly #hostsMax: number;
	readonly #hosts = new Map<string, number>();
	readonly #refusals = new Map<EgressRefusalKind, number>();
	#connections = 0;
	#refused = 0;
	#sent = 0;
	#received = 0;

	constructor(hostsMax: number) {
		this.#hostsMax = hostsMax;
	}

	get usage(): EgressUsage {
		return {
			connections: this.#connections,
			refused: this.#refused,
			bytesSent: this.#sent,
			bytesReceived: this.#received,
			hosts: Object.fromEntries(this.#hosts),
			refusals: Object.fromEntries(this.#refusals),
		};
	}

	connected(host: string): void {
		this.#connections++;
		const before = this.#hosts.get(host);
		if (before !== undefined || this.#hosts.size < this.#hostsMax) this.#hosts.set(host, (before ?? 0) + 1);
	}

	refused(kind: EgressRefusalKind): void {
		this.#refused++;
		this.#refusals.set(kind, (this.#refusals.get(kind) ?? 0) + 1);
	}

	/** A connection is over. */
	closed({ sent, received }: { readonly sent: number; readonly received: number }): void {
		this.#sent += sent;
		this.#received += received;
	}
}
