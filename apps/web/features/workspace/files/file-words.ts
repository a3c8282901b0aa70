import { Problem } from "@bullpen/domain/problem";
import { wordsFor } from "../../../live/words.ts";
import { sizeOf } from "../../../ui/size.ts";

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
