import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { Limits } from "@bullpen/domain/limits";
import type { NoteMessagesInput } from "@bullpen/domain/search";
import { find, type Question } from "./find.ts";
import { IndexFile } from "./index-file.ts";

/** What the thread of an index is asked, and answers. */
export interface IndexCalls {
	note(note: NoteMessagesInput): number;
	find(question: Question): ReturnType<typeof find>;
	versionOf(roomId: string): number;
	forget(roomId: string): boolean;
	prune(roomId: string): boolean;
	roomsToPrune(): string[];
}
export interface IndexThreadData {
	readonly path: string;
	readonly limits: Limits;
}
export type IndexCall = {
	readonly [N in keyof IndexCalls]: {
		readonly id: number;
		readonly name: N;
		readonly input: Parameters<IndexCalls[N]>[0];
	};
}[keyof IndexCalls];
export type IndexAnswer =
	| { readonly id: number; readonly output: unknown }
	| { readonly id: number; readonly error: string };

const { path, limits } = workerData as IndexThreadData; // of `index-thread.ts`
mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
const index = new IndexFile(path, limits);

function answer(call: IndexCall): unknown {
	switch (call.name) {
		case "note":
			return index.note(call.input);
		case "find":
			return find(index, call.input, limits);
		case "versionOf":
			return index.versionOf(call.input);
		case "forget":
			return index.forget(call.input);
		case "prune":
			return index.prune(call.input);
		case "roomsToPrune":
			return index.roomsToPrune();
	}
}

parentPort?.on("message", (call: IndexCall | "close") => {
	if (call === "close") {
		index.close();
		parentPort?.close();
		return;
	}
	try {
		parentPort?.postMessage({ id: call.id, output: answer(call) } satisfies IndexAnswer);
	} catch (error) {
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		parentPort?.postMessage({ id: call.id, error: text } satisfies IndexAnswer);
	}
});
