import { Problem } from "../problem.ts";

/** The refusal that `run` throws; anything else fails the test. */
export function refusal(run: () => unknown): Problem {
	try {
		run();
	} catch (error) {
		if (error instanceof Problem) return error;
		throw error;
	}
	throw new Error("it was not refused");
}
