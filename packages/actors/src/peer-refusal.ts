import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { ActorError } from "rivetkit/client";

/** Runs a call of another actor: what it refuses is refused here with the same words. @throws Problem */
export async function passingOn<Result>(call: Promise<Result>): Promise<Result> {
	try {
		return await call;
	} catch (error) {
		throw refusalIn(error) ?? error;
	}
}

/** There is no such actor, or it is not open to the caller. */
export const isAbsent = (error: unknown): boolean =>
	error instanceof ActorError && (error.code === "not_found" || error.code === "not_initialised");

/** What another actor refused. */
export function refusalIn(error: unknown): Problem | undefined {
	if (!(error instanceof ActorError) || error.group !== "user") return undefined;
	const code = ProblemCode.safeParse(error.code);
	const details = ProblemDetails.safeParse(error.metadata ?? {});
	return code.success ? new Problem(code.data, error.message, details.success ? details.data : {}) : undefined;
}
