import { z } from "zod";
import { AgentName } from "./agent-name.ts";
import { RoomId, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { WorkspaceRole, WorkspaceVisibility } from "./workspace.ts";

/** A role that can be given; a workspace is passed on by `transfer`. */
export const GivenRole = WorkspaceRole.exclude(["owner"]);
export type GivenRole = z.infer<typeof GivenRole>;

export const InviteToWorkspaceInput = z.strictObject({ userId: UserId, role: GivenRole.optional() });
export const SetWorkspaceRoleInput = z.strictObject({ userId: UserId, role: GivenRole });
export const TransferInput = z.strictObject({ userId: UserId });
export const SetVisibilityInput = z.strictObject({ visibility: WorkspaceVisibility, roomId: RoomId.optional() });
export const RenameWorkspaceInput = z.strictObject({ name: z.string() });
/** The workspace's name, typed by whoever means it. */
export const DeleteWorkspaceInput = z.strictObject({ name: z.string() });

/** Service only, from the workspace itself: what the directory lists of it, as of `version`. */
export const NoteListingInput = z.strictObject({
	workspaceId: WorkspaceId,
	version: Version,
	name: z.string(),
	agent: AgentName,
	ownerId: UserId,
	/** Whose people may enter, where it is a room's. */
	roomId: RoomId.optional(),
	/** Open to everybody here, so that everybody may find it. */
	isListed: z.boolean(),
	isDeleted: z.boolean(),
	archivedAt: UnixMs.optional(),
	createdAt: UnixMs,
});
export type NoteListingInput = z.infer<typeof NoteListingInput>;
