"use client";
import type { RoomShown, RoomStore } from "@bullpen/client/room-store";
import { Problem } from "@bullpen/domain/problem";
import { isThreadOnly } from "@bullpen/domain/thread-rules";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { complain, refusalAtOnce, refusalOf } from "../../live/refusals.ts";
import { roomLabel } from "../../live/room-name.ts";
import { roomStores } from "../../live/room-stores.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { useReading } from "../../live/use-reading.ts";
import { useTitle } from "../../live/use-title.ts";
import { wordsFor } from "../../live/words.ts";
import { callBot } from "./commands.ts";
import { governVerbs } from "./governance.ts";
import { openRoom } from "./open-room.ts";
import type { OpenRoom, PageVerbs, RoomData, RoomModel, RoomVerbs } from "./room-data.ts";
import { useFinding } from "./use-finding.ts";

/** One room, live. `foundId`: a message to look for further up, `isInThread`: rather in its thread. */
export function useRoom(roomId: string, foundId: number | null, isInThread: boolean): RoomModel {
	const live = useLive();
	const { me } = live;
	const [store] = useState(() => roomStores(live).get(roomId));
	const { phase, retry } = useLink("chatRoom", roomId, store);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const personOf = usePeople(shown.onlineUserIds);
	const [isJoining, setJoining] = useState(false);
	const reading = useReading(roomId, shown.messages, shown.hasOlder);
	const { seen, markUnread } = reading;
	const { found, goTo } = useFinding(store, shown, {
		...{ id: foundId, isInThread, isLive: phase.type === "live" },
	});
	useEnough(store, shown);
	const isEntering = useBeingInGeneral(store, shown, me.id);
	useTitle(shown.room ? roomLabel(shown.room, me.id, personOf) : "");

	const verbs = useMemo<RoomVerbs>(
		() => ({
			send: (input) => refusalAtOnce(() => sendThere(store, input)),
			call: (call) => callBot(store, call),
			retry: (nonce) => store.retry(nonce),
			discard: (nonce) => store.discard(nonce),
			edit: (id, text) => refusalOf(store.edit(id, text)),
			remove: (id) => void store.remove(id).catch(complain),
			react: (id, emoji) => void store.toggleReaction(id, emoji).catch(complain),
			pin: (id, pinned) => void store.setPinned(id, pinned).catch(complain),
			follow: (rootId, isFollowing) => void store.followThread(rootId, isFollowing).catch(complain),
			openThread: (rootId) => store.openThread(rootId),
			thread: {
				loadOlder: () => void store.threadPages?.loadOlder().catch(ignoreLost),
				loadNewer: () => void store.threadPages?.loadNewer().catch(ignoreLost),
				showNewest: () => void store.threadPages?.showNewest().catch(ignoreLost),
			},
			goTo,
			want: (ids) => store.want(ids),
			...pageVerbs(store),
			join: () => {
				setJoining(true);
				store
					.join()
					.catch(complain)
					.finally(() => setJoining(false));
			},
			setTyping: (isTyping) => store.setTyping(isTyping),
			seen,
			markUnread,
			govern: governVerbs(store),
			retryOpening: retry,
		}),
		[store, retry, seen, markUnread, goTo],
	);
	const problem = phase.type === "refused" ? phase.problem : shown.problem;
	const reader = useMemo(
		() => ({ me: me.id, isServerOwner: me.role === "owner", personOf, isJoining }),
		[me, personOf, isJoining],
	);
	const room = useMemo(
		() => (shown.room === null || isEntering ? null : openRoom(shown.room, shown, reader)),
		[shown, reader, isEntering],
	);
	return { data: dataOf(room, problem), me: me.id, personOf, verbs, found, reading };
}

function dataOf(room: OpenRoom | null, problem: Problem | null): RoomData {
	if (problem !== null && CLOSED.has(problem.code)) return { phase: "closed" };
	if (room !== null) return { phase: "open", room };
	return problem === null ? { phase: "loading" } : { phase: "failed", reason: wordsFor(problem) };
}

const CLOSED: ReadonlySet<string> = new Set(["forbidden", "not_found", "not_member"]);

const GENERAL = "general";

/** Whoever is on this server is in `general`, unless they left it: everybody else joins it by looking at it. */
function useBeingInGeneral(store: RoomStore, shown: RoomShown, me: string): boolean {
	const [isRefused, setRefused] = useState(false);
	const isNew = shown.room?.id === GENERAL && !shown.members.has(me) && !isRefused;
	useEffect(() => {
		if (isNew) store.join().catch((error: unknown) => setRefused(error instanceof Problem));
	}, [store, isNew]);
	return isNew;
}

const pageVerbs = (store: RoomStore): PageVerbs => ({
	loadOlder: () => void store.loadOlder().catch(ignoreLost),
	loadNewer: () => void store.loadNewer().catch(ignoreLost),
	showNewest: () => void store.showNewest().catch(ignoreLost),
});

/** Whoever writes wants to see it: where the newest is. */
function sendThere(store: RoomStore, input: Parameters<RoomStore["send"]>[0]): void {
	store.send(input);
	if (input.threadOf === undefined) store.showNewest().catch(ignoreLost);
	else store.threadPages?.showNewest().catch(ignoreLost);
}

/** Messages that fill a screen. */
const SHOWN_MIN = 25;
const PAGES_UNASKED_MAX = 20;

/** Replies in threads take places in a page that the room does not show: then the next pages are read unasked. */
function useEnough(store: RoomStore, shown: RoomShown): void {
	const pages = useRef(0);
	const { messages, moving, hasOlder, me } = shown;
	useEffect(() => {
		if (me === null || moving !== null || !hasOlder || pages.current >= PAGES_UNASKED_MAX) return;
		if (messages.filter((message) => !isThreadOnly(message)).length >= SHOWN_MIN) pages.current = 0;
		else {
			pages.current++;
			store.loadOlder().catch(ignoreLost);
		}
	}, [store, me, messages, moving, hasOlder]);
}

/** The page is asked for again when the reader scrolls on, and the banner tells of a lost connection. */
const ignoreLost = () => undefined;
