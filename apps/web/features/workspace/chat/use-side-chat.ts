"use client";
import type { SideChatShown } from "@bullpen/client/side-chat";
import type { ChatRow } from "@bullpen/domain/side-chat";
import { quoteOf } from "@bullpen/domain/side-chat-rules";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { PersonOf } from "../../../live/person.ts";
import { complain, refusalOf } from "../../../live/refusals.ts";
import { wordsFor } from "../../../live/words.ts";
import { notify } from "../../../ui/toast.tsx";
import { insertIntoPrompt } from "../prompt-insertions.ts";
import { useWorkspaceStore } from "../workspace-stores.ts";
import { noteSeen } from "./chat-seen.ts";

export interface ChatVerbs {
	/** Why it cannot be sent, in words, or null when it is on its way. */
	send: (text: string) => string | null;
	retry: (nonce: string) => void;
	discard: (nonce: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	edit: (id: number, text: string) => Promise<string | null>;
	remove: (id: number) => void;
	quote: (message: ChatRow) => void;
	loadOlder: () => void;
}

/** The talk of a workspace while somebody looks at it. */
export function useSideChat(workspaceId: string, personOf: PersonOf): { chat: SideChatShown; verbs: ChatVerbs } {
	const store = useWorkspaceStore(workspaceId);
	const { chat } = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const { isLoaded } = chat;
	useEffect(() => {
		if (!isLoaded) store.chat.load().catch(ignoreLost);
	}, [store, isLoaded]);
	const newestId = chat.newest?.id ?? 0;
	useEffect(() => {
		if (isLoaded) noteSeen(workspaceId, newestId);
	}, [workspaceId, isLoaded, newestId]);
	const verbs = useMemo<ChatVerbs>(
		() => ({
			send: (text) => {
				try {
					store.chat.send(text);
					return null;
				} catch (error) {
					return wordsFor(error);
				}
			},
			retry: (nonce) => store.chat.retry(nonce),
			discard: (nonce) => store.chat.discard(nonce),
			edit: (id, text) => refusalOf(store.chat.edit(id, text)),
			remove: (id) => void store.chat.remove(id).catch(complain),
			quote: ({ userId, text }) => {
				const isTaken = insertIntoPrompt(workspaceId, quoteOf(personOf(userId).name, text));
				if (!isTaken) notify("You cannot prompt here.", "error");
				// Where the talk lies over the prompt, nobody sees it arrive.
				else if (!window.matchMedia("(min-width: 64rem)").matches) notify("Quoted into the prompt.");
			},
			loadOlder: () => void store.chat.loadOlder().catch(ignoreLost),
		}),
		[store, workspaceId, personOf],
	);
	return { chat, verbs };
}

/** The banner tells of a lost connection, and with the next one it is read again. */
const ignoreLost = () => undefined;
