import type { Route } from "./route.ts";
import { laterCounts, readUsage, type TokenCounts, type UsagePart } from "./usage.ts";

/** What an answer used, as far as it told. */
export interface Metered {
	readonly model: string | undefined;
	readonly tokens: TokenCounts;
	/** The answer did not tell all of it: cut off, or never asked to. Never less than nothing, so that hiding it does not pay. */
	readonly isEstimated: boolean;
	readonly isSpecial: boolean;
}

const NEWLINE = 0x0a;
const MENTION = /"usage"|"model"/;
/** Rough, and rather too much: what a token takes in a request, in a whole answer and in a streamed one. */
const BYTES_PER_TOKEN = 4;
const BYTES_PER_STREAMED_TOKEN = 200;

/** Looks at an answer as it passes and keeps the counts. Holds one line at most; one beyond the limit is not looked at. */
export class UsageMeter {
	readonly #operation: Route["operation"];
	readonly #isStream: boolean;
	readonly #lineBytesMax: number;
	#line: Buffer[] = [];
	#lineBytes = 0;
	#bytes = 0;
	#events = 0;
	#model: string | undefined;
	#tokens: TokenCounts | undefined;
	#isFinal = false;
	#isSpecial = false;

	constructor(operation: Route["operation"], contentType: string, lineBytesMax: number) {
		this.#operation = operation;
		this.#isStream = /^text\/event-stream\b/i.test(contentType);
		this.#lineBytesMax = lineBytesMax;
	}

	see(chunk: Buffer): void {
		this.#bytes += chunk.length;
		if (!this.#isStream) {
			this.#keep(chunk);
			return;
		}
		let from = 0;
		for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
			this.#keep(chunk.subarray(from, end));
			this.#readEvent(this.#take());
			from = end + 1;
		}
		this.#keep(chunk.subarray(from));
	}

	/** `askedBytes`: size of the request. */
	finish(askedBytes: number): Metered {
		if (this.#isStream) this.#readEvent(this.#take());
		else this.#read(this.#take());
		const told = this.#tokens ?? { input: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, output: 0 };
		const isEstimated = !this.#isFinal;
		const tokens = isEstimated ? this.#estimate(told, askedBytes) : told;
		return { model: this.#model, tokens, isEstimated, isSpecial: this.#isSpecial };
	}

	#estimate(told: TokenCounts, askedBytes: number): TokenCounts {
		const hasInput = told.input + told.cacheRead + told.cacheWrite + told.cacheWriteLong > 0;
		const output = this.#isStream
			? Math.max(this.#events, Math.ceil(this.#bytes / BYTES_PER_STREAMED_TOKEN))
			: Math.ceil(this.#bytes / BYTES_PER_TOKEN);
		return {
			...told,
			...(!hasInput && { input: Math.ceil(askedBytes / BYTES_PER_TOKEN) }),
			output: Math.max(told.output, output),
		};
	}

	#keep(bytes: Buffer): void {
		this.#lineBytes += bytes.length;
		if (this.#lineBytes > this.#lineBytesMax) this.#line = [];
		else if (bytes.length > 0) this.#line.push(bytes);
	}

	/** The line so far; empty when it was too long. */
	#take(): string {
		const text = this.#lineBytes > this.#lineBytesMax ? "" : Buffer.concat(this.#line).toString("utf8");
		this.#line = [];
		this.#lineBytes = 0;
		return text;
	}

	#readEvent(line: string): void {
		if (!line.startsWith("data:")) return;
		this.#events += 1;
		this.#read(line.slice("data:".length));
	}

	#read(json: string): void {
		const part = MENTION.test(json) ? readUsage(json, this.#operation) : undefined;
		if (part) this.#add(part);
	}

	#add({ model, tokens, isSpecial, isFinal }: UsagePart): void {
		this.#model = model ?? this.#model;
		if (tokens) this.#tokens = laterCounts(this.#tokens, tokens);
		this.#isSpecial ||= isSpecial;
		this.#isFinal ||= isFinal;
	}
}
