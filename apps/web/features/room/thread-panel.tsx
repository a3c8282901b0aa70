"use client";
import type { UploadedAttachment } from "@bullpen/domain/message-attachment";
import { isThreadOnly } from "@bullpen/domain/thread-rules";
import { Bell, BellOff } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { useThreadReading } from "../../live/use-thread-reading.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { FileDrop } from "../../ui/file-drop.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { spokenText } from "./announced.ts";
import { type Found, MessageList } from "./message-list.tsx";
import type { MessageVerbs } from "./message-row.tsx";
import { PanelTop } from "./panel-top.tsx";
import { RoomComposer } from "./room-composer.tsx";
import type { OpenRoom, OpenThread, RoomVerbs } from "./room-data.ts";
import { focusIfTyping, useConversation } from "./use-conversation.ts";

interface ThreadPanelProps {
	thread: OpenThread;
	room: OpenRoom;
	me: string;
	personOf: PersonOf;
	verbs: RoomVerbs;
	messageVerbs: MessageVerbs;
	found: Found | null;
	onClose: () => void;
}

export default function ThreadPanel(props: ThreadPanelProps) {
	const { thread, room, me, personOf, verbs, messageVerbs } = props;
	const { rootId, root } = thread;
	const [width, setWidth] = useState(416);
	const [isAlso, setAlso] = useState(false);
	const messages = useMemo(
		() => (root && thread.older === "none" ? [root, ...thread.messages] : thread.messages),
		[root, thread.messages, thread.older],
	);
	const conversation = useConversation({ messages, outgoing: thread.outgoing }, me, room.messageOf, verbs);
	const { entries, composer, attach, quoted, quote, editingId, startEditing, stopEditing } = conversation;
	const reading = useThreadReading(room.id, rootId, thread.isFollowing);
	const isLoaded = thread.isLoaded;
	// biome-ignore lint/correctness/useExhaustiveDependencies: there is a field once it is loaded.
	useEffect(() => focusIfTyping(composer.current), [isLoaded]);
	const verbsHere = useMemo<MessageVerbs>(
		() => ({
			...messageVerbs,
			openThread: undefined,
			edit: messageVerbs.edit && startEditing,
			endEdit: stopEditing,
			quote: messageVerbs.quote && quote,
		}),
		[messageVerbs, startEditing, stopEditing, quote],
	);
	const send = (text: string, attachments: UploadedAttachment[]) => {
		const refused = conversation.send(text, attachments, { threadOf: rootId, ...(isAlso && { alsoInRoom: true }) });
		if (refused === null) setAlso(false);
		return refused;
	};
	const newest = thread.messages.findLast((message) => message.sender !== me && isThreadOnly(message));
	const isClosed = root === null || root?.deletedAt !== undefined;

	return (
		<SidePanel title="Thread" isOpen hasOwnTop onClose={props.onClose} sheet="full" width={width} onWidth={setWidth}>
			<PanelTop title="Thread" beside={room.label} onClose={props.onClose}>
				<Button
					size="sm"
					variant="ghost"
					aria-pressed={thread.isFollowing}
					onClick={() => verbs.follow(rootId, !thread.isFollowing)}
				>
					{thread.isFollowing ? <Bell className="size-4" /> : <BellOff className="size-4" />}
					{thread.isFollowing ? "Following" : "Follow"}
				</Button>
			</PanelTop>
			<FileDrop
				onFiles={isClosed ? undefined : attach}
				words="Add to your reply"
				className="flex min-h-0 flex-1 flex-col"
			>
				{thread.problem !== null ? (
					<p role="alert" className="flex-1 px-4 py-6 text-danger-text text-sm">
						{thread.problem}
					</p>
				) : thread.isLoaded ? (
					<MessageList
						label="Thread"
						entries={entries}
						members={room.members}
						me={me}
						personOf={personOf}
						messageOf={room.messageOf}
						verbs={verbsHere}
						threadIn={room.name}
						newFrom={reading.newFrom}
						editingId={editingId}
						found={props.found}
						older={thread.older}
						newer={thread.newer}
						intro={
							root === null && <p className="px-4 text-sm text-text-faint">The first message is no longer kept.</p>
						}
						onLoadOlder={verbs.thread.loadOlder}
						onLoadNewer={verbs.thread.loadNewer}
						onNewest={verbs.thread.showNewest}
						onSeen={reading.seen}
						onRetry={verbs.retry}
						onDiscard={verbs.discard}
					/>
				) : (
					<div className="flex flex-1 flex-col justify-end">
						<SkeletonRows label="Loading the thread" />
					</div>
				)}
				{isClosed ? (
					<p className="px-4 pt-2 pb-5 text-center text-sm text-text-muted">
						The message this began with was deleted: there are no more replies.
					</p>
				) : (
					<RoomComposer
						ref={composer}
						place={`${room.id}/${rootId}`}
						label="Reply in this thread"
						members={room.members}
						me={me}
						personOf={personOf}
						typingNames={[]}
						waitUntil={room.waitUntil}
						quoted={quoted}
						onUnquote={conversation.unquote}
						onLeave={props.onClose}
						onSend={send}
						onCall={(call) => verbs.call({ ...call, threadOf: rootId })}
						onTyping={() => undefined}
						onRecall={conversation.recall}
					>
						<label className="flex items-center gap-1.5 pointer-coarse:py-2">
							<input
								type="checkbox"
								checked={isAlso}
								onChange={(event) => setAlso(event.target.checked)}
								className="accent-accent"
							/>
							Also send to #{room.name}
						</label>
					</RoomComposer>
				)}
			</FileDrop>
			<Announcer id={newest?.id ?? null} text={newest ? spokenText(newest, personOf) : ""} />
		</SidePanel>
	);
}
