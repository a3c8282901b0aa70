import { Problem } from "@bullpen/domain/problem";
import type { RelayedRefusal } from "@bullpen/domain/relay";
import { RivetError } from "rivetkit";
import type { Frame } from "../frame.ts";

/** What a direct connection would hear of this error: refusals in full, of anything else only that it happened. */
export function refusalOf(error: unknown, log?: Frame<unknown>["log"]): RelayedRefusal {
	if (error instanceof Problem) {
		return { group: "user", code: error.code, message: error.message, metadata: error.details };
	}
	if (error instanceof RivetError && error.public === true) {
		const { group, code, message, metadata } = error;
		return { group, code, message, ...(metadata === undefined ? {} : { metadata }) };
	}
	log?.error({ msg: "an attach failed", error: error instanceof Error ? error.stack : String(error) });
	return { group: "rivetkit", code: "internal_error", message: "An internal error occurred" };
}
