import { PAGE_LIMITS } from "./page-limits.ts";

/** Every duration, size and rate of the product, in one place. Times are milliseconds. Tests pass their own copy. */
export const LIMITS = {
	...PAGE_LIMITS,
	messageTextBytesMax: 48 * 1024,
	pinsPerRoomMax: 50,
	/** People a thread's first message names as the last who wrote there, and who follow it. */
	threadPeopleShown: 5,
	threadFollowersMax: 200,
	historyPageMax: 200,
	historyPageBytesMax: 256 * 1024,
	changesPageMax: 500,
	changesPageBytesMax: 256 * 1024,
	snapshotBytesMax: 512 * 1024,
	reactionBytesMax: 32,
	reactionsPerMessageMax: 20,
	reactionUsersPerMessageMax: 1_000,
	roomNameCharsMax: 64,
	topicCharsMax: 250,
	/** An archive of a room: what of it is taken in, and how long a room that is not finished, and an export, are kept. */
	roomArchiveBytesMax: 2 * 1024 * 1024 * 1024,
	archiveMessagesMax: 500_000,
	archivePeopleMax: 5_000,
	archiveLineBytesMax: 512 * 1024,
	importKeptMs: 60 * 60_000,
	exportKeptMs: 60 * 60_000,
	exportsPerPerson: 2,
	exportsBytesTotalMax: 20 * 1024 * 1024 * 1024,
	/** Exports and imports that run at once. */
	archivesAtOnce: 2,
	/** People of one direct room, oneself included. */
	directPeopleMax: 10,
	statusCharsMax: 80,
	/** How long a link into a room works, unless said otherwise, and at most; and how many of one room work at once. */
	roomLinkMs: 7 * 24 * 60 * 60_000,
	roomLinkMaxMs: 30 * 24 * 60 * 60_000,
	roomLinksMax: 50,
	/** Acts kept of one room, and of the server. */
	auditKept: 5_000,
	personNameCharsMax: 40,
	sendBurstPerConnection: 10,
	sendPerSecondPerConnection: 2,
	sendBurstPerPerson: 20,
	sendPerSecondPerPerson: 4,
	/** Everything but sends: edits, reactions, reads, typing. Generous; it only stops a flood. */
	callBurstPerConnection: 200,
	callPerSecondPerConnection: 50,
	callBurstPerPerson: 400,
	callPerSecondPerPerson: 100,
	presenceGraceMs: 5_000,
	/** Deliveries of typing and presence in one room: at once, and for ever after. */
	signBurst: 2_000,
	signsPerSecond: 4_000,
	leaseMs: 600_000,
	ticketMs: 120_000,
	serviceTokenMs: 60_000,
	/** Between an edge and an actor: how many in one call, and how many relayed connections one actor has. */
	relayAttachMax: 200,
	relayDetachMax: 1_000,
	relayForwardMax: 500,
	relayEventsMax: 64,
	relayConnectionsMax: 20_000,
	/** One frame of many ops or calls; one op or call alone may be as large as a person's frame, and its wrapping. */
	relayFrameBytesMax: 512 * 1024,
	relayWrapBytesMax: 16 * 1024,
	retentionBatch: 500,
	retentionEveryMs: 60_000,
	commitRowsMax: 500,
	commitBytesMax: 900 * 1024,
	pendingWritesMax: 5_000,
	/** Reads of one actor's tables that run at once, and that wait for their turn. */
	readsAtOnce: 32,
	readsWaitingMax: 5_000,
	roomMembersMax: 5_000,
	/** Invitations of one room that wait to be taken, unless an admin or owner makes more. */
	roomInvitationsMax: 500,
	roomsOpenedPerHour: 30,
	directsOpenedPerHour: 120,
	/** Links that one person tries. */
	linkBurstPerPerson: 20,
	linksPerSecondPerPerson: 0.2,
	/** How soon a room or the directory tells again what could not be told, and at most. */
	tellRetryMs: 2_000,
	tellRetryMaxMs: 60_000,
	/** How long after somebody's account was closed it is told once more: no ticket of theirs is left then. */
	barAgainMs: 130_000,
	/** Actors told at once that somebody's account was closed. */
	barsAtOnce: 16,
	/** A file of a message, and what a picture among them may have of pixels to be shown; its thumbnail's longer side. */
	messageFileBytesMax: 25 * 1024 * 1024,
	messagePicturePixelsMax: 50_000_000,
	thumbnailPixelsMax: 640,
	/** How long an upload may take, and say nothing, and how long it waits for its message. */
	messageFileUploadMs: 15 * 60_000,
	messageFileSilentMs: 30_000,
	messageFileWaitsMs: 24 * 60 * 60_000,
	/** What may wait for messages of one person, and of all; and what has to stay free where files are kept. */
	messageFilesWaitingMax: 100,
	messageFilesWaitingBytesMax: 512 * 1024 * 1024,
	messageFilesWaitingBytesTotalMax: 10 * 1024 * 1024 * 1024,
	messageFilesFreeBytesMin: 1024 * 1024 * 1024,
	/** How often it is looked which uploads were taken, and which waited too long. */
	messageFilesSweepMs: 10 * 60_000,
	/** Files somebody sends, and looks at. */
	fileUploadBurstPerPerson: 100,
	fileUploadsPerSecondPerPerson: 1,
	fileLookBurstPerPerson: 500,
	fileLooksPerSecondPerPerson: 50,
	/** Webhooks of a room: how many, and how fast each speaks that comes in. */
	hooksPerRoomMax: 10,
	hookNameCharsMax: 80,
	hookUrlCharsMax: 2_000,
	hookBodyBytesMax: 64 * 1024,
	hookBurst: 10,
	hookPerSecond: 1,
	/** How far the clock of whoever signs may be off, and how long what they signed is good. */
	hookReplayMs: 5 * 60_000,
	/** Those that go out: how soon after a change, how long an answer may take, and how many go at once. */
	hookGapMs: 50,
	hookAnswerMs: 10_000,
	hooksAtOnce: 32,
	hooksAtOncePerHost: 4,
	/** Pauses between tries, tries of what is refused, and when a webhook stops by itself: nothing got through, too much waits. */
	hookRetryMinMs: 5_000,
	hookRetryMaxMs: 60 * 60_000,
	hookRefusalsMax: 5,
	hookFailingMs: 3 * 24 * 60 * 60_000,
	hookEventsMax: 10_000,
	hookDeliveriesKept: 200,
	botsMax: 200,
	/** That a bot's token was used is written down no more often than this. */
	botUseKeptMs: 60_000,
	pictureBytesMax: 256 * 1024,
	picturePixelsMax: 512,
	workspacesCreatedPerHour: 30,
	/** What a workspace may start from: an uploaded archive, what is in it, and how long bringing it in may take. */
	originArchiveBytesMax: 100 * 1024 * 1024,
	originBytesMax: 2 * 1024 * 1024 * 1024,
	originEntriesMax: 100_000,
	originUnpackMs: 10 * 60_000,
	originGitMs: 20 * 60_000,
	/** How often it is told how far that is. */
	originTellMs: 1_000,
	/** How long an upload waits to be used, and how many of one person do. */
	uploadKeptMs: 60 * 60_000,
	uploadsPerPerson: 4,
	/** How long an answer may take on its way before the connection closes on which it was asked for. */
	answerCloseMs: 200,
	/** How long it may take to take a deleted workspace's files away, until it is tried again. */
	eraseMs: 5 * 60_000,
	/** What people say beside the agent: the newest that are kept, and pages of them. */
	sideChatKept: 10_000,
	sideChatPageDefault: 50,
	sideChatPageMax: 200,
	/** People a workspace keeps a row of, whoever they are to it. */
	workspaceMembersMax: 5_000,
	/** How often it is tried to tell who left a room; then their connections to its workspaces end with their leases. */
	departureTries: 3,
	/** A workspace of a room asks it about somebody who acts no more often than this, and waits this long for its answer. */
	roomAskEveryMs: 60_000,
	roomAskMs: 2_000,
	/** Answers that are kept of people who are not connected, and questions under way. */
	roomAnswersKept: 1_000,
	roomAsksAtOnce: 256,
	/**
	 * How soon after a commit a room whose process died in between is woken to tell inboxes and the index of it, should it not
	 * start again by itself. Setting an alarm and its ringing cost the engine as much as five messages.
	 */
	outboxAlarmMs: 300_000,
	/** The same for one that fell asleep with something left to tell. */
	outboxAlarmAsleepMs: 20_000,
	inboxNoteRetryMs: 5_000,
	inboxNoteRetryMaxMs: 300_000,
	/** A room tells inboxes this soon after a change; again no sooner than this for people who are here, and for the away. */
	inboxNoteHereMs: 100,
	inboxNoteGapMs: 800,
	inboxNoteAwayMs: 5_000,
	/** Whoever looks at a room and has no inbox open sees no count: theirs is told once nobody has said anything for so long. */
	inboxNoteSeeingMs: 10_000,
	inboxNoteBurst: 200,
	inboxNotePerSecond: 20,
	/** In a room with more commits than this: who looks at it sees them anyway, and its senders need the machine. */
	busyRoomCommitsPerSecond: 20,
	inboxNotePerSecondBusy: 10,
	/** A note to an inbox that is awake costs half a lone message, to one that sleeps that of ten: of these, so many sleep. */
	inboxWakeBurst: 250,
	inboxWakesPerSecond: 20,
	inboxNoteBurstAllRooms: 400,
	inboxNotePerSecondAllRooms: 100,
	/** Of these, kept for open inboxes of people who look elsewhere: awake, so that they are not counted by room. */
	inboxNoteKeptForOpen: 200,
	/** Long enough that whoever is told again and again is not woken each time. */
	inboxSleepAfterMs: 120_000,
	inboxNotesAtOnce: 32,
	/** How soon a room keeps which notes were acknowledged. */
	inboxNoteKeepMs: 30_000,
	inboxNoteCallMs: 10_000,
	heldConnectionsMax: 64,
	heldConnectionIdleMs: 10_000,
	/** How far beyond the head an inbox knows of a client may have read. */
	readAheadMax: 10_000,
	/** Threads with unread replies that an inbox names of one room, and replies that one note lists. */
	inboxThreadsShown: 50,
	inboxNoteRepliesMax: 10_000,
	/** Places with something begun to be written that an inbox keeps, and bytes of all together. */
	draftsMax: 64,
	draftsBytesMax: 256 * 1024,
	/** How far from the head reading can go back, and messages listed when somebody asks why a room is unread. */
	markUnreadMax: 5_000,
	unreadListedMax: 200,
	/**
	 * Whoever opens their inbox waits this long for rooms that may have more to tell; of the latest so many, so many at once.
	 */
	inboxPullMs: 250,
	inboxPullRoomsMax: 64,
	/** For how long after the start of a process rooms that sleep are asked, too. */
	inboxPullAllMs: 60_000,
	inboxPullsAtOnce: 16,
	/** Text of messages with mentions looked at for one note, and of one message told beside a notification. */
	inboxNoteTextBytesMax: 1024 * 1024,
	newsMax: 5,
	newsTextCharsMax: 200,
	/** Older messages are waiting, not news. */
	newsFreshMs: 60_000,
	/** Devices of one person that are told by their browsers' push services, those seen last. */
	pushDevicesMax: 10,
	/** While somebody is at one device, the others wait this long, and are told what was not read until then. */
	pushPatienceMs: 20_000,
	/** One place is told to one device no more often; and places that wait to be told to one person. */
	pushGapMs: 5_000,
	pushPlacesMax: 50,
	/** To one person's devices together: at once, and for long. */
	pushBurst: 30,
	pushPerSecond: 0.5,
	pushTestEveryMs: 3_000,
	pushTitleCharsMax: 120,
	pushBodyCharsMax: 240,
	/** How long a push service keeps it for a device that is off. */
	pushKeptMs: 12 * 60 * 60_000,
	/** Sending: until there is a connection, until it is answered, how often it is tried and how far apart. */
	pushConnectMs: 5_000,
	pushAnswerMs: 10_000,
	pushTriesMax: 3,
	pushRetryMs: 2_000,
	pushRetryMaxMs: 30_000,
	/** Of one process: on their way at once, and waiting for that. */
	pushesAtOnce: 16,
	pushesWaitingMax: 2_000,
	/** How long a name that was asked for is used. */
	namesKnownMs: 30_000,
	promptCharsMax: 100_000,
	promptQueueMax: 100,
	/** Files of one prompt, together, and of all that wait in a workspace: unsent ones for a day, then none of them. */
	attachmentsMax: 10,
	attachmentsBytesMax: 3 * 1024 * 1024,
	attachmentsWaitingBytesMax: 24 * 1024 * 1024,
	attachmentsWaitingBytesPerPersonMax: 12 * 1024 * 1024,
	attachmentUnsentMs: 24 * 60 * 60_000,
	/** Of prompts that do not wait any more, the newest. */
	attachmentsKept: 200,
	/** Files a prompt may name as `@path`; paths looked at to find them, and shown. */
	mentionsMax: 20,
	pathsMax: 20_000,
	pathsFoundMax: 12,
	pathsListMs: 5_000,
	pathsKnownMs: 3_000,
	approvalMs: 600_000,
	/** Remembered answers of one workspace that are not taken back. */
	permissionRulesMax: 100,
	auditPageDefault: 50,
	auditPageMax: 200,
	turnMs: 60 * 60_000,
	workspaceIdleMs: 300_000,
	transcriptPageMax: 200,
	transcriptFlushMs: 250,
	/** The least time between two commits, and between two tails, of a streaming agent. */
	transcriptPauseMs: 55,
	/** How soon a workspace wakes by itself after its process died with work left. */
	workspaceAlarmMs: 10_000,
	/** How long a workspace stays awake with nothing to do and nobody there, and how long going to sleep may take. */
	workspaceSleepAfterMs: 30_000,
	workspaceSleepMs: 15_000,
	itemSegmentBytesMax: 4 * 1024,
	toolOutputHeadBytes: 8 * 1024,
	toolOutputTailBytes: 8 * 1024,
	/** What `getOutput` keeps of one tool call, and of how many calls. */
	toolOutputBytesMax: 512 * 1024,
	toolOutputsKept: 200,
	/** Files of pictures that are kept, the newest. */
	picturesKept: 200,
	/** One question to a transcript: what is asked for, hits told, and lines looked at before it answers. */
	searchQueryCharsMax: 200,
	searchHitsDefault: 20,
	searchScanItems: 2_000,
	/** The search over rooms: messages looked at for one page, taken out in one commit, and calls that wait for the index. */
	searchScanMessages: 40_000,
	/** And for how long: candidates lie on pages that may have to come from the disk. */
	searchScanMs: 60,
	searchForgetBatch: 500,
	searchCallsMax: 1_000,
	/** Hits of one page, pages begun for one answer, and how long it waits for rooms once it has something to tell. */
	searchPageDefault: 20,
	searchRounds: 3,
	searchShowMs: 60,
	/** Searches of one person at once, and how long it stands what somebody is in: their rooms are asked in any case. */
	searchesAtOncePerPerson: 4,
	searchPlacesMs: 2_000,
	/** News of a room for the index: no sooner than this after a change, so many at once, tried again after so long. */
	searchNoteGapMs: 500,
	searchNoteBurstAllRooms: 100,
	searchNotesPerSecondAllRooms: 40,
	searchNoteMessages: 200,
	searchNoteBytesMax: 256 * 1024,
	searchNoteRetryMs: 5_000,
	/** How soon a room keeps what of it the index has. */
	searchNoteKeepMs: 30_000,
	/** How long the index waits between rooms that it calls up because it never heard of them. */
	searchCallUpMs: 200,
	searchCallUpPage: 500,
	/** Lines one turn may add to the transcript; what follows is not kept. */
	turnItemsMax: 5_000,
	/** Tool calls of a turn that updates are still merged into. */
	turnToolsOpenMax: 256,
	/** Queued prompts together, as JSON: they travel in one frame. */
	promptQueueBytesMax: 512 * 1024,
	/** Of one folder, what is shown; folders with more are read this far. */
	filesListMax: 1_000,
	filesScanMax: 20_000,
	/** One part of a file on its way, and the largest that is edited, shown as a picture, sent here, and taken away. */
	fileChunkBytesMax: 256 * 1024,
	fileTextBytesMax: 1024 * 1024,
	filePictureBytesMax: 8 * 1024 * 1024,
	fileUploadBytesMax: 25 * 1024 * 1024,
	fileDownloadBytesMax: 256 * 1024 * 1024,
	/** Paths one event tells, and the least time between two. */
	filesToldMax: 50,
	filesTellMs: 500,
	/** Files compared with those of the start, the largest of them, and how many changed ones are told. */
	changesFilesMax: 20_000,
	changesFileBytesMax: 10 * 1024 * 1024,
	changedFilesMax: 1_000,
	changesNestedMax: 20,
	diffBytesMax: 192 * 1024,
	patchBytesMax: 20 * 1024 * 1024,
	commitMessageCharsMax: 5_000,
	/** One look or change at files, what runs of them at once in a workspace, and what waits. */
	fileCallMs: 30_000,
	fileCallsAtOnce: 4,
	fileCallsWaitingMax: 64,
	sessionEventsKept: 2_000,
	/** From nothing to a session that takes prompts: seconds, but on a machine that is busy several times that. */
	agentStartMs: 60_000,
	/** Downloading an agent's programs, and how often it is told how far that is. */
	agentInstallMs: 15 * 60_000,
	agentInstallTellMs: 250,
	/** What an agent that cannot load its session is told of it. */
	agentRecallBytesMax: 16 * 1024,
	/** How long an agent may take to end a cancelled turn by itself before its sandbox is killed. */
	agentCancelMs: 3_000,
	/** A working agent that says nothing for this long is worth a line in the transcript. */
	agentSilentMs: 3 * 60_000,
	/** How long the end of a turn waits for events that are still on their way. */
	agentDrainMs: 2_000,
	/** The longest single message of an agent; a longer one breaks its connection. */
	agentMessageBytesMax: 8 * 1024 * 1024,
	agentFlushEveryMs: 250,
	sandboxProcessesMax: 512,
	sandboxOpenFilesMax: 4_096,
	sandboxFileBytesMax: 4 * 1024 * 1024 * 1024,
	sandboxMemoryBytesMax: 4 * 1024 * 1024 * 1024,
	/** Files and home of a workspace; a workspace that has more already may not get larger. */
	sandboxDiskBytesMax: 10 * 1024 * 1024 * 1024,
	/** `/tmp`, which is in memory, beside `sandboxMemoryBytesMax`. */
	sandboxTemporaryBytesMax: 1024 * 1024 * 1024,
	/** How often sandboxes are looked at, and their disk usage is added up where nothing calls for it sooner. */
	sandboxWatchEveryMs: 1_000,
	sandboxDiskEveryMs: 60_000,
	/** How long a daemon that keeps containers may take to answer. */
	sandboxDaemonAnswerMs: 15_000,
	/** The shared terminal: its size, the lines above it that stay, and what a newcomer is told of both. */
	terminalColsMin: 20,
	terminalColsMax: 240,
	terminalRowsMin: 5,
	terminalRowsMax: 80,
	terminalLinesKept: 1_000,
	terminalScreenBytesMax: 256 * 1024,
	terminalInputCharsMax: 8 * 1024,
	/** Output is told no more often than this, and no more of it at once; a program that prints more waits. */
	terminalFlushMs: 30,
	terminalBatchCharsMax: 16 * 1024,
	/** How long one stays open, and its workspace awake, in which nobody types and nothing is printed. */
	terminalIdleMs: 30 * 60_000,
	/** The way out of one sandbox to named hosts: connections at once and one after the other, bytes of one both ways, how long. */
	egressConnectionsMax: 64,
	egressConnectBurst: 500,
	egressConnectsPerSecond: 50,
	egressHostsMax: 200,
	egressHeadBytesMax: 16 * 1024,
	egressConnectionBytesMax: 2 * 1024 * 1024 * 1024,
	egressConnectMs: 10_000,
	egressSilentMs: 120_000,
	egressConnectionMs: 30 * 60_000,
	/** Hosts that one workspace can name, and that it can have ignored. */
	egressAllowedMax: 50,
	egressIgnoredMax: 50,
	/** Refused hosts that are told, and within which time no more of them. */
	egressRefusedMax: 10,
	egressRefusedMs: 10 * 60_000,
	/** How often the workspaces process looks whether its agents changed, and asks again whether programs can be confined. */
	agentReportMs: 1_500,
	agentConfinementAskMs: 60_000,
	/** The model proxy of one workspace: connections, requests that run at once, and for long. */
	modelConnectionsMax: 64,
	modelRequestsAtOnce: 16,
	modelRequestBurst: 60,
	modelRequestsPerSecond: 4,
	modelHeadBytesMax: 32 * 1024,
	modelBodyBytesMax: 32 * 1024 * 1024,
	modelAnswerBytesMax: 64 * 1024 * 1024,
	/** How much of a refused request is still read, so that its sender gets to read why. */
	modelRefusedBodyBytesMax: 4 * 1024 * 1024,
	/** The longest part of an answer that is looked at for what it used. */
	modelUsageBytesMax: 4 * 1024 * 1024,
	/** Until the request is read, the provider is reached, it begins to answer; without a byte either way; altogether. */
	modelUploadMs: 120_000,
	modelConnectMs: 10_000,
	modelFirstByteMs: 600_000,
	modelSilentMs: 300_000,
	modelRequestMs: 30 * 60_000,
	passwordCharsMin: 10,
	passwordCharsMax: 256,
	sessionMs: 30 * 24 * 60 * 60_000,
	/** How long whoever signs out waits until their inbox knows. */
	sessionEndWaitMs: 2_000,
	ownerLinkMs: 24 * 60 * 60_000,
	invitationMs: 7 * 24 * 60 * 60_000,
	resetLinkMs: 24 * 60 * 60_000,
	ticketBurstPerSession: 60,
	ticketPerSecondPerSession: 2,
	registerPersonMs: 10_000,
	/** The edge: how long a client may take over its request head, and over the whole of a request to an actor. */
	edgeHeadMs: 10_000,
	edgeActionMs: 60_000,
	/** How long the engine may take to answer a handshake (it may have to wake the actor), the web any request. */
	edgeHandshakeMs: 20_000,
	edgeWebMs: 120_000,
	edgeHeadBytesMax: 16 * 1024,
	connParamsBytesMax: 4 * 1024,
	edgeSocketsMax: 20_000,
	edgeSocketsPerAddress: 4_000,
	edgeHandshakeBurstPerAddress: 1_000,
	edgeHandshakesPerSecondPerAddress: 100,
	/**
	 * Calls without a connection: our own client makes one for each link that does not come up, to learn why. Fifty at once
	 * made everybody of that process wait 3 s, so an address has an eighth of that at once, and of its thread for long.
	 */
	edgeCallsAtOncePerAddress: 6,
	edgeCallBurstPerAddress: 20,
	edgeCallsPerSecondPerAddress: 2,
	/** Forms and JSON; `originArchiveBytesMax` and `messageFileBytesMax` where files are uploaded. */
	edgeWebBodyBytesMax: 1024 * 1024,
	edgePingMs: 10_000,
	/** A connection from which nothing came (pings are answered), and one that took nothing of what waits for it. */
	edgeSilentMs: 30_000,
	edgeStalledMs: 30_000,
	edgeDrainMs: 5_000,
	/**
	 * What one address may say to actors, in bytes; a frame counts as this many more. Rooms of one process share its one
	 * thread, and rivetkit 2.3.19 reads 1 MiB of nested JSON in 0.2 s before anybody is asked who sent it.
	 */
	edgeHeardBurstPerAddress: 4 * 1024 * 1024,
	edgeHeardPerSecondPerAddress: 1024 * 1024,
	edgeHeardPerFrame: 512,
	/** What waits for a client that takes less than it is told; beyond it the connection closes. */
	edgeWaitingBytesMax: 4 * 1024 * 1024,
	/** Beyond this much waiting, a relayed client is told no events until it has taken all; then it is told where it stands. */
	edgeClientLagBytes: 256 * 1024,
	/** What may wait for all clients together. */
	edgeWaitingBytesTotalMax: 256 * 1024 * 1024,
	/** How long a client may take to answer that its connection closes. */
	edgeCloseMs: 1_000,
	/** How often the edge looks after what nothing else reminds it of: deadlines, pings, silence. */
	edgeSweepMs: 500,
	edgeSocketsPerPerson: 1_000,
	edgeHandshakeBurstPerPerson: 500,
	edgeHandshakesPerSecondPerPerson: 20,
	/** Calls of one person to all actors together. */
	edgeCallBurstPerPerson: 2_000,
	edgeCallsPerSecondPerPerson: 400,
	/** Calls of one connection without an answer, and the bytes of calls that wait for one actor and for all. */
	edgeCallsPerConnectionMax: 500,
	edgeCallBytesPerActorMax: 8 * 1024 * 1024,
	edgeCallBytesTotalMax: 64 * 1024 * 1024,
	/** Arguments of a call: how deep, and how many values. RivetKit's own reader is slow, and everybody's. */
	edgeArgumentsDepthMax: 24,
	edgeArgumentsValuesMax: 20_000,
	/** The one connection to an actor: how large merged calls get, and how many frames go without an answer. */
	edgeForwardsAtOnce: 2,
	/** It is given up when it did not open in time, or says nothing while something waits for its answer; asked when quiet. */
	edgeUpstreamOpenMs: 5_000,
	edgeUpstreamSilentMs: 2_500,
	edgeUpstreamCheckMs: 8_000,
	edgeUpstreamRetryMs: 100,
	edgeUpstreamRetryMaxMs: 2_000,
	/** It is kept this long when nobody needs it any more. */
	edgeUpstreamIdleMs: 30_000,
	edgeUpstreamFrameBytesMax: 8 * 1024 * 1024,
} as const;

/** The same numbers, each replaceable: what actors and clients take as an argument. */
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
