import { z } from "zod";
import { RoomAuditPage } from "../audit.ts";
import { CommandCalled, RunCommandInput } from "../command.ts";
import { BarPersonInput, RoomName } from "../directory.ts";
import { ChangesSinceInput } from "../feed.ts";
import { GetPositionInput, NoteRoomInput } from "../inbox.ts";
import {
	DeleteMessageInput,
	EditMessageInput,
	FollowThreadInput,
	Message,
	SendMessageInput,
	SetPinnedInput,
	ToggleReactionInput,
} from "../message.ts";
import { MessageAttachment } from "../message-attachment.ts";
import { GetAuditInput } from "../permission.ts";
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
} from "../room.ts";
import {
	BeginExportInput,
	ExportBegun,
	ExportedRows,
	ExportRowsInput,
	ImportRowsInput,
	Staged,
	StageInput,
} from "../room-archive.ts";
import { CreatedLink, CreateLinkInput, EnterByLinkInput, RevokeLinkInput, RoomLinks } from "../room-link.ts";
import { SearchHits, SearchInput, ShowFoundInput, ShownHits } from "../search.ts";
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
} from "../webhook.ts";
import { type ActorShape, action, Done, Nothing, relayed } from "./shape.ts";

/** A room of people. */
export const CHAT_ROOM = {
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
} as const satisfies ActorShape;
