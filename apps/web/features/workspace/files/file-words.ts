import { Problem } from "@bullpen/domain/problem";
import { wordsFor } from "../../../live/words.ts";

/** A refusal about files, in words that fit them. */
export function fileWords(error: unknown): string {
	if (!(error instanceof Problem)) return wordsFor(error);
	const { bytesMax, reason, state } = error.details;
	if (typeof reason === "string" && reason !== "nothing" && reason !== "virtual") return reason;
	switch (error.code) {
		case "bad_input":
			if (reason === "nothing") return "There is nothing to commit.";
			if (reason === "virtual") return "Only text files can be kept here: nothing is run in this workspace.";
			return typeof bytesMax === "number"
				? `This file is too large: ${sizeOf(bytesMax)} at most.`
				: "This cannot be opened or changed here.";
		case "busy":
			return state === "coming" ? "Files are being brought in. They appear when all are there." : wordsFor(error);
		case "name_taken":
			return "Something with this name is here already.";
		case "not_found":
			return "This is not there any more.";
		case "sandbox_unavailable":
			return "The workspace's sandbox could not be reached. Try again in a moment.";
		default:
			return wordsFor(error);
	}
}

const UNITS = ["bytes", "KB", "MB", "GB"] as const;

/** A size as people say it. */
export function sizeOf(bytes: number): string {
	const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
	const amount = bytes / 1024 ** step;
	return `${amount < 10 && step > 0 ? Math.round(amount * 10) / 10 : Math.round(amount)} ${UNITS[step]}`;
}
