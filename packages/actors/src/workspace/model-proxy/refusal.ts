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

/** Status and type of an error, as each API's reference has them. */
type Forms = Readonly<Record<ApiForm, readonly [status: number, type: string]>>;

/**
 * What asking again does not mend, but somebody who pays or owns the server. Claude (0.100.0 of its adapter) shows a 402 as it
 * is; codex (0.16.0) asks again for eight seconds, but not after a 400.
 */
const PAYER: Forms = { openai: [400, "insufficient_quota"], anthropic: [402, "billing_error"] };

const OWNER: Forms = { openai: [400, "invalid_request_error"], anthropic: [402, "api_error"] };

/** What each provider says in such a case, so that agents show it and know whether to try again. */
const FORMS: Readonly<Record<RefusalKind, Forms>> = {
	bad_token: { openai: [401, "invalid_request_error"], anthropic: [401, "authentication_error"] },
	no_route: { openai: [404, "invalid_request_error"], anthropic: [404, "not_found_error"] },
	no_credential: PAYER,
	key_refused: PAYER,
	over_budget: PAYER,
	too_many: { openai: [429, "rate_limit_error"], anthropic: [429, "rate_limit_error"] },
	too_large: { openai: [400, "invalid_request_error"], anthropic: [413, "request_too_large"] },
	too_slow: { openai: [504, "server_error"], anthropic: [504, "timeout_error"] },
	address_refused: OWNER,
	unreachable: { openai: [502, "server_error"], anthropic: [502, "api_error"] },
	broken: { openai: [500, "server_error"], anthropic: [500, "api_error"] },
	bad_answer: OWNER,
};

export interface RefusalAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** A refusal in the words of an API. */
export function answerOf({ kind, message, retryAfterMs }: Refusal, form: ApiForm): RefusalAnswer {
	const forms = FORMS[kind];
	const [status, type] = forms[form];
	const body =
		form === "anthropic"
			? { type: "error", error: { type, message } }
			: { error: { message, type, param: null, code: kind } };
	return {
		status,
		headers: {
			"content-type": "application/json",
			...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) }),
			...((forms === PAYER || forms === OWNER) && { "x-should-retry": "false" }),
		},
		body: JSON.stringify(body),
	};
}
