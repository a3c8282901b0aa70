import { Problem, type ProblemCode, type ProblemDetails } from "@bullpen/domain/problem";
import { APIError } from "better-auth/api";
import { statusOf } from "./problem-response.ts";

/** A Problem in the only shape that better-auth lets through its endpoints; `answerAuth` reads it back. */
export const authRefusal = (code: ProblemCode, message: string, details: ProblemDetails = {}): APIError =>
	new APIError(statusOf(code), { code, message, details });

/** Runs a rule of the domain inside better-auth. */
export function refusingAsAuth<T>(rule: () => T): T {
	try {
		return rule();
	} catch (error) {
		if (error instanceof Problem) throw authRefusal(error.code, error.message, error.details);
		throw error;
	}
}
