"use client";
import type { Message } from "@bullpen/domain/message";
import { useMemo } from "react";
import { notify } from "../../ui/toast.tsx";
import type { MessageVerbs } from "./message-row.tsx";
import type { OpenRoom, RoomVerbs } from "./room-data.ts";

interface Asks {
	startEditing: (id: number) => void;
	stopEditing: () => void;
	askToDelete: (message: Message) => void;
	quote: (message: Message) => void;
}

/** What may be done to a message here: everything by members, nothing by whoever only looks. */
export function useMessageVerbs(room: OpenRoom, verbs: RoomVerbs, asks: Asks): MessageVerbs {
	const { id: roomId, isMember } = room;
	const { react, edit, markUnread, pin, openThread, goTo, want } = verbs;
	const { startEditing, stopEditing, askToDelete, quote } = asks;
	return useMemo(
		() => ({
			react: isMember ? react : undefined,
			edit: isMember ? startEditing : undefined,
			remove: isMember ? askToDelete : undefined,
			quote: isMember ? quote : undefined,
			pin: isMember ? pin : undefined,
			markUnread: isMember ? markUnread : undefined,
			openThread: isMember ? openThread : undefined,
			saveEdit: edit,
			endEdit: stopEditing,
			copyLink: (id) => copy(`${location.origin}/r/${roomId}?m=${id}`),
			goTo,
			want: (id) => want([id]),
		}),
		[
			roomId,
			isMember,
			react,
			edit,
			markUnread,
			pin,
			openThread,
			goTo,
			want,
			startEditing,
			stopEditing,
			askToDelete,
			quote,
		],
	);
}

const copy = (link: string) =>
	navigator.clipboard.writeText(link).then(
		() => notify("Link copied"),
		() => notify("The browser did not allow copying.", "error"),
	);
