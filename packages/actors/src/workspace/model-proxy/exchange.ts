import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Credential } from "@bullpen/credentials/credential";
import type { Limits } from "@bullpen/domain/limits";
import type { Dispatcher } from "undici";
import { Deadline } from "./deadline.ts";
import { headersToAgent, headersToProvider } from "./header-lists.ts";
import { KeyFilter } from "./key-filter.ts";
import { Passing } from "./passing.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";
import type { Upstream } from "./upstream.ts";
import { type Metered, UsageMeter } from "./usage-meter.ts";

/** How a request ended that reached for the provider. */
export type Outcome =
	| { readonly kind: "answered"; readonly status: number; readonly metered: Metered | undefined }
	/** The agent went away, or the answer broke off; what was used until then may cost. */
	| {
			readonly kind: "cut";
			readonly by: "agent" | "provider";
			/** Why we ended it, if we did. */
			readonly refusal?: Refusal;
			readonly metered: Metered | undefined;
	  }
	/** Nothing was answered yet: the refusal can still be told. */
	| { readonly kind: "refused"; readonly refusal: Refusal; readonly metered: Metered | undefined };

class AgentGone extends Error {}

/** Carries one request to its provider and the answer back, with the payer's key on the one side only. */
export class Exchange {
	readonly #request: IncomingMessage;
	readonly #response: ServerResponse;
	readonly #route: Route;
	readonly #credential: Credential;
	readonly #limits: Limits;
	readonly #stop = new AbortController();
	readonly #deadline: Deadline;
	#asked: Passing | undefined;
	#meter: UsageMeter | undefined;

	constructor(
		request: IncomingMessage,
		response: ServerResponse,
		route: Route,
		credential: Credential,
		limits: Limits,
	) {
		this.#request = request;
		this.#response = response;
		this.#route = route;
		this.#credential = credential;
		this.#limits = limits;
		this.#deadline = new Deadline(limits, (refusal) => this.#stop.abort(refusal));
		response.once("close", () => response.writableFinished || this.#stop.abort(new AgentGone()));
		if (response.destroyed) this.#stop.abort(new AgentGone());
	}

	/** `end` of everything: the proxy closes. */
	async run(upstream: Upstream, end: AbortSignal): Promise<Outcome> {
		const signal = AbortSignal.any([this.#stop.signal, end]);
		try {
			const answer = await this.#ask(upstream, signal);
			await this.#pass(answer, signal);
			return { kind: "answered", status: answer.statusCode, metered: this.#metered(answer.statusCode) };
		} catch (error) {
			return this.#outcomeOf(error, signal);
		} finally {
			this.#deadline.stop();
		}
	}

	async #ask(upstream: Upstream, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
		const { form, path, method } = this.#route;
		const length = this.#bodyLength();
		return await upstream.send({
			endpoint: this.#credential,
			path,
			method,
			headers: headersToProvider(this.#request.headers, form, this.#credential.key, length),
			body: this.#body(),
			signal,
		});
	}

	/** @throws Refusal `too_large` before a byte of the body was read. */
	#bodyLength(): number | undefined {
		const given = this.#request.headers["content-length"];
		if (given === undefined || this.#route.method === "GET") return undefined;
		const length = Number(given);
		if (length > this.#limits.modelBodyBytesMax) throw this.#tooLarge();
		return length;
	}

	/** What the agent asks, on its way. Its end is not the request's own: a refusal can still be told. */
	#body(): Passing | null {
		if (this.#route.method === "GET") {
			this.#deadline.uploaded();
			return null;
		}
		const { modelBodyBytesMax } = this.#limits;
		const asked = new Passing(
			modelBodyBytesMax,
			() => this.#deadline.touch(),
			() => this.#tooLarge(),
		);
		this.#asked = asked;
		this.#request.once("end", () => this.#deadline.uploaded());
		this.#request.once("error", (error) => asked.destroy(error));
		return this.#request.pipe(asked);
	}

	/** What the provider says, to the agent. @throws Refusal while nothing was passed on yet. */
	async #pass({ statusCode, headers, body }: Dispatcher.ResponseData, signal: AbortSignal): Promise<void> {
		const { key } = this.#credential;
		const refusal = refusalOf(statusCode, headers["content-encoding"]);
		if (refusal) {
			body.on("error", () => undefined).destroy();
			throw refusal;
		}
		this.#deadline.answering();
		const contentType = `${headers["content-type"] ?? ""}`;
		const meter = new UsageMeter(this.#route.operation, contentType, this.#limits.modelUsageBytesMax);
		if (statusCode < 300) this.#meter = meter;
		const see = (chunk: Buffer) => {
			this.#deadline.touch();
			meter.see(chunk);
		};
		// Whose fault it was is settled here: what follows ends every stream, the agent's, too.
		const broke = (error: Error) => {
			this.#stop.abort(error);
			return error;
		};
		body.once("error", broke);
		const passing = new Passing(this.#limits.modelAnswerBytesMax, see, () =>
			broke(new Refusal("bad_answer", "The provider's answer is too large.")),
		);
		this.#response.writeHead(statusCode, headersToAgent(headers, key));
		this.#response.flushHeaders();
		await pipeline(body, passing, new KeyFilter(key.reveal()), this.#response, { signal });
	}

	#outcomeOf(error: unknown, signal: AbortSignal): Outcome {
		const cause: unknown = signal.aborted ? signal.reason : error;
		const isStarted = this.#response.headersSent;
		// A request that the provider has in full may cost, though nobody waits for the answer any more.
		const mayCost = isStarted || this.#asked?.writableFinished === true;
		const metered = mayCost ? this.#metered(isStarted ? this.#response.statusCode : 200) : undefined;
		if (cause instanceof AgentGone) return { kind: "cut", by: "agent", metered };
		const refusal = cause instanceof Refusal ? cause : undefined;
		if (isStarted) return { kind: "cut", by: "provider", ...(refusal && { refusal }), metered };
		if (refusal) return { kind: "refused", refusal, metered: refusal.kind === "too_slow" ? metered : undefined };
		const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
		const unreachable = new Refusal("unreachable", `The provider cannot be reached${code}.`);
		return { kind: "refused", refusal: unreachable, metered: undefined };
	}

	#metered(status: number): Metered | undefined {
		if (!this.#route.isPaid || status >= 300) return undefined;
		const meter = this.#meter ?? new UsageMeter(this.#route.operation, "", this.#limits.modelUsageBytesMax);
		return meter.finish(this.#asked?.bytes ?? 0);
	}

	#tooLarge(): Refusal {
		const mebibytes = this.#limits.modelBodyBytesMax / 1024 / 1024;
		return new Refusal("too_large", `A request to a model may have ${mebibytes} MiB.`);
	}
}

/** Answers that are not passed on. */
function refusalOf(status: number, encoding: string | string[] | undefined): Refusal | undefined {
	if (status === 401) {
		return new Refusal(
			"key_refused",
			"The provider does not accept the key that pays for this workspace. Whose key it is can enter another one.",
		);
	}
	if (status < 200 || (status >= 300 && status < 400)) {
		return new Refusal("bad_answer", "The provider answered with a redirect, which is never followed.");
	}
	if (encoding !== undefined && encoding !== "identity") {
		return new Refusal("bad_answer", "The provider answered compressed, though it was asked not to.");
	}
	return undefined;
}
