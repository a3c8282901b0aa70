import type { Readable, Writable } from "node:stream";
import { isRecord } from "./conversation.ts";

/** A refusal the other side gets as a JSON-RPC error. */
export class RpcError extends Error {
	override readonly name = "RpcError";
	readonly code: number;

	constructor(code: number, message: string) {
		super(message);
		this.code = code;
	}
}

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const NOT_FOUND = -32002;

const LINE_BYTES_MAX = 8 * 1024 * 1024;
const WAITING_MAX = 1_000;

type Params = Record<string, unknown>;
export type Handler = (method: string, params: Params) => Promise<unknown>;

/** JSON-RPC 2.0, one message a line. Whatever comes in, it answers or ignores; it never throws. */
export class JsonRpcPeer {
	readonly #output: Writable;
	readonly #handle: Handler;
	readonly #waiting = new Map<string, (answer: unknown) => void>();
	#lastId = 0;

	constructor(output: Writable, handle: Handler) {
		this.#output = output;
		this.#handle = handle;
	}

	/** Ends when the input does. */
	async listen(input: Readable): Promise<void> {
		for await (const line of lines(input)) {
			if (line === undefined)
				this.#refuse(null, new RpcError(INVALID_REQUEST, `A line may have ${LINE_BYTES_MAX} bytes.`));
			else if (line.trim() !== "") this.#receive(line);
		}
		for (const settle of this.#waiting.values()) settle(undefined);
	}

	notify(method: string, params: object): void {
		this.#send({ jsonrpc: "2.0", method, params });
	}

	/** The result; undefined when the other side refused or went away. */
	request(method: string, params: object, signal: AbortSignal): Promise<unknown> {
		if (signal.aborted || this.#waiting.size >= WAITING_MAX) return Promise.resolve(undefined);
		// Not a number: some clients keep one table for the ids of both directions.
		const id = `demo-${++this.#lastId}`;
		return new Promise((resolve) => {
			const settle = (answer: unknown) => {
				this.#waiting.delete(id);
				signal.removeEventListener("abort", onAbort);
				resolve(answer);
			};
			const onAbort = () => settle(undefined);
			signal.addEventListener("abort", onAbort);
			this.#waiting.set(id, settle);
			this.#send({ jsonrpc: "2.0", id, method, params });
		});
	}

	#receive(line: string): void {
		const message = parsed(line);
		if (message instanceof RpcError) {
			this.#refuse(null, message);
			return;
		}
		const { id, method } = message;
		if (typeof method === "string") {
			const params = isRecord(message.params) ? message.params : {};
			void this.#answer(typeof id === "string" || typeof id === "number" ? id : undefined, method, params);
		} else if (typeof id === "string") this.#waiting.get(id)?.(message.result);
		else if (!("result" in message || "error" in message)) {
			this.#refuse(null, new RpcError(INVALID_REQUEST, "A request names its method."));
		}
	}

	async #answer(id: string | number | undefined, method: string, params: Params): Promise<void> {
		try {
			const result = await this.#handle(method, params);
			if (id !== undefined) this.#send({ jsonrpc: "2.0", id, result: result ?? null });
		} catch (error) {
			if (id !== undefined) this.#refuse(id, error);
		}
	}

	#refuse(id: string | number | null, error: unknown): void {
		const code = error instanceof RpcError ? error.code : INTERNAL_ERROR;
		const message = error instanceof Error ? error.message : "Something went wrong.";
		this.#send({ jsonrpc: "2.0", id, error: { code, message } });
	}

	#send(message: object): void {
		this.#output.write(`${JSON.stringify(message)}\n`);
	}
}

function parsed(line: string): Record<string, unknown> | RpcError {
	try {
		const message: unknown = JSON.parse(line);
		return isRecord(message) ? message : new RpcError(INVALID_REQUEST, "A message is one object.");
	} catch {
		return new RpcError(PARSE_ERROR, "That line is not JSON.");
	}
}

/** Lines of UTF-8; `undefined` in place of one that is too long, which is thrown away while it arrives. */
async function* lines(input: Readable): AsyncGenerator<string | undefined> {
	let held: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of input) {
		let rest: Buffer = chunk;
		for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
			bytes += at;
			yield bytes > LINE_BYTES_MAX ? undefined : Buffer.concat([...held, rest.subarray(0, at)]).toString("utf8");
			held = [];
			bytes = 0;
			rest = rest.subarray(at + 1);
		}
		bytes += rest.length;
		if (bytes <= LINE_BYTES_MAX) held.push(rest);
		else held = [];
	}
}
