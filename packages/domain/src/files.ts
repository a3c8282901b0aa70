import { z } from "zod";
import { isFilePath } from "./file-path.ts";
import { Nonce, UnixMs } from "./id.ts";
import { LIMITS } from "./limits.ts";

/** A folder or file of the workspace, and the folder itself where it is empty. */
export const FolderPath = z.string().refine(isFilePath, "This is not a path inside the workspace.");
export const FilePath = FolderPath.refine((path) => path !== "", "A file has a name.");

/**
 * Names what a file has in it: whoever writes says which one they saw, and nobody writes over what they did not see. The
 * SHA-256 of its bytes, or for a file that is too large to be edited another word that changes with it.
 */
export const FileVersion = z.string().regex(/^[a-z0-9.-]{1,128}$/);

/** Bytes as base64. */
const Data = z.base64().max(Math.ceil(LIMITS.fileChunkBytesMax / 3) * 4);

/** `other`: a device, a pipe, a socket; nobody opens those here. A `link` is shown and never followed. */
export const FileType = z.enum(["file", "folder", "link", "other"]);
export const FileEntry = z.strictObject({
	name: z.string(),
	type: FileType,
	bytes: z.int().min(0),
	modifiedAt: UnixMs,
	/** Where a link leads, as it says. */
	target: z.string().optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const ListFilesInput = z.strictObject({ path: FolderPath });
/** One folder: folders first, then by name. `omitted`: how many more there are at least. */
export const FileList = z.strictObject({
	path: FolderPath,
	entries: z.array(FileEntry).max(LIMITS.filesListMax),
	omitted: z.int().min(0),
});
export type FileList = z.infer<typeof FileList>;

export const ReadFileInput = z.strictObject({
	path: FilePath,
	/** Of the first byte wanted; with the version of the bytes before. */
	offset: z.int().min(0).optional(),
	version: FileVersion.optional(),
	/** Nothing is sent when the file still is this one. */
	known: FileVersion.optional(),
});
/** A file, or a part of it. `isText`: all of it is UTF-8 without NUL, and small enough to be edited. */
export const FileContent = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("same"), version: FileVersion }),
	z.strictObject({
		type: z.literal("content"),
		version: FileVersion,
		bytes: z.int().min(0),
		isText: z.boolean(),
		offset: z.int().min(0),
		data: Data,
		isLast: z.boolean(),
	}),
]);
export type FileContent = z.infer<typeof FileContent>;

export const WriteFileInput = z.strictObject({
	path: FilePath,
	/** What is there now, as the writer saw it; null for a file that is not there yet. */
	version: FileVersion.nullable(),
	data: Data,
	/** For what does not fit one call: parts in order, one after the other; the last one writes the file. */
	upload: z.strictObject({ id: Nonce, offset: z.int().min(0), isLast: z.boolean() }).optional(),
});
/** `staged`: more is to come. */
export const FileWritten = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("staged"), bytes: z.int().min(0) }),
	z.strictObject({ type: z.literal("written"), version: FileVersion, bytes: z.int().min(0) }),
]);
export type FileWritten = z.infer<typeof FileWritten>;

export const CreateFolderInput = z.strictObject({ path: FilePath });
/** Never over something that is there. */
export const RenameFileInput = z.strictObject({ path: FilePath, to: FilePath });
/** A folder with everything in it. With `version`, only the file that the caller saw. */
export const DeleteFileInput = z.strictObject({ path: FilePath, version: FileVersion.optional() });

/**
 * Somebody or the agent changed files: what is shown of them is old. Best effort and bounded; `isAll` when it is not known
 * which ones, or they were too many.
 */
export const FilesChanged = z.strictObject({
	paths: z.array(z.string()).max(LIMITS.filesToldMax),
	isAll: z.boolean(),
});
export type FilesChanged = z.infer<typeof FilesChanged>;
