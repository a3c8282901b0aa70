import { BEGIN_EXPORT, type ExportFormat, exportPage } from "@bullpen/domain/transcript/export";
import type { Transcript } from "@bullpen/domain/workspace";
import { saveFile } from "../../ui/save-file.ts";

interface Export {
	format: ExportFormat;
	/** Of the file, without its ending. */
	name: string;
	page: (before?: number) => Promise<Transcript>;
	nameOf: (userId: string) => string;
	/** How many lines are there so far, of how many. */
	onProgress: (done: number, of: number) => void;
	signal: AbortSignal;
}

/**
 * Reads the whole transcript, page by page, and hands it to the browser as a file. Only one page at a time is held as rows;
 * what is written already is the browser's, on disk where it likes.
 */
export async function exportTranscript({ format, name, page, nameOf, onProgress, signal }: Export): Promise<void> {
	const pieces: Blob[] = [];
	let state = BEGIN_EXPORT;
	let before: number | undefined;
	for (;;) {
		const { rows, hasMore, head } = await page(before);
		signal.throwIfAborted();
		const piece = exportPage(state, rows, format, nameOf);
		pieces.unshift(new Blob([piece.text]));
		state = piece.state;
		const first = rows.find((row) => row.kind === "item")?.id;
		if (first === undefined || first === before || !hasMore) break;
		before = first;
		onProgress(head.seq - first + 1, head.seq);
	}
	const [ending, type] = format === "markdown" ? ["md", "text/markdown"] : ["jsonl", "application/jsonl"];
	saveFile(new Blob(pieces, { type: `${type};charset=utf-8` }), `${fileName(name)}.${ending}`);
}

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "transcript";
