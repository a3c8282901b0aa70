"use client";
import type { Message } from "@bullpen/domain/message";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Announcer } from "../../ui/announcer.tsx";
import type { ComposerHandle } from "../../ui/composer.tsx";
import { dayOf } from "../../ui/time.ts";
import { notify } from "../../ui/toast.tsx";
import { MessageList } from "./message-list.tsx";
import type { MessageVerbs } from "./message-row.tsx";
import { RoomComposer } from "./room-composer.tsx";
import type { OpenRoom, RoomVerbs } from "./room-data.ts";
import { RoomHeader } from "./room-header.tsx";
import { RoomIntro } from "./room-intro.tsx";
import { timelineOf } from "./timeline.ts";
import { Visitor } from "./visitor.tsx";

const MembersPanel = lazy(() => import("./members-panel.tsx"));
const DeleteDialog = lazy(() => import("./delete-dialog.tsx"));

interface RoomProps {
	room: OpenRoom;
	me: string;
	personOf: PersonOf;
	verbs: RoomVerbs;
	foundId: number | null;
}

/** A room that can be looked into: with its messages for members, and an invitation for visitors. */
export function Room({ room, me, personOf, verbs, foundId }: RoomProps) {
	const [isPanelOpen, setPanelOpen] = useState(false);
	const [editingId, setEditingId] = useState<number | null>(null);
	const [deleting, setDeleting] = useState<Message | null>(null);
	const entries = useMemo(
		() => timelineOf(room.messages, room.outgoing, me, dayOf),
		[room.messages, room.outgoing, me],
	);
	const composer = useRef<ComposerHandle>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: there is a composer once one is a member.
	useEffect(() => {
		// On a touch screen that would bring up the keyboard.
		if (window.matchMedia("(pointer: fine)").matches) composer.current?.focus();
	}, [room.isMember]);
	const stopEditing = useCallback(() => {
		setEditingId(null);
		composer.current?.focus();
	}, []);
	const messageVerbs = useMessageVerbs(room, verbs, {
		startEditing: setEditingId,
		stopEditing,
		askToDelete: setDeleting,
	});
	const recall = () => {
		const mine = room.messages.findLast((message) => message.sender === me && message.deletedAt === undefined);
		if (mine) setEditingId(mine.id);
	};
	const newest = room.messages.findLast((message) => message.sender !== me);

	return (
		<div className="flex min-h-0 flex-1">
			<div className="flex min-w-0 flex-1 flex-col">
				<RoomHeader {...room} isPanelOpen={isPanelOpen} onTogglePanel={() => setPanelOpen((isOpen) => !isOpen)} />
				{room.isMember ? (
					<>
						<MessageList
							entries={entries}
							me={me}
							personOf={personOf}
							verbs={messageVerbs}
							editingId={editingId}
							foundId={foundId}
							older={room.older}
							intro={<RoomIntro name={room.name} isPruned={room.isPruned} />}
							onLoadOlder={verbs.loadOlder}
							onSeen={verbs.seen}
							onRetry={verbs.retry}
							onDiscard={verbs.discard}
						/>
						<RoomComposer
							ref={composer}
							roomId={room.id}
							roomName={room.name}
							typingNames={room.typing.map((person) => person.name)}
							waitUntil={room.waitUntil}
							onSend={verbs.send}
							onTyping={verbs.setTyping}
							onRecall={recall}
						/>
					</>
				) : (
					<Visitor room={room} onJoin={verbs.join} />
				)}
			</div>
			{isPanelOpen && (
				<Suspense>
					<MembersPanel members={room.members} me={me} topic={room.topic} onClose={() => setPanelOpen(false)} />
				</Suspense>
			)}
			<Announcer id={newest?.id ?? null} text={newest ? `${personOf(newest.sender).name}: ${newest.text}` : ""} />
			{deleting && (
				<Suspense>
					<DeleteDialog
						message={deleting}
						onClose={() => setDeleting(null)}
						onDelete={() => {
							verbs.remove(deleting.id);
							setDeleting(null);
						}}
					/>
				</Suspense>
			)}
		</div>
	);
}

interface Asks {
	startEditing: (id: number) => void;
	stopEditing: () => void;
	askToDelete: (message: Message) => void;
}

function useMessageVerbs(room: OpenRoom, verbs: RoomVerbs, asks: Asks): MessageVerbs {
	const { id: roomId, isMember } = room;
	const { react, edit } = verbs;
	const { startEditing, stopEditing, askToDelete } = asks;
	return useMemo(
		() => ({
			react: isMember ? react : undefined,
			edit: isMember ? startEditing : undefined,
			remove: isMember ? askToDelete : undefined,
			saveEdit: edit,
			endEdit: stopEditing,
			copyLink: (id) => copy(`${location.origin}/r/${roomId}?m=${id}`),
		}),
		[roomId, isMember, react, edit, startEditing, stopEditing, askToDelete],
	);
}

const copy = (link: string) =>
	navigator.clipboard.writeText(link).then(
		() => notify("Link copied"),
		() => notify("The browser did not allow copying.", "error"),
	);
