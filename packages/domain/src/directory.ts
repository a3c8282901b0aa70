import { z } from "zod";
import { AgentName } from "./agent-name.ts";
import { BotCommand } from "./command.ts";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { RoomId, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { ServerRole } from "./identity.ts";
import { PayerWish } from "./payer.ts";

/** A public room anyone on this server may find and join. Private and direct rooms are never listed here. */
export const DirectoryRoomRow = z.strictObject({
	kind: z.literal("directoryRoom"),
	id: RoomId,
	version: Version,
	name: z.string(),
	topic: z.string(),
	createdAt: UnixMs,
	archivedAt: UnixMs.optional(),
});
export const DirectoryWorkspaceRow = z.strictObject({
	kind: z.literal("directoryWorkspace"),
	id: WorkspaceId,
	version: Version,
	name: z.string(),
	/** The one it was made with, or has had since something else of it changed. */
	agent: z.string(),
	ownerId: UserId,
	createdAt: UnixMs,
	/** Since when it is read only. */
	archivedAt: UnixMs.optional(),
	/** The tombstone: deleted, or not open to everybody any more. */
	goneAt: UnixMs.optional(),
});
/** What somebody says of themselves for a while. An `until` that has passed means that nothing is said any more. */
export const PersonStatus = z.strictObject({
	text: z.string(),
	emoji: z.string().optional(),
	until: UnixMs.optional(),
});
export type PersonStatus = z.infer<typeof PersonStatus>;
/** The beginning of a picture's SHA-256: another picture, another address. */
export const PictureId = z.string().regex(/^[0-9a-f]{32}$/);
export const PersonRow = z.strictObject({
	kind: z.literal("person"),
	id: UserId,
	version: Version,
	name: z.string(),
	role: ServerRole,
	status: PersonStatus.optional(),
	/** Which picture of them is theirs now; without one they have none. */
	pictureId: PictureId.optional(),
	/** It is a program. */
	bot: z.literal(true).optional(),
	/** Of a bot: what it answers when somebody writes `/name` in a room that it is in. */
	commands: z.array(BotCommand).optional(),
	/** Since when the account is closed; absent while it is in use. */
	deactivatedAt: UnixMs.optional(),
});
/** Whether an agent's programs are on the machine of the workspaces. `done` of 1. */
export const AgentInstallation = z.discriminatedUnion("state", [
	z.strictObject({ state: z.literal("installed") }),
	z.strictObject({ state: z.literal("missing"), bytes: z.number() }),
	z.strictObject({ state: z.literal("installing"), done: z.number() }),
	z.strictObject({ state: z.literal("failed"), reason: z.string() }),
]);
/** An agent that there is on this server. `agent-offer.ts` says what it is to one person. */
export const DirectoryAgentRow = z.strictObject({
	kind: z.literal("directoryAgent"),
	id: AgentName,
	version: Version,
	/** What people call it. */
	name: z.string(),
	/** Its place among the agents, from 0: the one to offer first. */
	position: z.int().min(0),
	installation: AgentInstallation,
	/** The providers any one of whose keys is enough; empty when it needs none. */
	providers: z.array(z.string()),
	/** Those of them that the server has a usable key of. */
	serverProviders: z.array(z.string()),
	/** Why it cannot work on this machine, with the fix. */
	obstacle: z.string().optional(),
});
export type DirectoryAgentRow = z.infer<typeof DirectoryAgentRow>;
/** Service only: every agent as it stands now. */
export const NoteAgentsInput = z.strictObject({ agents: z.array(DirectoryAgentRow.omit({ version: true })).max(20) });
export type PersonRow = z.infer<typeof PersonRow>;
export type DirectoryRoomRow = z.infer<typeof DirectoryRoomRow>;
export type DirectoryWorkspaceRow = z.infer<typeof DirectoryWorkspaceRow>;

export const DirectoryFeedRow = z.discriminatedUnion("kind", [
	DirectoryRoomRow,
	DirectoryWorkspaceRow,
	DirectoryAgentRow,
	PersonRow,
]);
export type DirectoryFeedRow = z.infer<typeof DirectoryFeedRow>;
export const DirectoryChanged = feedBatch(DirectoryFeedRow);
export const DirectoryChanges = changesPage(DirectoryFeedRow);
/** Everything listed: public rooms, workspaces open to the server, agents, people. */
export const DirectoryView = z.strictObject({ rows: z.array(DirectoryFeedRow), head: Head });
export type DirectoryView = z.infer<typeof DirectoryView>;

export const OpenRoomInput = z.strictObject({
	name: z.string(),
	/** This and the topic are for a room that is made by it. */
	visibility: z.enum(["public", "private"]).optional(),
	topic: z.string().optional(),
});
/** The others; oneself is always in it. */
export const OpenDirectInput = z.strictObject({ userIds: z.array(UserId).min(1).max(50) });
export const OpenedRoom = z.strictObject({ roomId: RoomId, name: z.string(), created: z.boolean() });
export const CreateWorkspaceInput = z.strictObject({
	name: z.string().optional(),
	agent: z.string().optional(),
	visibility: z.enum(["server", "room", "private"]).optional(),
	roomId: RoomId.optional(),
	/** Whose key its agent uses; the server's when it is not said. */
	payer: PayerWish.optional(),
	nonce: z.string().optional(),
});
export const CreatedWorkspace = z.strictObject({ workspaceId: WorkspaceId, name: z.string() });
/** Service only, from the web: a person exists, with this name and role. Makes their inbox. */
export const RegisterPersonInput = z.strictObject({ userId: UserId, name: z.string(), role: ServerRole });
/** Of oneself. An empty `text` without an emoji takes it back. */
export const SetStatusInput = z.strictObject({
	text: z.string(),
	emoji: z.string().optional(),
	/** How long it is to stand, in ms; for good when left out. */
	forMs: z
		.int()
		.min(1)
		.max(31 * 24 * 60 * 60_000)
		.optional(),
});
/** Service only, from the web, which keeps the file. Null: they have none any more. */
export const NotePictureInput = z.strictObject({ userId: UserId, pictureId: PictureId.nullable() });
/** Service only, from the web, which keeps the accounts. Answers once nothing reaches them where they were any more. */
export const SetActiveInput = z.strictObject({ userId: UserId, isActive: z.boolean(), by: UserId });
/** Service only, from the web: all their sessions were ended. Answers when whoever signs in again is received everywhere. */
export const EndConnectionsInput = z.strictObject({ userId: UserId });
/** Service only, from the directory: connections and tickets of this person from before `at` are refused from now on. */
export const BarPersonInput = z.strictObject({ userId: UserId, at: UnixMs });
/** Service only, from the directory: everything that this inbox knows its person to be in. */
export const Places = z.strictObject({ roomIds: z.array(RoomId), workspaceIds: z.array(WorkspaceId) });
/** Service only, from an inbox. */
export const GetNamesInput = z.strictObject({ userIds: z.array(UserId).max(100) });
export const PeopleNames = z.strictObject({ names: z.array(z.tuple([UserId, z.string()])) });
/** Service only, from a room: it wants to be called so from now on. Answers with the name as it is kept. */
export const NameRoomInput = z.strictObject({ name: z.string() });
/** Service only, from a room: how it stands now. Answers with the name that it has. */
export const NoteRoomCardInput = z.strictObject({
	topic: z.string(),
	/** Null while it is in use. */
	archivedAt: UnixMs.nullable(),
	/** The room's version of this: an older one never overwrites a newer one. */
	version: Version,
});
/** Told in one call. */
export const DEPARTURES_MAX = 100;
/** People who are in a room no more. */
export const NoteDeparturesInput = z.strictObject({ userIds: z.array(UserId).min(1).max(DEPARTURES_MAX) });
export const RoomName = z.strictObject({ name: z.string() });
