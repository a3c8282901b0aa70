import { z } from "zod";
import { NoteActInput, ServerAuditPage } from "../audit.ts";
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
} from "../bot.ts";
import { SetCommandsInput } from "../command.ts";
import {
	CreatedWorkspace,
	CreateWorkspaceInput,
	DirectoryChanged,
	DirectoryChanges,
	DirectoryView,
	EndConnectionsInput,
	GetNamesInput,
	NameRoomInput,
	NoteAgentsInput,
	NoteDeparturesInput,
	NotePictureInput,
	NoteRoomCardInput,
	OpenDirectInput,
	OpenedRoom,
	OpenRoomInput,
	PeopleNames,
	RegisterPersonInput,
	RoomName,
	SetActiveInput,
	SetStatusInput,
} from "../directory.ts";
import { ChangesSinceInput } from "../feed.ts";
import { GetAuditInput } from "../permission.ts";
import {
	BeginImportInput,
	FinishImportInput,
	ImportBegun,
	ImportedPeople,
	ImportPeopleInput,
} from "../room-archive.ts";
import { AcceptLinkInput } from "../room-link.ts";
import { ListRoomIdsInput, RoomIds } from "../search.ts";
import { NoteListingInput } from "../workspace-life.ts";
import { type ActorShape, action, Done, Nothing, relayed } from "./shape.ts";

/** Rooms, workspaces and people of this server. */
export const DIRECTORY = {
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
		endConnections: action(EndConnectionsInput, Done),
		noteAct: action(NoteActInput, Done),
		nameRoom: action(NameRoomInput, RoomName),
		noteRoom: action(NoteRoomCardInput, RoomName),
		/** From a room: its workspaces ask it about these people, as far as they are there. */
		noteDepartures: action(NoteDeparturesInput, Done),
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
} as const satisfies ActorShape;
