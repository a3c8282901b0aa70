import { z } from "zod";
import { FilePath } from "./files.ts";
import { LIMITS } from "./limits.ts";

export const ChangeStatus = z.enum(["added", "modified", "deleted", "renamed"]);
export type ChangeStatus = z.infer<typeof ChangeStatus>;

/** One file that is not as it was when the workspace began. Lines are null where they cannot be counted (no text). */
export const ChangedFile = z.strictObject({
	path: FilePath,
	/** Its path before, where it was renamed. */
	from: FilePath.optional(),
	status: ChangeStatus,
	added: z.int().min(0).nullable(),
	removed: z.int().min(0).nullable(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** Where a commit would go. `unusable` says why none can be made here. */
export const Repository = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("none") }),
	z.strictObject({ type: z.literal("ready"), branch: z.string().optional(), uncommitted: z.int().min(0) }),
	z.strictObject({ type: z.literal("unusable"), reason: z.string() }),
]);
export type Repository = z.infer<typeof Repository>;

/** Everything that changed since the workspace began, committed or not, without what git is told to ignore. */
export const ChangeList = z.strictObject({
	files: z.array(ChangedFile).max(LIMITS.changedFilesMax),
	/** How many more files changed. */
	omitted: z.int().min(0),
	added: z.int().min(0),
	removed: z.int().min(0),
	repository: Repository,
	/** Folders that are repositories of their own: what is in them is not looked at. */
	nested: z.array(z.string()).max(LIMITS.changesNestedMax),
	/** Files that are too large or too many to be compared. */
	uncounted: z.int().min(0),
});
export type ChangeList = z.infer<typeof ChangeList>;

export const DiffInput = z.strictObject({ path: FilePath, from: FilePath.optional() });
/** A file as it was and as it is; null where it is not there. */
export const FileDiff = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text"), oldText: z.string().nullable(), newText: z.string().nullable() }),
	z.strictObject({ type: z.literal("binary"), oldBytes: z.int().nullable(), newBytes: z.int().nullable() }),
	z.strictObject({ type: z.literal("large"), oldBytes: z.int().nullable(), newBytes: z.int().nullable() }),
]);
export type FileDiff = z.infer<typeof FileDiff>;

export const GetPatchInput = z.strictObject({
	/** Of the parts before: the same patch, whatever changed meanwhile. */
	patchId: z
		.string()
		.regex(/^[0-9a-f]{40,64}$/)
		.optional(),
	offset: z.int().min(0).optional(),
});
/** All changes since the start, for `git apply`. `data`: a part of it as base64. */
export const PatchPart = z.strictObject({
	patchId: z.string(),
	bytes: z.int().min(0),
	offset: z.int().min(0),
	data: z.base64(),
	isLast: z.boolean(),
});
export type PatchPart = z.infer<typeof PatchPart>;

/** Everything that is not committed yet, but for what git is told to ignore. The author is whoever calls. */
export const CommitInput = z.strictObject({ message: z.string() });
export const Committed = z.strictObject({ commit: z.string(), files: z.int().min(0) });
export type Committed = z.infer<typeof Committed>;
