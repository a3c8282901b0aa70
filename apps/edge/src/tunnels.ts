import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Limits } from "@bullpen/domain/limits";

interface Tunnel {
	readonly client: Socket;
	readonly engine: Socket;
	heardBytes: number;
	heardAt: number;
	takenBytes: number;
	takenAt: number;
}

/** All open tunnels. Each ends as a whole: with either side, when its client falls silent, when it stops taking. */
export class Tunnels {
	readonly #limits: Limits;
	readonly #open = new Set<Tunnel>();
	readonly #sweep: NodeJS.Timeout;

	constructor(limits: Limits) {
		this.#limits = limits;
		const everyMs = Math.max(10, Math.min(limits.edgeSilentMs, limits.edgeStalledMs) / 4);
		this.#sweep = setInterval(() => this.#endLost(Date.now()), everyMs).unref();
	}

	get size(): number {
		return this.#open.size;
	}

	/** Bytes both ways, each side waiting for the other to take them. */
	join(client: Socket, engine: Duplex): void {
		if (!(engine instanceof Socket)) throw new Error("The engine is reached over TCP.");
		if (client.destroyed) {
			engine.destroy();
			return;
		}
		const now = Date.now();
		const tunnel: Tunnel = { client, engine, heardBytes: 0, heardAt: now, takenBytes: 0, takenAt: now };
		this.#open.add(tunnel);
		for (const [here, there] of [
			[client, engine],
			[engine, client],
		] as const) {
			here.setTimeout(0);
			here.setNoDelay(true);
			here.on("error", () => here.destroy()); // a reset is an end like any other
			here.on("close", () => {
				there.destroy();
				this.#open.delete(tunnel);
			});
			here.pipe(there);
		}
	}

	close(): void {
		clearInterval(this.#sweep);
		for (const { client } of this.#open) client.destroy();
	}

	#endLost(now: number): void {
		for (const tunnel of this.#open) {
			const { client } = tunnel;
			if (client.bytesRead !== tunnel.heardBytes) {
				tunnel.heardBytes = client.bytesRead;
				tunnel.heardAt = now;
			}
			const taken = client.bytesWritten - client.writableLength;
			if (taken !== tunnel.takenBytes || client.writableLength === 0) {
				tunnel.takenBytes = taken;
				tunnel.takenAt = now;
			}
			const isSilent = now - tunnel.heardAt > this.#limits.edgeSilentMs;
			const isStalled = now - tunnel.takenAt > this.#limits.edgeStalledMs;
			if (isSilent || isStalled) client.destroy();
		}
	}
}
