import { z } from "zod";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { RoomId, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { ServerRole } from "./identity.ts";

/** A public room anyone on this server may find and join. Private rooms are never listed here. */
export const DirectoryRoomRow = z.strictObject({
	kind: z.literal("directoryRoom"),
	id: RoomId,
	version: Version,
	name: z.string(),
	topic: z.string(),
	createdAt: UnixMs,
});
export const DirectoryWorkspaceRow = z.strictObject({
	kind: z.literal("directoryWorkspace"),
	id: WorkspaceId,
	version: Version,
	name: z.string(),
	agent: z.string(),
	ownerId: UserId,
	createdAt: UnixMs,
});
export const PersonRow = z.strictObject({
	kind: z.literal("person"),
	id: UserId,
	version: Version,
	name: z.string(),
	role: ServerRole,
});
export type PersonRow = z.infer<typeof PersonRow>;
export type DirectoryRoomRow = z.infer<typeof DirectoryRoomRow>;
export type DirectoryWorkspaceRow = z.infer<typeof DirectoryWorkspaceRow>;

export const DirectoryFeedRow = z.discriminatedUnion("kind", [DirectoryRoomRow, DirectoryWorkspaceRow, PersonRow]);
export type DirectoryFeedRow = z.infer<typeof DirectoryFeedRow>;
export const DirectoryChanged = feedBatch(DirectoryFeedRow);
export const DirectoryChanges = changesPage(DirectoryFeedRow);
/** Everything listed: public rooms, workspaces open to the server, people. */
export const DirectoryView = z.strictObject({ rows: z.array(DirectoryFeedRow), head: Head });
export type DirectoryView = z.infer<typeof DirectoryView>;

export const OpenRoomInput = z.strictObject({ name: z.string(), visibility: z.enum(["public", "private"]).optional() });
export const OpenedRoom = z.strictObject({ roomId: RoomId, name: z.string(), created: z.boolean() });
export const CreateWorkspaceInput = z.strictObject({
	name: z.string().optional(),
	agent: z.string().optional(),
	visibility: z.enum(["server", "room", "private"]).optional(),
	roomId: RoomId.optional(),
	nonce: z.string().optional(),
});
export const CreatedWorkspace = z.strictObject({ workspaceId: WorkspaceId, name: z.string() });
/** Service only, from the web: a person exists, with this name and role. Makes their inbox. */
export const RegisterPersonInput = z.strictObject({ userId: UserId, name: z.string(), role: ServerRole });
