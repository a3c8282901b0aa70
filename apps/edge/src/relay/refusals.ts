import type { Refusal } from "./json-frame.ts";

const user = (code: string, message: string, metadata: object = {}): Refusal => ({
	group: "user",
	code,
	message,
	metadata,
});

/** The connection broke before an answer came. */
export const UNCONFIRMED = user("unconfirmed", "The connection broke before an answer came: it may have taken effect.");
/** It did not happen: there was no room for it. */
export const BUSY = user("busy", "Too much is under way. Try again in a moment.", { waitMs: 1_000 });
/** It did not happen: the actor could not be reached in time. */
export const UNREACHABLE = user("busy", "This cannot be reached just now. Try again.", { waitMs: 1_000 });

export const badInput = (message: string): Refusal => user("bad_input", message);
export const tooLarge = (bytesMax: number): Refusal => user("frame_too_large", "This call is too large.", { bytesMax });
export const tooFast = (waitMs: number): Refusal =>
	user("rate_limited", `Too fast. Try again in ${waitMs} ms.`, { waitMs });

/** RivetKit's own words (2.3.19). */
export const actionNotFound = (name: string): Refusal => ({
	group: "actor",
	code: "action_not_found",
	message: `Action \`${name}\` was not found.`,
});
