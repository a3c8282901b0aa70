"use client";
import type { OutgoingMessage } from "@bullpen/client/outgoing-message";
import type { Message } from "@bullpen/domain/message";
import type { UploadedAttachment } from "@bullpen/domain/message-attachment";
import { type RefObject, useCallback, useMemo, useRef, useState } from "react";
import { dayOf } from "../../ui/time.ts";
import type { RoomComposerHandle } from "./room-composer.tsx";
import type { OpenRoom, RoomVerbs } from "./room-data.ts";
import { type Outgoing, type TimelineEntry, timelineOf } from "./timeline.ts";

interface Conversation {
	entries: readonly TimelineEntry[];
	composer: RefObject<RoomComposerHandle | null>;
	/** Takes files into what is being written. */
	attach: (files: readonly File[]) => void;
	/** What the next message answers, as it stands now. */
	quoted: Message | null;
	quote: (message: Message) => void;
	unquote: () => void;
	/** With what it answers. Why it is refused, or null. */
	send: (
		text: string,
		attachments: UploadedAttachment[],
		more?: Partial<OutgoingMessage>,
	) => ReturnType<RoomVerbs["send"]>;
	editingId: number | null;
	startEditing: (id: number) => void;
	stopEditing: () => void;
	/** Edits what `me` wrote last. */
	recall: () => void;
}

/** Messages with a field under them: in a room, or in a thread of it. */
export function useConversation(
	{ messages, outgoing }: { messages: readonly Message[]; outgoing: readonly Outgoing[] },
	me: string,
	messageOf: OpenRoom["messageOf"],
	verbs: Pick<RoomVerbs, "send">,
): Conversation {
	const composer = useRef<RoomComposerHandle>(null);
	const [quoted, setQuoted] = useState<Message | null>(null);
	const [editingId, setEditingId] = useState<number | null>(null);
	const entries = useMemo(() => timelineOf(messages, outgoing, me, dayOf), [messages, outgoing, me]);
	const quote = useCallback((message: Message) => {
		setQuoted(message);
		composer.current?.focus();
	}, []);
	const stopEditing = useCallback(() => {
		setEditingId(null);
		composer.current?.focus();
	}, []);
	const recall = () => {
		const mine = messages.findLast(({ sender, deletedAt }) => sender === me && deletedAt === undefined);
		if (mine) setEditingId(mine.id);
	};
	const attach = useCallback((files: readonly File[]) => composer.current?.attach(files), []);
	const unquote = useCallback(() => setQuoted(null), []);
	const send: Conversation["send"] = (text, attachments, more) => {
		const refused = verbs.send({
			text,
			...(attachments.length > 0 && { attachments }),
			...(quoted && { replyTo: quoted.id }),
			...more,
		});
		if (refused === null) unquote();
		return refused;
	};
	return {
		entries,
		composer,
		attach,
		quoted: quoted && (messageOf(quoted.id) ?? quoted),
		quote,
		unquote,
		send,
		editingId,
		startEditing: setEditingId,
		stopEditing,
		recall,
	};
}

/** On a touch screen that would bring up the keyboard. */
export function focusIfTyping(composer: Pick<RoomComposerHandle, "focus"> | null): void {
	if (window.matchMedia("(pointer: fine)").matches) composer?.focus();
}
