import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { z } from "zod";
import { done, type Endpoint } from "./api.ts";
import type { Identity } from "./identity.ts";

/** better-auth answers these and nothing else of it is reachable. */
const OPEN: ReadonlySet<string> = new Set([
	"sign-in/email",
	"sign-in/name",
	"sign-out",
	"sign-up/email",
	"reset-password",
]);

/** `POST /api/auth/…` */
export const postAuth: Endpoint = (held, request) => {
	const path = new URL(request.url).pathname.replace(/^\/api\/auth\//, "");
	if (!OPEN.has(path)) throw new Problem("not_found", "There is nothing here.");
	return askAuth(held, request);
};

/** `POST /api/sign-in/name` with `{ name }`. Exists in development on loopback only. */
export const postNameSignIn: Endpoint = (held, request) =>
	askAuth(held, new Request(new URL("/api/auth/sign-in/name", request.url), request));

/** Success is `{ ok: true }` with the cookie: session tokens never reach a script. */
async function askAuth(held: Identity, request: Request): Promise<Response> {
	const answer = await held.auth.handler(request);
	if (!answer.ok) throw await problemIn(answer, held);
	const headers = new Headers();
	for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
	return done(headers);
}

const Refused = z.object({
	code: z.string().optional(),
	message: z.string().optional(),
	details: ProblemDetails.optional(),
});

async function problemIn(answer: Response, held: Identity): Promise<Problem> {
	if (answer.status === 429) {
		const waitMs = Number(answer.headers.get("x-retry-after") ?? 1) * 1000;
		return new Problem("rate_limited", "Too many tries. Wait a moment.", { waitMs });
	}
	if (answer.status === 404) return new Problem("not_found", "There is nothing here.");
	const body = Refused.catch({}).parse(await answer.json().catch(() => ({}))); // a body that is not ours says nothing
	const ours = ProblemCode.safeParse(body.code);
	if (ours.success) return new Problem(ours.data, body.message ?? "", body.details ?? {});
	return fromAuthCode(body.code, answer.status, held);
}

/** better-auth's codes (1.7.25, `BASE_ERROR_CODES`) in our words. */
function fromAuthCode(code: string | undefined, status: number, { settings }: Identity): Problem {
	const { passwordCharsMin, passwordCharsMax } = settings.limits;
	switch (code) {
		case "INVALID_EMAIL_OR_PASSWORD":
			return new Problem("unauthenticated", "That e-mail and password do not belong together.");
		case "PASSWORD_TOO_SHORT":
			return new Problem("bad_input", `A password needs at least ${passwordCharsMin} characters.`, {
				field: "password",
				charsMin: passwordCharsMin,
			});
		case "PASSWORD_TOO_LONG":
			return new Problem("bad_input", `A password can have at most ${passwordCharsMax} characters.`, {
				field: "password",
				charsMax: passwordCharsMax,
			});
		case "INVALID_EMAIL":
			return new Problem("bad_input", "That is not an e-mail address.", { field: "email" });
		case "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL":
			return new Problem("name_taken", "There already is an account with that e-mail.", { field: "email" });
		case "INVALID_TOKEN":
			return new Problem("forbidden", "This link was used or has expired. Ask for a fresh one.", { field: "token" });
		case "FAILED_TO_CREATE_USER":
			return new Problem("busy", "Your account could not be made just now. Try again.", { waitMs: 1_000 });
	}
	if (status === 403) return new Problem("forbidden", "This request is not allowed.");
	if (status === 401) return new Problem("unauthenticated", "Sign in first.");
	if (status >= 500) return new Problem("busy", "Something went wrong. Try again.", { waitMs: 1_000 });
	return new Problem("bad_input", "This request does not have the expected form.", { reason: code ?? "unknown" });
}
