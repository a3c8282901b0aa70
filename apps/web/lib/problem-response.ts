import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";

const STATUS = {
	already_answered: 409,
	archived: 409,
	bad_input: 400,
	busy: 503,
	file_changed: 409,
	forbidden: 403,
	frame_too_large: 413,
	name_taken: 409,
	nonce_reused: 409,
	not_found: 404,
	not_initialised: 503,
	not_member: 403,
	queue_full: 429,
	rate_limited: 429,
	sandbox_unavailable: 503,
	shutting_down: 503,
	text_empty: 400,
	text_invalid: 400,
	text_too_long: 400,
	unauthenticated: 401,
	unconfirmed: 503,
} as const satisfies Record<ProblemCode, number>;

/** The HTTP status of a refusal. */
export const statusOf = (code: ProblemCode): (typeof STATUS)[ProblemCode] => STATUS[code];

/** The Problem that was thrown, if it is one. By its shape: Next bundles its parts apart, each with a class of its own. */
export function asProblem(error: unknown): Problem | undefined {
	if (error instanceof Problem) return error;
	if (!(error instanceof Error) || error.name !== "Problem" || !("code" in error && "details" in error))
		return undefined;
	const [code, details] = [ProblemCode.safeParse(error.code), ProblemDetails.safeParse(error.details)];
	return code.success && details.success ? new Problem(code.data, error.message, details.data) : undefined;
}

/** Every refusal of the web's API has this body: `{ code, message, details }`. Never kept by a cache. */
export function problemResponse(problem: Problem): Response {
	const { code, message, details } = problem;
	const headers = new Headers({ "cache-control": "no-store" });
	if (typeof details.waitMs === "number") headers.set("retry-after", String(Math.ceil(details.waitMs / 1000)));
	return Response.json({ code, message, details }, { status: statusOf(code), headers });
}
