import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/** One answer on its way out, in the frames of server-sent events. Stops quietly when the caller went away. */
export class Reply {
	readonly #response: ServerResponse;
	readonly #gone = new AbortController();

	constructor(response: ServerResponse) {
		this.#response = response;
		response.on("close", () => this.#gone.abort());
	}

	get isGone(): boolean {
		return this.#gone.signal.aborted;
	}

	json(status: number, body: unknown): void {
		this.#response.writeHead(status, { "content-type": "application/json" });
		this.#response.end(JSON.stringify(body));
	}

	openStream(): void {
		this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
		this.#response.flushHeaders();
	}

	/** `name` undefined: only data, as Chat Completions does it. Waits while the caller takes nothing. */
	async event(name: string | undefined, data: unknown): Promise<void> {
		if (this.isGone) return;
		const line = typeof data === "string" ? data : JSON.stringify(data);
		if (this.#response.write(`${name === undefined ? "" : `event: ${name}\n`}data: ${line}\n\n`)) return;
		await once(this.#response, "drain", { signal: this.#gone.signal }).catch(() => undefined); // the caller is gone
	}

	end(): void {
		this.#response.end();
	}

	async pause(ms: number): Promise<void> {
		if (ms > 0) await wait(ms, undefined, { signal: this.#gone.signal }).catch(() => undefined); // the caller is gone
	}

	/** Until the caller gives up. */
	async hang(): Promise<void> {
		if (!this.isGone) await once(this.#gone.signal, "abort");
	}
}
