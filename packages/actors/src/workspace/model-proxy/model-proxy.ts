import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Credential } from "@bullpen/credentials/credential";
import type { Payer, Provider } from "@bullpen/credentials/provider";
import type { Limits } from "@bullpen/domain/limits";
import type { Lookup } from "../../checked-lookup.ts";
import { Admission } from "./admission.ts";
import { Counters, type ModelCounters } from "./counters.ts";
import { Exchange, type Outcome } from "./exchange.ts";
import { listenAt, type Place } from "./listening.ts";
import type { ModelProblem, ModelUsage } from "./model-usage.ts";
import { costOf, LIST_PRICES, type PriceTable } from "./prices.ts";
import { answerOf, Refusal } from "./refusal.ts";
import { type ApiForm, formOf, type Route, routeOf } from "./route.ts";
import { showsToken } from "./token.ts";
import { Upstream } from "./upstream.ts";
import type { Metered } from "./usage-meter.ts";

/** What a budget is asked before each request that costs. */
export interface ModelAsk {
	readonly provider: Provider;
	readonly payer: Payer;
	readonly credentialId: string;
	readonly operation: Route["operation"];
}

export type ModelProxyOptions = Place & {
	readonly workspaceId: string;
	/** What the workspace's agents give as their API key: see `newProxyToken`. */
	readonly token: string;
	/** The key of whoever pays, asked for each request, so that a new one counts at once. */
	resolve(provider: Provider): Credential | undefined;
	readonly limits: Limits;
	/** A sentence for the agent when somebody's budget is used up; undefined lets the request through. */
	budget?(ask: ModelAsk): string | undefined | Promise<string | undefined>;
	onUsage?(usage: ModelUsage): void;
	onProblem?(problem: ModelProblem): void;
	readonly prices?: PriceTable;
	readonly lookup?: Lookup;
};

export interface ModelProxy {
	readonly counters: ModelCounters;
	/** Cuts what runs, and frees the place. */
	close(): Promise<void>;
}

/** How often connections are looked at that take too long to ask. */
const SWEEP_MS = 1_000;

/**
 * The one way from a workspace's sandbox to a model. It lets through what is on a list, puts the payer's key in place of the
 * workspace's token, and counts. No body, key or token is ever logged, kept or told to anybody.
 */
export async function openModelProxy(options: ModelProxyOptions): Promise<ModelProxy> {
	const { limits, workspaceId, token } = options;
	const upstream = new Upstream(limits, options.lookup);
	const admission = new Admission(limits, Date.now());
	const counters = new Counters();
	const ending = new AbortController();

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		counters.add("requests");
		const form = formOf(request.url ?? "");
		let route: Route | undefined;
		try {
			if (!showsToken(request, token)) throw new Refusal("bad_token", "This is not the token of this workspace.");
			route = routeOf(request.method ?? "", request.url ?? "");
			if (!route) throw new Refusal("no_route", "Workspaces may not ask a provider for this.");
			await admit(request, response, route);
		} catch (error) {
			const refusal = error instanceof Refusal ? error : new Refusal("broken", "The model proxy failed.");
			counters.add("refused");
			tell(refusal, route?.provider, error === refusal ? refusal.message : String(error));
			refuse(request, response, refusal, form, limits);
		}
	}

	async function admit(request: IncomingMessage, response: ServerResponse, route: Route): Promise<void> {
		const leave = admission.enter(Date.now());
		counters.add("running");
		try {
			const credential = options.resolve(route.provider);
			if (!credential) throw new Refusal("no_credential", `Nobody pays for ${route.provider} in this workspace yet.`);
			const { payer, id: credentialId } = credential;
			const ask = { provider: route.provider, payer, credentialId, operation: route.operation };
			const sentence = route.isPaid ? await options.budget?.(ask) : undefined;
			if (sentence !== undefined) throw new Refusal("over_budget", sentence);
			const startedAt = Date.now();
			const outcome = await new Exchange(request, response, route, credential, limits).run(upstream, ending.signal);
			if (outcome.metered) report(route, credential, outcome.metered, outcome, startedAt);
			settle(request, response, route, outcome);
		} finally {
			counters.add("running", -1);
			leave();
		}
	}

	/** What became of a request that reached for the provider. */
	function settle(
		request: IncomingMessage,
		response: ServerResponse,
		{ provider, form }: Route,
		outcome: Outcome,
	): void {
		if (outcome.kind === "answered" && outcome.status < 300) return;
		counters.add("failed");
		if (outcome.kind === "refused") {
			tell(outcome.refusal, provider, outcome.refusal.message);
			refuse(request, response, outcome.refusal, form, limits);
		} else if (outcome.kind === "answered") {
			const sentence = `The provider answered with status ${outcome.status}.`;
			options.onProblem?.({ workspaceId, provider, kind: "provider_error", status: outcome.status, sentence });
		} else if (outcome.by === "provider") {
			const { kind, message } = outcome.refusal ?? { kind: "broken_off", message: "The provider's answer broke off." };
			options.onProblem?.({ workspaceId, provider, kind, status: response.statusCode, sentence: message });
		}
	}

	function report(route: Route, credential: Credential, metered: Metered, outcome: Outcome, startedAt: number): void {
		const { provider, payer, id: credentialId, isAtProvider } = credential;
		const { model, tokens, isEstimated, isSpecial } = metered;
		const prices = options.prices ?? (isAtProvider ? LIST_PRICES : {});
		const usage: ModelUsage = {
			workspaceId,
			provider,
			payer,
			credentialId,
			operation: route.operation,
			model,
			tokens,
			isEstimated,
			costMicros: isSpecial ? undefined : costOf(model, tokens, prices),
			isCancelled: outcome.kind === "cut" && outcome.by === "agent",
			startedAt,
			durationMs: Date.now() - startedAt,
		};
		counters.addUsage(usage);
		options.onUsage?.(usage);
	}

	function tell({ kind }: Refusal, provider: Provider | undefined, sentence: string): void {
		options.onProblem?.({ workspaceId, provider, kind, status: undefined, sentence });
	}

	const http = createServer({
		maxHeaderSize: limits.modelHeadBytesMax,
		requestTimeout: limits.modelUploadMs,
		headersTimeout: limits.modelUploadMs,
		keepAliveTimeout: limits.modelUploadMs,
		connectionsCheckingInterval: SWEEP_MS,
	});
	http.maxConnections = limits.modelConnectionsMax;
	http.on("request", (request, response) => {
		// Only a listener of ours that throws gets here: its request ends, the others go on.
		answer(request, response).catch(() => response.destroy());
	});
	const leavePlace = await listenAt(options, http);

	return {
		get counters() {
			return counters.snapshot;
		},
		async close() {
			ending.abort(new Refusal("unreachable", "The workspace closes."));
			await leavePlace();
			await upstream.close();
		},
	};
}

/** Tells why, reads what is still coming up to a limit (else its sender would never read the answer), and lets go. */
function refuse(
	request: IncomingMessage,
	response: ServerResponse,
	refusal: Refusal,
	form: ApiForm,
	limits: Limits,
): void {
	if (response.headersSent || response.destroyed) {
		response.destroy();
		return;
	}
	const { status, headers, body } = answerOf(refusal, form);
	response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
	let left = limits.modelRefusedBodyBytesMax;
	request.unpipe();
	request.on("data", (chunk: Buffer) => {
		left -= chunk.length;
		if (left < 0) request.destroy();
	});
	request.on("error", () => undefined); // it went away: nobody is left to tell
	response.end(body);
}
