import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";

/** A call or a read had no answer: nobody here knows whether it took effect. */
export class ConnectionLost extends Error {
	override readonly name = "ConnectionLost";
}

/** What RivetKit 2.3.19 throws has a `group` and a `code`; a refusal of ours is `user/<our code>`. */
interface ActorErrorLike {
	readonly group: string;
	readonly code: string;
	readonly message: string;
	readonly metadata?: unknown;
}

/**
 * The `Problem` in an error of RivetKit's client, or null when it is not a refusal of ours. `unconfirmed` is none: an edge
 * says so in place of the connection that broke behind it.
 */
export const problemIn = (error: unknown): Problem | null => {
	if (error instanceof Problem) return error;
	if (!isActorError(error)) return null;
	if (error.group === "actor" && error.code === "not_found") {
		// The words of an actor that is closed to us: the two must not be told apart.
		return new Problem("not_found", "There is nothing here that is open to you.");
	}
	if (error.group !== "user") return null;
	const code = ProblemCode.safeParse(error.code);
	if (!code.success || code.data === "unconfirmed") return null;
	const details = ProblemDetails.safeParse(error.metadata);
	return new Problem(code.data, error.message, details.success ? details.data : {});
};

/** Asking again will not help: the person, or an act of theirs, has to change first. */
export const isFinal = ({ code }: Problem): boolean =>
	code === "unauthenticated" || code === "forbidden" || code === "not_member" || code === "not_found";

/** The same may be taken a moment later. */
export const isPassing = ({ code }: Problem): boolean =>
	code === "rate_limited" || code === "busy" || code === "shutting_down" || code === "not_initialised";

/** How long a refusal asks us to wait, in milliseconds, or null when it does not say. */
export const waitMsIn = ({ details }: Problem): number | null => {
	const { waitMs } = details;
	return typeof waitMs === "number" && waitMs >= 0 ? waitMs : null;
};

const isActorError = (error: unknown): error is ActorErrorLike =>
	typeof error === "object" &&
	error !== null &&
	"group" in error &&
	typeof error.group === "string" &&
	"code" in error &&
	typeof error.code === "string" &&
	"message" in error &&
	typeof error.message === "string";
