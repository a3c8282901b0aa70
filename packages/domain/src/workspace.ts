import { z } from "zod";
import { AgentChoices, AgentCommandInfo } from "./agent-choices.ts";
import { Attachment, AttachmentIds } from "./attachment.ts";
import { Egress, RefusedHost } from "./egress.ts";
import { changesPage, feedBatch, Head } from "./feed.ts";
import { Nonce, RoomId, UnixMs, UserId, Version, WorkspaceId } from "./id.ts";
import { WorkspaceOrigin } from "./origin.ts";
import { PayerWish, WorkspacePayer } from "./payer.ts";
import { PermissionPolicy, PermissionVote, RuleRow } from "./permission.ts";
import { SandboxFacts } from "./sandbox.ts";
import { ChatRow } from "./side-chat.ts";
import { ModelSpending } from "./spending.ts";
import { Cost, ItemRow } from "./transcript/item.ts";

export const WorkspaceRole = z.enum(["viewer", "prompter", "owner"]);
export type WorkspaceRole = z.infer<typeof WorkspaceRole>;
export const WorkspaceVisibility = z.enum(["server", "room", "private"]);
export type WorkspaceVisibility = z.infer<typeof WorkspaceVisibility>;

/** What the agent is doing. `broken` says why in the session row's `problem`; the next prompt tries again. */
export const AgentState = z.enum(["off", "starting", "idle", "running", "waiting_permission", "broken"]);
export type AgentState = z.infer<typeof AgentState>;

/** Where the agent works: `confined` runs programs in a sandbox, `virtual` edits an in-memory tree and runs nothing. */
export const SandboxKind = z.enum(["confined", "virtual"]);
export type SandboxKind = z.infer<typeof SandboxKind>;

export const SessionRow = z.strictObject({
	kind: z.literal("session"),
	id: z.literal("default"),
	version: Version,
	workspaceId: WorkspaceId,
	/** Names the sandbox for people, never an address: null until the first one was made. */
	sandboxId: z.string().nullable(),
	sandboxKind: SandboxKind,
	/** Why the sandbox is only virtual, with the fix; shown as a banner. */
	sandboxNote: z.string().optional(),
	/** What bounds the sandbox, and what its self-test saw: as of its last start. Left out before that, and where there is none. */
	sandbox: SandboxFacts.optional(),
	/** Where its programs may go beside models. Left out: nowhere. */
	egress: Egress.optional(),
	/** Where they wanted to go and were refused, newest first. */
	refusedHosts: z.array(RefusedHost).optional(),
	name: z.string(),
	agent: z.string(),
	state: AgentState,
	problem: z.string().optional(),
	visibility: WorkspaceVisibility,
	roomId: RoomId.optional(),
	ownerId: UserId,
	/** Who answers the agent's questions. Left out: whoever may prompt. */
	policy: PermissionPolicy.optional(),
	/** No prompt begins by itself: since when, and who wanted it so. */
	paused: z.strictObject({ by: UserId, at: UnixMs }).optional(),
	mode: z.string().optional(),
	/** What the agent said last that can be chosen, and its commands. */
	choices: AgentChoices.optional(),
	commands: z.array(AgentCommandInfo).optional(),
	/** How far the installation is that a start waits for, 0 to 1. */
	installing: z.number().optional(),
	/** Whose key the agent uses, which everybody here sees. Left out: nobody pays. */
	payer: WorkspacePayer.optional(),
	/** What all requests to models have used. */
	spending: ModelSpending.optional(),
	/** The context in tokens, and what all turns together have cost. */
	usage: z.strictObject({ used: z.number(), size: z.number(), cost: Cost.optional() }).optional(),
	/** What the agent calls this session. */
	title: z.string().optional(),
	/** What it starts from, where that is not nothing. Nothing begins while it is coming in. */
	origin: WorkspaceOrigin.optional(),
	/** Read only, and its agent is off: since when, and who wanted it so. */
	archived: z.strictObject({ by: UserId, at: UnixMs }).optional(),
	/** The last word of a workspace: from then on there is nothing here for anybody. */
	deleted: z.strictObject({ by: UserId, at: UnixMs }).optional(),
	createdAt: UnixMs,
});
export type SessionRow = z.infer<typeof SessionRow>;

export const PromptStatus = z.enum(["queued", "running", "done", "removed"]);
export type PromptStatus = z.infer<typeof PromptStatus>;
/** One prompt of the shared queue. `id` is the server's; `prompt-rules.ts` says in which order the queued ones run. */
export const PromptRow = z.strictObject({
	kind: z.literal("prompt"),
	id: z.string(),
	version: Version,
	userId: UserId,
	text: z.string(),
	/** Files that go with it, in their order. */
	attachments: z.array(Attachment).optional(),
	nonce: Nonce.optional(),
	createdAt: UnixMs,
	status: PromptStatus,
	removedBy: UserId.optional(),
	/** Its place, once somebody moved it; before that `createdAt` is. */
	rank: z.int().optional(),
	/** Who changed its words last, and when. */
	edited: z.strictObject({ by: UserId, at: UnixMs }).optional(),
	/** Runs before all others, and while the queue is paused too. */
	sentNowBy: UserId.optional(),
});
export type PromptRow = z.infer<typeof PromptRow>;

/** `interrupted`: a process died under it. Exactly one terminal status is ever written. */
export const TurnStatus = z.enum(["running", "completed", "cancelled", "failed", "interrupted"]);
export type TurnStatus = z.infer<typeof TurnStatus>;
export const TurnRow = z.strictObject({
	kind: z.literal("turn"),
	id: z.string(),
	version: Version,
	promptId: z.string(),
	status: TurnStatus,
	startedAt: UnixMs,
	endedAt: UnixMs.optional(),
	stopReason: z.string().optional(),
	problem: z.string().optional(),
	cancelledBy: UserId.optional(),
	/** What its requests to models have used so far. */
	spending: ModelSpending.optional(),
});
export type TurnRow = z.infer<typeof TurnRow>;

export const PermissionOption = z.strictObject({
	optionId: z.string(),
	name: z.string(),
	/** ACP's `PermissionOptionKind`; other agents' own words pass through. */
	kind: z.string(),
});
export const PermissionStatus = z.enum(["pending", "answered", "expired", "cancelled"]);
/** A question of the agent. `answeredBy` and `optionId` stand once `answered`; nobody else's answer has any effect. */
export const PermissionRow = z.strictObject({
	kind: z.literal("permission"),
	id: z.string(),
	version: Version,
	turnId: z.string(),
	toolCallId: z.string().optional(),
	title: z.string(),
	/** The command or file in question, as the agent said it (JSON text, capped). */
	detail: z.string().optional(),
	/** What an answer can be remembered for (`PermissionSubject`). Left out: for nothing. */
	toolKind: z.string().optional(),
	target: z.string().optional(),
	options: z.array(PermissionOption),
	status: PermissionStatus,
	askedAt: UnixMs,
	expiresAt: UnixMs,
	optionId: z.string().optional(),
	answeredBy: UserId.optional(),
	answeredAt: UnixMs.optional(),
	/** Each a yes, where two are needed; the deciding one is the last. */
	votes: z.array(PermissionVote).optional(),
	/** Answered by this remembered answer, in the name of whoever made it. */
	ruleId: z.string().optional(),
});
export type PermissionRow = z.infer<typeof PermissionRow>;

export const WorkspaceMemberRow = z.strictObject({
	kind: z.literal("member"),
	id: UserId,
	version: Version,
	role: WorkspaceRole,
	/** `removed` needs an invitation; whoever `left` comes back by themselves where their circle may enter. */
	status: z.enum(["joined", "left", "removed"]),
	/** Here as a member of the workspace's room, which decides whether they still are. Left out: this row decides. */
	via: z.literal("room").optional(),
	changedAt: UnixMs,
});
export type WorkspaceMemberRow = z.infer<typeof WorkspaceMemberRow>;

export const WorkspaceFeedRow = z.discriminatedUnion("kind", [
	SessionRow,
	ItemRow,
	PromptRow,
	TurnRow,
	PermissionRow,
	RuleRow,
	WorkspaceMemberRow,
	ChatRow,
]);
export type WorkspaceFeedRow = z.infer<typeof WorkspaceFeedRow>;
export const WorkspaceChanged = feedBatch(WorkspaceFeedRow);
export const WorkspaceChanges = changesPage(WorkspaceFeedRow);

export const SessionInfo = z.strictObject({
	workspaceId: WorkspaceId,
	sandboxId: z.string().nullable(),
	agent: z.string(),
	state: AgentState,
	role: WorkspaceRole,
	session: SessionRow,
	onlineUserIds: z.array(UserId),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

export const GetTranscriptInput = z.strictObject({
	before: z.int().min(1).optional(),
	limit: z.int().min(1).max(200).optional(),
});
/**
 * The newest items before `before` (oldest first), with the turns and prompts they belong to. The first page also has the
 * session, members, every queued prompt, pending permission and remembered answer, all from one snapshot at `head`.
 */
export const Transcript = z.strictObject({ rows: z.array(WorkspaceFeedRow), head: Head, hasMore: z.boolean() });
export type Transcript = z.infer<typeof Transcript>;

/** `attachments`: files that whoever prompts has kept by `putAttachment`, each for one prompt. */
export const PromptInput = z.strictObject({
	text: z.string(),
	nonce: Nonce.optional(),
	attachments: AttachmentIds.optional(),
});
export const PromptAccepted = z.strictObject({ promptId: z.string(), position: z.int().min(0) });
export const RemovePromptInput = z.strictObject({ promptId: z.string() });
export const EditPromptInput = z.strictObject({ promptId: z.string(), text: z.string() });
/** Behind `after`, which may have left the queue since; `null` is the front. */
export const MovePromptInput = z.strictObject({ promptId: z.string(), after: z.string().nullable() });
export const SendNowInput = z.strictObject({ promptId: z.string() });
export const GetOutputInput = z.strictObject({ itemId: z.int().min(1) });
export const SetAgentInput = z.strictObject({ agent: z.string() });
export const SetModeInput = z.strictObject({ mode: z.string() });
export const SetModelInput = z.strictObject({ model: z.string().optional(), effort: z.string().optional() });
export const SetPayerInput = z.strictObject({ payer: PayerWish });
export const WorkspaceInitInput = z.strictObject({
	name: z.string(),
	agent: z.string(),
	ownerId: UserId,
	visibility: WorkspaceVisibility,
	roomId: RoomId.optional(),
	payer: WorkspacePayer.optional(),
});

/** `chat.user`: somebody prompted. For simple clients; ours reads the feed. */
export const ChatUser = z.strictObject({ userId: UserId, text: z.string(), createdAt: UnixMs });
/** Text of the item being streamed, before its commit: provisional, superseded by the committed row. */
export const Tail = z.strictObject({
	turnId: z.string(),
	type: z.enum(["text", "thought"]),
	itemId: z.int().min(1),
	offset: z.int().min(0),
	append: z.string(),
});
export type Tail = z.infer<typeof Tail>;
