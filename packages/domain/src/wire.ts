import { z } from "zod";
import { Attachment, AttachmentContent, GetAttachmentInput, PutAttachmentInput } from "./attachment.ts";
import { NoteActInput, RoomAuditPage, ServerAuditPage } from "./audit.ts";
import {
	BotInput,
	BotList,
	BotState,
	BotView,
	CreateBotInput,
	CreatedBot,
	RedeemBotInput,
	RedeemedBot,
	SetBotActiveInput,
	UpdateBotInput,
} from "./bot.ts";
import { ChangeList, CommitInput, Committed, DiffInput, FileDiff, GetPatchInput, PatchPart } from "./changes.ts";
import { CommandCalled, RunCommandInput, SetCommandsInput } from "./command.ts";
import {
	BarPersonInput,
	CreatedWorkspace,
	CreateWorkspaceInput,
	DirectoryChanged,
	DirectoryChanges,
	DirectoryView,
	GetNamesInput,
	NameRoomInput,
	NoteAgentsInput,
	NotePictureInput,
	NoteRoomCardInput,
	OpenDirectInput,
	OpenedRoom,
	OpenRoomInput,
	PeopleNames,
	Places,
	RegisterPersonInput,
	RoomName,
	SetActiveInput,
	SetStatusInput,
} from "./directory.ts";
import { DraftSaved, SaveDraftInput } from "./draft.ts";
import { IgnoreHostInput, SetEgressInput } from "./egress.ts";
import { ChangesSinceInput } from "./feed.ts";
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
} from "./files.ts";
import { FindFilesInput, FoundFiles } from "./find-paths.ts";
import type { ActorName } from "./identity.ts";
import {
	ExplainUnreadInput,
	GetPositionInput,
	InboxChanged,
	InboxChanges,
	InboxView,
	MarkAllReadInput,
	MarkReadInput,
	MarkThreadReadInput,
	MarkUnreadInput,
	NoteRoomInput,
	NoteWorkspaceInput,
	Notified,
	SetLevelInput,
	SetMuteInput,
	SetQuietHoursInput,
	UnreadExplained,
} from "./inbox.ts";
import {
	DeleteMessageInput,
	EditMessageInput,
	FollowThreadInput,
	Message,
	SendMessageInput,
	SetPinnedInput,
	ToggleReactionInput,
} from "./message.ts";
import { MessageAttachment } from "./message-attachment.ts";
import { StartFromInput } from "./origin.ts";
import { AnswerPermissionInput, AuditPage, GetAuditInput, RevokeRuleInput, SetPolicyInput } from "./permission.ts";
import {
	ForgetPushDeviceInput,
	KeptPushDevice,
	NoteUseInput,
	PushTested,
	PutPushDeviceInput,
	TestPushInput,
} from "./push.ts";
import { AttachInput, AttachOutput, DetachInput, ForwardInput, ListenInput } from "./relay.ts";
import {
	FindAttachmentsInput,
	FoundAttachments,
	GetAttachmentOfInput,
	GetHistoryInput,
	GetMessagesInput,
	History,
	InviteInput,
	MemberInput,
	Presence,
	RoomChanged,
	RoomChanges,
	RoomHash,
	RoomInitInput,
	RoomView,
	SetRoleInput,
	SetTypingInput,
	SomeMessages,
	Typing,
	UpdateRoomInput,
	VisitorInput,
} from "./room.ts";
import {
	BeginExportInput,
	BeginImportInput,
	ExportBegun,
	ExportedRows,
	ExportRowsInput,
	FinishImportInput,
	ImportBegun,
	ImportedPeople,
	ImportPeopleInput,
	ImportRowsInput,
	Staged,
	StageInput,
} from "./room-archive.ts";
import {
	AcceptLinkInput,
	CreatedLink,
	CreateLinkInput,
	EnterByLinkInput,
	RevokeLinkInput,
	RoomLinks,
} from "./room-link.ts";
import {
	FindInRoomInput,
	FoundInRoom,
	Indexed,
	ListRoomIdsInput,
	NoteMessagesInput,
	RoomIds,
	SearchHits,
	SearchInput,
	ShowFoundInput,
	ShownHits,
} from "./search.ts";
import { ChatPage, DeleteChatInput, EditChatInput, GetChatInput, SendChatInput, SentChat } from "./side-chat.ts";
import {
	CloseTerminalInput,
	OpenTerminalInput,
	ResizeTerminalInput,
	TerminalOutput,
	TerminalState,
	TerminalTyped,
	TerminalView,
	TypeInTerminalInput,
} from "./terminal.ts";
import { GetImageInput, ImageFile, SearchTranscriptInput, TranscriptHits } from "./transcript/search.ts";
import {
	CreatedHook,
	CreateHookInput,
	Deliveries,
	GetDeliveriesInput,
	HookInput,
	HookList,
	ReceivedHook,
	ReceiveHookInput,
	SetHookActiveInput,
} from "./webhook.ts";
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
} from "./workspace.ts";
import {
	DeleteWorkspaceInput,
	InviteToWorkspaceInput,
	NoteListingInput,
	RenameWorkspaceInput,
	SetVisibilityInput,
	SetWorkspaceRoleInput,
	TransferInput,
} from "./workspace-life.ts";

/** An action takes at most one argument, parsed by `input`, and answers with `output`. */
export interface ActionShape {
	readonly input: z.ZodType;
	readonly output: z.ZodType;
}
interface ActorShape {
	readonly actions: Readonly<Record<string, ActionShape>>;
	readonly events: Readonly<Record<string, z.ZodType>>;
}

/** An action called without an argument (an absent, `null` or empty one is the same). */
const Nothing = z.strictObject({}).nullish();
const Done = z.strictObject({ ok: z.literal(true) });
const action = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** From our own edges, to every actor (`relay.ts`). `forward` answers when its calls were started; their answers are ops. */
const relayed = {
	attach: action(AttachInput, AttachOutput),
	detach: action(DetachInput, Done),
	forward: action(ForwardInput, Done),
	listen: action(ListenInput, Done),
};

/** Everything that crosses the wire to and from actors. Names are fixed (DESIGN); the wire-hash test notices any change. */
export const WIRE = {
	chatRoom: {
		actions: {
			...relayed,
			getHistory: action(GetHistoryInput.nullish(), History),
			changesSince: action(ChangesSinceInput, RoomChanges),
			sendMessage: action(SendMessageInput, Message),
			editMessage: action(EditMessageInput, Message),
			deleteMessage: action(DeleteMessageInput, Message),
			toggleReaction: action(ToggleReactionInput, Message),
			setPinned: action(SetPinnedInput, Message),
			/** Answers with the first message of the thread. */
			followThread: action(FollowThreadInput, Message),
			getMessages: action(GetMessagesInput, SomeMessages),
			setTyping: action(SetTypingInput, Done),
			getRoom: action(Nothing, RoomView),
			getHash: action(Nothing, RoomHash),
			join: action(Nothing, RoomView),
			leave: action(Nothing, Done),
			invite: action(InviteInput, Done),
			setRole: action(SetRoleInput, Done),
			kick: action(MemberInput, Done),
			ban: action(MemberInput, Done),
			/** Back to somebody who left: a public room is open to them again, another one by invitation. */
			unban: action(MemberInput, Done),
			/** The caller is an admin afterwards. */
			transferOwnership: action(MemberInput, Done),
			createLink: action(CreateLinkInput.nullish(), CreatedLink),
			getLinks: action(Nothing, RoomLinks),
			revokeLink: action(RevokeLinkInput, Done),
			getAudit: action(GetAuditInput.nullish(), RoomAuditPage),
			updateRoom: action(UpdateRoomInput, Done),
			/** Somebody calls upon a bot that is here. */
			runCommand: action(RunCommandInput, Done),
			getHooks: action(Nothing, HookList),
			createHook: action(CreateHookInput, CreatedHook),
			/** What happens while it is stopped is not told later. */
			setHookActive: action(SetHookActiveInput, Done),
			removeHook: action(HookInput, Done),
			getDeliveries: action(GetDeliveriesInput, Deliveries),
			/** From the web: something that a program outside says. */
			receiveHook: action(ReceiveHookInput, ReceivedHook),
			/** Messages of this room alone. */
			search: action(SearchInput, SearchHits),
			/** From the index: it gives nobody a text that this room did not give it for them. */
			showFound: action(ShowFoundInput, ShownHits),
			/** From the index, to a room it does not know: answers when the room has begun to tell it. */
			tellIndex: action(Nothing, Done),
			/** From the web, for somebody who takes the room along. */
			beginExport: action(BeginExportInput, ExportBegun),
			exportRows: action(ExportRowsInput, ExportedRows),
			checkExport: action(BeginExportInput, Done),
			/** From the directory and the web: a room comes from an archive, and answers people when it is whole. */
			stageImport: action(StageInput, Done),
			importRows: action(ImportRowsInput, Staged),
			getStaged: action(Nothing, Staged),
			init: action(RoomInitInput, Done),
			/** From our own actors: whether somebody may come near, and whether they are a member right now. */
			canEnter: action(MemberInput, z.strictObject({ canEnter: z.boolean(), isJoined: z.boolean() })),
			/** From the web, before it takes a file: whether somebody may send messages here. */
			admitAttachment: action(VisitorInput, Done),
			/** From the web, at every download: a file of a message that somebody may read now. */
			getAttachment: action(GetAttachmentOfInput, z.strictObject({ attachment: MessageAttachment })),
			/** From the web: those of these files that messages took. */
			findAttachments: action(FindAttachmentsInput, FoundAttachments),
			/** From somebody's inbox: what `noteRoom` would tell it. */
			getPosition: action(GetPositionInput, NoteRoomInput),
			/** From the directory: somebody shows a link's secret, and is in the room afterwards. */
			enterByLink: action(EnterByLinkInput, RoomName),
			barPerson: action(BarPersonInput, Done),
		},
		events: {
			newMessage: Message,
			roomChanged: RoomChanged,
			typing: Typing,
			presence: Presence,
			/** To one bot alone. */
			commandCalled: CommandCalled,
		},
	},
	userInbox: {
		actions: {
			...relayed,
			getInbox: action(Nothing, InboxView),
			changesSince: action(ChangesSinceInput, InboxChanges),
			markRead: action(MarkReadInput, Done),
			markAllRead: action(MarkAllReadInput, Done),
			markUnread: action(MarkUnreadInput, Done),
			markThreadRead: action(MarkThreadReadInput, Done),
			/** Which messages are counted. Their texts are the room's to give. */
			explainUnread: action(ExplainUnreadInput, UnreadExplained),
			setLevel: action(SetLevelInput, Done),
			setMute: action(SetMuteInput, Done),
			setQuietHours: action(SetQuietHoursInput, Done),
			noteUse: action(NoteUseInput, Done),
			/** Sends one message to this device, and answers with what became of it. */
			testPush: action(TestPushInput, PushTested),
			putPushDevice: action(PutPushDeviceInput, KeptPushDevice),
			forgetPushDevice: action(ForgetPushDeviceInput, Done),
			/** What somebody has begun to write, for their other devices. */
			saveDraft: action(SaveDraftInput, DraftSaved),
			noteRoom: action(NoteRoomInput, Done),
			noteWorkspace: action(NoteWorkspaceInput, Done),
			getPlaces: action(Nothing, Places),
			barPerson: action(BarPersonInput, Done),
			init: action(Nothing, Done),
		},
		events: { inboxChanged: InboxChanged, notified: Notified },
	},
	workspace: {
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
	},
	directory: {
		actions: {
			...relayed,
			openRoom: action(OpenRoomInput, OpenedRoom),
			/** The one direct room of the caller and these people. */
			openDirect: action(OpenDirectInput, OpenedRoom),
			/** Enters the room that a link leads to. */
			acceptLink: action(AcceptLinkInput, OpenedRoom),
			setStatus: action(SetStatusInput, Done),
			getAudit: action(GetAuditInput.nullish(), ServerAuditPage),
			createWorkspace: action(CreateWorkspaceInput, CreatedWorkspace),
			/** By owners of the server, the oldest first. */
			getBots: action(Nothing, BotList),
			createBot: action(CreateBotInput, CreatedBot),
			updateBot: action(UpdateBotInput, z.strictObject({ bot: BotView })),
			/** The one before is good for nothing from then on. */
			renewBotToken: action(BotInput, CreatedBot),
			revokeBotToken: action(BotInput, Done),
			setBotActive: action(SetBotActiveInput, Done),
			/** By a bot, of itself. */
			setCommands: action(SetCommandsInput, Done),
			/** From the web: whose token this is. */
			redeemBot: action(RedeemBotInput, RedeemedBot),
			/** From a room. */
			checkBot: action(BotInput, BotState),
			list: action(Nothing, DirectoryView),
			changesSince: action(ChangesSinceInput, DirectoryChanges),
			registerPerson: action(RegisterPersonInput, Done),
			notePicture: action(NotePictureInput, Done),
			setActive: action(SetActiveInput, Done),
			noteAct: action(NoteActInput, Done),
			nameRoom: action(NameRoomInput, RoomName),
			noteRoom: action(NoteRoomCardInput, RoomName),
			/** From the workspaces process: what agents there are on its machine. */
			noteAgents: action(NoteAgentsInput, Done),
			/** From a workspace: what may be told of it to everybody. */
			noteWorkspace: action(NoteListingInput, Done),
			/** From the web: a room from an archive, which nobody sees before it is finished. */
			beginImport: action(BeginImportInput, ImportBegun),
			importPeople: action(ImportPeopleInput, ImportedPeople),
			finishImport: action(FinishImportInput, OpenedRoom),
			listRoomIds: action(ListRoomIdsInput, RoomIds),
			/** From an inbox: what people call themselves. Who is not there is left out. */
			getNames: action(GetNamesInput, PeopleNames),
			/** From the rooms process when it starts: answers once `general` is there. */
			init: action(Nothing, Done),
		},
		events: { directoryChanged: DirectoryChanged },
	},
	search: {
		actions: {
			...relayed,
			/** Messages of all rooms that the caller is in. */
			search: action(SearchInput, SearchHits),
			/** Whether rooms are still missing in the index. */
			getIndexState: action(Nothing, z.strictObject({ isFilling: z.boolean() })),
			noteMessages: action(NoteMessagesInput, Indexed),
			findInRoom: action(FindInRoomInput, FoundInRoom),
			/** From the rooms process when it starts: rooms that were never indexed are called up, one after the other. */
			init: action(Nothing, Done),
		},
		events: {},
	},
} as const satisfies Record<ActorName, ActorShape>;

const SHAPES: Readonly<Record<ActorName, ActorShape>> = WIRE;

/** The shape of an action looked up by what somebody said its name is. */
export function actionShape(actor: ActorName, name: string): ActionShape | undefined {
	const { actions } = SHAPES[actor];
	return Object.hasOwn(actions, name) ? actions[name] : undefined;
}

type Wire = typeof WIRE;
export type ActionName<A extends ActorName> = keyof Wire[A]["actions"] & string;
export type EventName<A extends ActorName> = keyof Wire[A]["events"] & string;
/** What a caller writes. */
export type ActionInput<A extends ActorName, N extends ActionName<A>> = Wire[A]["actions"][N] extends {
	input: infer I extends z.ZodType;
}
	? z.input<I>
	: never;
export type ActionOutput<A extends ActorName, N extends ActionName<A>> = Wire[A]["actions"][N] extends {
	output: infer O extends z.ZodType;
}
	? z.infer<O>
	: never;
export type EventPayload<A extends ActorName, N extends EventName<A>> = Wire[A]["events"][N] extends infer E extends
	z.ZodType
	? z.infer<E>
	: never;
