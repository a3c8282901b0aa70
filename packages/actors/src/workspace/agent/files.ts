import type { ChangeList, Committed, FileDiff, PatchPart } from "@bullpen/domain/changes";
import type { FileContent, FileList, FileWritten, ReadFileInput, WriteFileInput } from "@bullpen/domain/files";
import type { z } from "zod";
import type { KnownPaths } from "./sandbox-files.ts";

export type ReadFile = z.infer<typeof ReadFileInput>;
export type WriteFile = z.infer<typeof WriteFileInput>;

/** In whose name something is committed. */
export interface Author {
	readonly name: string;
	readonly email: string;
}

/**
 * The files of a workspace, looked at and changed from inside its sandbox, which is started for it unless it runs; the agent is
 * not. Paths are `FilePath`s.
 * @throws Problem `not_found` `bad_input` `name_taken` `file_changed` `busy` `sandbox_unavailable`
 */
export interface WorkspaceFiles {
	list(path: string): Promise<FileList>;
	read(input: ReadFile): Promise<FileContent>;
	/** Only over what the writer saw. */
	write(input: WriteFile): Promise<FileWritten>;
	createFolder(path: string): Promise<void>;
	/** Never over something that is there. */
	rename(path: string, to: string): Promise<void>;
	remove(path: string, version?: string): Promise<void>;
	/** Since the start: `recordStart`, or an empty folder. */
	changes(): Promise<ChangeList>;
	diff(path: string, from?: string): Promise<FileDiff>;
	patch(patchId?: string, offset?: number): Promise<PatchPart>;
	commit(message: string, author: Author): Promise<Committed>;
	/** Of every plain file, to find one by. */
	paths(): Promise<KnownPaths>;
	/** Call once, when a workspace was filled before anybody works in it: what is there now did not change. */
	recordStart(): Promise<void>;
}
