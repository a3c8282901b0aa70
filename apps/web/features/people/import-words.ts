import { Problem } from "@bullpen/domain/problem";
import { wordsFor } from "../../live/words.ts";

/** Why a room was not imported, and which line of what is the reason. */
export function importWords(error: unknown): string {
	if (!(error instanceof Problem)) return wordsFor(error);
	const { file, line } = error.details;
	switch (error.code) {
		case "bad_input":
			if (typeof file !== "string") return "This is not the archive of a room, or not all of it.";
			return `${typeof line === "number" ? `Line ${line.toLocaleString()} of the` : "The"} archive's ${file} is not as an export writes it. Nothing was imported.`;
		case "busy":
			return "Other archives are being worked on right now. Try again in a minute.";
		case "frame_too_large":
			return "This archive is too large for this server.";
		case "name_taken":
			return "There is a room of this name already. Give it another one.";
		case "not_found":
			return "The upload is not there any more. Try again.";
		case "text_empty":
			return "There is nothing in this file.";
		default:
			return wordsFor(error);
	}
}
