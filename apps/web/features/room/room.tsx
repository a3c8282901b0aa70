"use client";
import type { Message } from "@bullpen/domain/message";
import { useCallback, useEffect, useState } from "react";
import { Mentions } from "../../live/mentions.tsx";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { FileDrop } from "../../ui/file-drop.tsx";
import { spokenText } from "./announced.ts";
import { ArchivedNotice } from "./archived-notice.tsx";
import { RoomFilesProvider } from "./files/room-files.tsx";
import { MessageList } from "./message-list.tsx";
import { askToDelete } from "./questions.tsx";
import { RoomComposer } from "./room-composer.tsx";
import type { OpenRoom, RoomModel, RoomVerbs } from "./room-data.ts";
import { RoomHeader } from "./room-header.tsx";
import { RoomIntro } from "./room-intro.tsx";
import { UnreadBar } from "./unread-bar.tsx";
import { focusIfTyping, useConversation } from "./use-conversation.ts";
import { useMessageVerbs } from "./use-message-verbs.ts";
import { Visitor } from "./visitor.tsx";

const MembersPanel = fetched(() => import("./members-panel.tsx"));
const PinsPanel = fetched(() => import("./pins-panel.tsx"));
const ThreadPanel = fetched(() => import("./thread-panel.tsx"));
const Confirm = fetched(() => import("../../ui/confirm.tsx"));
const SettingsSheet = fetched(() => import("./settings-sheet.tsx"));

interface RoomProps {
	room: OpenRoom;
	me: string;
	personOf: PersonOf;
	verbs: RoomVerbs;
	found: RoomModel["found"];
	reading: RoomModel["reading"];
}

/** A room that can be looked into: with its messages for members, and an invitation for visitors. */
export function Room({ room, me, personOf, verbs, found, reading }: RoomProps) {
	const [panel, setPanel] = useState<"people" | "pins" | null>(null);
	const [isSettingsOpen, setSettingsOpen] = useState(false);
	const closeSettings = useCallback(() => setSettingsOpen(false), []);
	const [deleting, setDeleting] = useState<Message | null>(null);
	const conversation = useConversation(room, me, room.messageOf, verbs);
	const { entries, composer, attach, quoted, quote, editingId, startEditing, stopEditing } = conversation;
	// biome-ignore lint/correctness/useExhaustiveDependencies: there is a composer once one is a member.
	useEffect(() => focusIfTyping(composer.current), [room.isMember]);
	const { openThread } = verbs;
	useEffect(() => () => openThread(null), [openThread]);
	const messageVerbs = useMessageVerbs(room, verbs, {
		startEditing,
		stopEditing,
		askToDelete: setDeleting,
		quote,
	});
	const show = (next: "people" | "pins") => {
		openThread(null);
		setPanel(panel === next && room.thread === null ? null : next);
	};
	const newest = room.messages.findLast((message) => message.sender !== me);
	const shown = room.thread === null ? panel : null;

	return (
		<Mentions me={me} personOf={personOf}>
			<RoomFilesProvider roomId={room.id} messageOf={room.messageOf} authorOf={({ sender }) => personOf(sender).name}>
				<div className="flex min-h-0 flex-1">
					<div className="flex min-w-0 flex-1 flex-col">
						<RoomHeader
							{...room}
							me={me}
							isPanelOpen={shown === "people"}
							isPinsOpen={shown === "pins"}
							onTogglePanel={() => show("people")}
							onTogglePins={() => show("pins")}
						/>
						{room.isMember ? (
							<FileDrop
								onFiles={room.governance.isArchived ? undefined : attach}
								words={`Add to your message to ${room.label}`}
								className="flex min-h-0 flex-1 flex-col"
							>
								<UnreadBar reading={reading} onGoTo={verbs.goTo} />
								<MessageList
									label="Messages"
									entries={entries}
									members={room.members}
									me={me}
									personOf={personOf}
									messageOf={room.messageOf}
									verbs={messageVerbs}
									threadIn={null}
									newFrom={reading.newFrom}
									editingId={editingId}
									found={found.room}
									older={room.older}
									newer={room.newer}
									intro={<RoomIntro label={room.label} visibility={room.visibility} isPruned={room.isPruned} />}
									onLoadOlder={verbs.loadOlder}
									onLoadNewer={verbs.loadNewer}
									onNewest={verbs.showNewest}
									onSeen={verbs.seen}
									onRetry={verbs.retry}
									onDiscard={verbs.discard}
								/>
								{room.governance.isArchived ? (
									<ArchivedNotice
										onRestore={room.governance.canManage ? () => verbs.govern.update({ isArchived: false }) : undefined}
									/>
								) : (
									<RoomComposer
										ref={composer}
										place={room.id}
										label={`Message ${room.label}`}
										members={room.members}
										me={me}
										personOf={personOf}
										typingNames={room.typing.map((person) => person.name)}
										waitUntil={room.waitUntil}
										quoted={quoted}
										onUnquote={conversation.unquote}
										onSend={conversation.send}
										onCall={verbs.call}
										onTyping={verbs.setTyping}
										onRecall={conversation.recall}
									/>
								)}
							</FileDrop>
						) : (
							<Visitor room={room} onJoin={verbs.join} />
						)}
					</div>
					{shown === "people" && (
						<MembersPanel
							governance={room.governance}
							verbs={verbs.govern}
							me={me}
							topic={room.topic}
							onSettings={room.governance.role === null ? undefined : () => setSettingsOpen(true)}
							onClose={() => setPanel(null)}
						/>
					)}
					{shown === "pins" && room.isMember && (
						<PinsPanel
							pinnedIds={room.pinnedIds}
							messageOf={room.messageOf}
							personOf={personOf}
							onWant={verbs.want}
							onGoTo={verbs.goTo}
							onUnpin={(id) => verbs.pin(id, false)}
							onClose={() => setPanel(null)}
						/>
					)}
					{room.thread !== null && room.isMember && (
						<ThreadPanel
							key={room.thread.rootId}
							thread={room.thread}
							room={room}
							me={me}
							personOf={personOf}
							verbs={verbs}
							messageVerbs={messageVerbs}
							found={found.thread}
							onClose={() => {
								openThread(null);
								focusIfTyping(composer.current);
							}}
						/>
					)}
					{isSettingsOpen && (
						<SettingsSheet
							room={room}
							governance={room.governance}
							verbs={verbs.govern}
							personOf={personOf}
							onClose={closeSettings}
						/>
					)}
					<Announcer id={newest?.id ?? null} text={newest ? spokenText(newest, personOf) : ""} />
					{deleting && (
						<Confirm
							question={askToDelete(deleting, () => verbs.remove(deleting.id))}
							onClose={() => setDeleting(null)}
						/>
					)}
				</div>
			</RoomFilesProvider>
		</Mentions>
	);
}
