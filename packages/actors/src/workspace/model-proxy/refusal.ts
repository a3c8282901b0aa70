import type { ApiForm } from "./route.ts";

/** Why a request was not answered by the provider. */
export type RefusalKind =
	| "bad_token"
	| "no_route"
	| "no_credential"
	| "key_refused"
	| "over_budget"
	| "too_many"
	| "too_large"
	| "too_slow"
	| "address_refused"
	| "unreachable"
	| "bad_answer"
	/** A fault of ours. */
	| "broken";

/** A request that ends here. Its sentence is what the agent shows; it holds neither keys nor addresses. */
export class Refusal extends Error {
	override readonly name = "Refusal";
	readonly kind: RefusalKind;
	readonly retryAfterMs: number | undefined;

	constructor(kind: RefusalKind, sentence: string, retryAfterMs?: number) {
		super(sentence);
		this.kind = kind;
		this.retryAfterMs = retryAfterMs;
	}
}

/**
 * What each provider says in such a case, so that agents show it and know whether to try again. Whatever the payer has to
 * mend is 402: for 401 and 403 claude proposes a login that does not exist here, and 429 is tried again for minutes.
 * Types as in the error references of both APIs.
 */
const FORMS: Readonly<Record<RefusalKind, { status: number; openai: string; anthropic: string }>> = {
	bad_token: { status: 401, openai: "invalid_request_error", anthropic: "authentication_error" },
	no_route: { status: 404, openai: "invalid_request_error", anthropic: "not_found_error" },
	no_credential: { status: 402, openai: "insufficient_quota", anthropic: "billing_error" },
	key_refused: { status: 402, openai: "insufficient_quota", anthropic: "billing_error" },
	over_budget: { status: 402, openai: "insufficient_quota", anthropic: "billing_error" },
	too_many: { status: 429, openai: "rate_limit_error", anthropic: "rate_limit_error" },
	too_large: { status: 413, openai: "invalid_request_error", anthropic: "request_too_large" },
	too_slow: { status: 504, openai: "server_error", anthropic: "timeout_error" },
	address_refused: { status: 502, openai: "server_error", anthropic: "api_error" },
	unreachable: { status: 502, openai: "server_error", anthropic: "api_error" },
	broken: { status: 500, openai: "server_error", anthropic: "api_error" },
	bad_answer: { status: 502, openai: "server_error", anthropic: "api_error" },
};

export interface RefusalAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** A refusal in the words of an API. */
export function answerOf({ kind, message, retryAfterMs }: Refusal, form: ApiForm): RefusalAnswer {
	const { status, ...types } = FORMS[kind];
	const body =
		form === "anthropic"
			? { type: "error", error: { type: types.anthropic, message } }
			: { error: { message, type: types.openai, param: null, code: kind } };
	return {
		status,
		headers: {
			"content-type": "application/json",
			...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
			...(status === 402 && { "x-should-retry": "false" }),
		},
		body: JSON.stringify(body),
	};
}
