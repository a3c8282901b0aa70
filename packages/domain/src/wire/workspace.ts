import { z } from "zod";
import { Attachment, AttachmentContent, GetAttachmentInput, PutAttachmentInput } from "../attachment.ts";
import { ChangeList, CommitInput, Committed, DiffInput, FileDiff, GetPatchInput, PatchPart } from "../changes.ts";
import { BarPersonInput, NoteDeparturesInput } from "../directory.ts";
import { IgnoreHostInput, SetEgressInput } from "../egress.ts";
import { ChangesSinceInput } from "../feed.ts";
import {
	CreateFolderInput,
	DeleteFileInput,
	FileContent,
	FileList,
	FilesChanged,
	FileWritten,
	ListFilesInput,
	ReadFileInput,
	RenameFileInput,
	WriteFileInput,
} from "../files.ts";
import { FindFilesInput, FoundFiles } from "../find-paths.ts";
import { StartFromInput } from "../origin.ts";
import { AnswerPermissionInput, AuditPage, GetAuditInput, RevokeRuleInput, SetPolicyInput } from "../permission.ts";
import { MemberInput, Presence, SetTypingInput, Typing } from "../room.ts";
import { ChatPage, DeleteChatInput, EditChatInput, GetChatInput, SendChatInput, SentChat } from "../side-chat.ts";
import {
	CloseTerminalInput,
	OpenTerminalInput,
	ResizeTerminalInput,
	TerminalOutput,
	TerminalState,
	TerminalTyped,
	TerminalView,
	TypeInTerminalInput,
} from "../terminal.ts";
import { GetImageInput, ImageFile, SearchTranscriptInput, TranscriptHits } from "../transcript/search.ts";
import {
	ChatUser,
	EditPromptInput,
	GetOutputInput,
	GetTranscriptInput,
	MovePromptInput,
	PromptAccepted,
	PromptInput,
	RemovePromptInput,
	SendNowInput,
	SessionInfo,
	SetAgentInput,
	SetModeInput,
	SetModelInput,
	SetPayerInput,
	Tail,
	Transcript,
	WorkspaceChanged,
	WorkspaceChanges,
	WorkspaceInitInput,
} from "../workspace.ts";
import {
	DeleteWorkspaceInput,
	InviteToWorkspaceInput,
	RenameWorkspaceInput,
	SetVisibilityInput,
	SetWorkspaceRoleInput,
	TransferInput,
} from "../workspace-life.ts";
import { type ActorShape, action, Done, Nothing, relayed } from "./shape.ts";

/** A shared session of a coding agent. */
export const WORKSPACE = {
	actions: {
		...relayed,
		getSessionInfo: action(Nothing, SessionInfo),
		getTranscript: action(GetTranscriptInput.nullish(), Transcript),
		changesSince: action(ChangesSinceInput, WorkspaceChanges),
		prompt: action(PromptInput, PromptAccepted),
		/** Keeps a file until a prompt of the same person takes it along; after a day without one it is forgotten. */
		putAttachment: action(PutAttachmentInput, z.strictObject({ attachment: Attachment })),
		removeAttachment: action(GetAttachmentInput, Done),
		getAttachment: action(GetAttachmentInput, AttachmentContent),
		/** Paths for a prompt that mentions files. Starts the sandbox if it does not run. */
		findFiles: action(FindFilesInput, FoundFiles),
		editPrompt: action(EditPromptInput, Done),
		movePrompt: action(MovePromptInput, Done),
		removePrompt: action(RemovePromptInput, Done),
		/** Ends the running turn, and this prompt is next. Answers when that stands, before the turn has ended. */
		sendNow: action(SendNowInput, Done),
		/** What runs goes on; nothing begins but what is sent now. */
		pauseQueue: action(Nothing, Done),
		resumeQueue: action(Nothing, Done),
		cancelTurn: action(Nothing, Done),
		answerPermission: action(AnswerPermissionInput, Done),
		setPolicy: action(SetPolicyInput, Done),
		revokeRule: action(RevokeRuleInput, Done),
		/** Where the sandbox may go from now on, beside models: all of it, in place of what was. */
		setEgress: action(SetEgressInput, Done),
		/** It stays refused, and is not told any more. */
		ignoreHost: action(IgnoreHostInput, Done),
		/** While no turn runs. The conversation is told to the new one. */
		setAgent: action(SetAgentInput, Done),
		/** Starts the agent if it does not run. */
		setMode: action(SetModeInput, Done),
		setModel: action(SetModelInput, Done),
		setPayer: action(SetPayerInput, Done),
		getAudit: action(GetAuditInput.nullish(), AuditPage),
		getOutput: action(GetOutputInput, z.strictObject({ text: z.string() })),
		/** The file of a picture: an item, or the part of a tool's output at `position`. */
		getImage: action(GetImageInput, ImageFile),
		searchTranscript: action(SearchTranscriptInput, TranscriptHits),
		listFiles: action(ListFilesInput, FileList),
		readFile: action(ReadFileInput, FileContent),
		writeFile: action(WriteFileInput, FileWritten),
		createFolder: action(CreateFolderInput, Done),
		renameFile: action(RenameFileInput, Done),
		deleteFile: action(DeleteFileInput, Done),
		/** Since the workspace began. */
		listChanges: action(Nothing, ChangeList),
		diff: action(DiffInput, FileDiff),
		getPatch: action(GetPatchInput.nullish(), PatchPart),
		commit: action(CommitInput, Committed),
		/** The one terminal of the workspace. Opening it starts the sandbox; one that is open already is the answer. */
		getTerminal: action(Nothing, TerminalView),
		openTerminal: action(OpenTerminalInput, TerminalView),
		typeInTerminal: action(TypeInTerminalInput, Done),
		resizeTerminal: action(ResizeTerminalInput, Done),
		closeTerminal: action(CloseTerminalInput, Done),
		setTyping: action(SetTypingInput, Done),
		/** What people say to each other beside the agent; it never hears of it. */
		getChat: action(GetChatInput.nullish(), ChatPage),
		sendChat: action(SendChatInput, SentChat),
		editChat: action(EditChatInput, Done),
		deleteChat: action(DeleteChatInput, Done),
		/** Before anything has happened in it. Answers when it has begun; the session's row tells the rest. */
		startFrom: action(StartFromInput, Done),
		cancelStart: action(Nothing, Done),
		invite: action(InviteToWorkspaceInput, Done),
		setRole: action(SetWorkspaceRoleInput, Done),
		kick: action(MemberInput, Done),
		/** Whoever leaves comes back by themselves where everybody of its circle may enter. */
		leave: action(Nothing, Done),
		/** The caller is a prompter afterwards. */
		transferOwnership: action(TransferInput, Done),
		setVisibility: action(SetVisibilityInput, Done),
		rename: action(RenameWorkspaceInput, Done),
		/** Read only from now on; what runs is stopped, and what waits waits until somebody resumes the queue. */
		archive: action(Nothing, Done),
		restore: action(Nothing, Done),
		/** For ever, with its files. */
		deleteWorkspace: action(DeleteWorkspaceInput, Done),
		init: action(WorkspaceInitInput, Done),
		barPerson: action(BarPersonInput, Done),
		/** From the directory: the room of this workspace may not vouch for these people any more. */
		askAgain: action(NoteDeparturesInput, Done),
	},
	events: {
		"chat.user": ChatUser,
		/** The SDK's `SessionEvent`, best effort, for whoever subscribes: `payload` is the agent's JSON-RPC as it came. */
		"session.event": z.looseObject({ id: z.string(), eventIndex: z.number(), sessionId: z.string() }),
		workspaceChanged: WorkspaceChanged,
		filesChanged: FilesChanged,
		tail: Tail,
		terminalChanged: TerminalState,
		terminalOutput: TerminalOutput,
		/** Somebody else types in the terminal. */
		terminalTyped: TerminalTyped,
		typing: Typing,
		presence: Presence,
	},
} as const satisfies ActorShape;
