import { z } from "zod";

/**
 * Every refusal a caller can act on. Closed on purpose: clients switch on it and never read the sentence.
 * The code travels as `user/<code>` in RivetKit's error frame, the numbers in its `metadata`.
 */
export const ProblemCode = z.enum([
	"already_answered",
	"archived",
	"bad_input",
	"busy",
	/** What was to be changed is not what the caller saw. `version` and `bytes` say what is there; gone without them. */
	"file_changed",
	"forbidden",
	"frame_too_large",
	"name_taken",
	"nonce_reused",
	"not_found",
	"not_initialised",
	"not_member",
	"queue_full",
	"rate_limited",
	"sandbox_unavailable",
	"shutting_down",
	"text_empty",
	"text_invalid",
	"text_too_long",
	"unauthenticated",
	/** The connection broke before an answer came: it may have taken effect. */
	"unconfirmed",
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** Numbers and names a caller needs to act: how long to wait, how long is allowed, whose answer stands. */
export const ProblemDetails = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type ProblemDetails = z.infer<typeof ProblemDetails>;

/** A refusal: nothing was stored (but for `unconfirmed`: nobody knows), and the caller can do something about it. */
export class Problem extends Error {
	override readonly name = "Problem";
	readonly code: ProblemCode;
	readonly details: ProblemDetails;

	constructor(code: ProblemCode, sentence: string, details: ProblemDetails = {}) {
		super(sentence);
		this.code = code;
		this.details = details;
	}
}
