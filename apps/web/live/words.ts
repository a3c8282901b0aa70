import { ConnectionLost } from "@bullpen/client/refusal";
import { Problem, type ProblemCode, type ProblemDetails } from "@bullpen/domain/problem";

/** A refusal or a failure as a person is told it: what happened and what to do. Never the server's own sentence. */
export function wordsFor(error: unknown): string {
	if (error instanceof Problem) return WORDS[error.code](error.details);
	if (error instanceof ConnectionLost) return "The connection was lost, so it is not known whether this worked.";
	return "Something went wrong here. Reload the page if it stays so.";
}

const WORDS: Readonly<Record<ProblemCode, (details: ProblemDetails) => string>> = {
	already_answered: () => "Somebody else has answered already.",
	archived: () => "This is archived: it can be read, not changed.",
	bad_input: ({ pinsMax, followersMax, field }) =>
		field === "attachments"
			? "A file of this is not kept any more. Attach it again."
			: typeof pinsMax === "number"
				? `At most ${pinsMax} messages can be pinned here. Unpin one first.`
				: typeof followersMax === "number"
					? "This thread has all the followers it can hold."
					: "That could not be understood. Reload the page if it happens again.",
	busy: ({ state }) =>
		state === "running"
			? "The agent is working: stop it first, or wait."
			: state === "coming"
				? "The files are still coming in. Wait until they are here."
				: "The server has a lot to do. Try again in a moment.",
	file_changed: () => "Somebody changed this file meanwhile.",
	forbidden: ({ policy }) =>
		policy === "owner" ? "Here the owner answers the agent." : "You are not allowed to do this.",
	frame_too_large: () => "This is too much to send at once. Make it shorter.",
	name_taken: () => "This name is taken or reserved. Pick another.",
	nonce_reused: () => "This was sent before with other words. Write it again.",
	not_found: ({ status }) =>
		status === "running" || status === "done"
			? "The agent has begun with it already."
			: status === "removed"
				? "Somebody has removed it."
				: "It is not there any more.",
	not_initialised: () => "This is still being set up. Try again in a moment.",
	not_member: () => "You are not in here any more. Ask to be invited again.",
	queue_full: ({ promptsMax, rulesMax }) =>
		typeof rulesMax === "number"
			? `At most ${rulesMax} answers can be remembered here. Take one back first.`
			: typeof promptsMax === "number"
				? `At most ${promptsMax} prompts can wait. Remove one, or wait for the agent.`
				: "Too many prompts wait. Remove one, or wait for the agent.",
	rate_limited: ({ waitMs }) =>
		typeof waitMs === "number"
			? `That was fast. Try again in ${Math.max(1, Math.ceil(waitMs / 1000))} s.`
			: "That was fast. Try again in a moment.",
	sandbox_unavailable: () => "The agent's sandbox could not be started.",
	shutting_down: () => "The server is restarting. Try again in a moment.",
	text_empty: () => "Write something first.",
	text_invalid: () => "There is a character in it that cannot be stored.",
	text_too_long: ({ charsMax, max }) => {
		const most = typeof charsMax === "number" ? charsMax : max;
		return typeof most === "number" ? `Too long: ${most.toLocaleString()} characters at most.` : "This is too long.";
	},
	unauthenticated: () => "You are signed out. Sign in again.",
	unconfirmed: () => "The connection broke before an answer came: this may have taken effect.",
};
