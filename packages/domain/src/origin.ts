import { z } from "zod";
import { UnixMs, UserId } from "./id.ts";

/** Why the files did not come. The web says it in words. */
export const OriginProblem = z.enum([
	/** The process ended under it. */
	"interrupted",
	"cancelled",
	"too_long",
	"too_large",
	"too_many_files",
	"unknown_format",
	"damaged",
	"encrypted",
	/** A link, a device: anything but files and folders. */
	"link",
	"bad_name",
	"twice",
	"not_empty",
	"upload_gone",
	"needs_token",
	"no_repository",
	"no_branch",
	"unreachable",
	"private_address",
	"no_git",
	"no_sandbox",
	"failed",
]);
export type OriginProblem = z.infer<typeof OriginProblem>;

/** Where the files of a workspace came from, or are coming from. Never holds a token. */
export const WorkspaceOrigin = z.strictObject({
	kind: z.enum(["archive", "git"]),
	/** The archive's name, or the address without anything secret. */
	name: z.string(),
	branch: z.string().optional(),
	state: z.enum(["running", "done", "failed"]),
	/** 0 to 1, while it runs and that is known. */
	done: z.number().min(0).max(1).optional(),
	problem: OriginProblem.optional(),
	/** More about it, as whoever refused put it: a name, a reason. Plain text. */
	detail: z.string().optional(),
	by: UserId,
	at: UnixMs,
});
export type WorkspaceOrigin = z.infer<typeof WorkspaceOrigin>;

/** Given by the web for an upload of the same person. */
export const UploadId = z.string().regex(/^u-[0-9a-f]{30}$/);

/** Brings files into a workspace in which nothing has happened yet. `token` is used once and kept nowhere. */
export const StartFromInput = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("archive"), uploadId: UploadId, name: z.string() }),
	z.strictObject({
		kind: z.literal("git"),
		url: z.string(),
		branch: z.string().optional(),
		token: z.string().optional(),
	}),
]);
export type StartFromInput = z.infer<typeof StartFromInput>;
export const Uploaded = z.strictObject({ uploadId: UploadId, bytes: z.int().min(0) });
