import { BarPersonInput, Places } from "../directory.ts";
import { DraftSaved, SaveDraftInput } from "../draft.ts";
import { ChangesSinceInput } from "../feed.ts";
import {
	ExplainUnreadInput,
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
} from "../inbox.ts";
import {
	ForgetPushDeviceInput,
	KeptPushDevice,
	NoteUseInput,
	PushTested,
	PutPushDeviceInput,
	TestPushInput,
} from "../push.ts";
import { type ActorShape, action, Done, Nothing, relayed } from "./shape.ts";

/** What one person is told, and what they keep for their devices. */
export const USER_INBOX = {
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
} as const satisfies ActorShape;
