"use client";
import { type RoomShown, RoomStore } from "@bullpen/client/room-store";
import { Problem } from "@bullpen/domain/problem";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { perLive } from "../../live/per-live.ts";
import type { Person, PersonOf } from "../../live/person.ts";
import { StoreCache } from "../../live/store-cache.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { useTitle } from "../../live/use-title.ts";
import { wordsFor } from "../../live/words.ts";
import { notify } from "../../ui/toast.tsx";
import type { OpenRoom, RoomData, RoomModel, RoomVerbs } from "./room-data.ts";
import type { Outgoing } from "./timeline.ts";

const roomStores = perLive(
	({ me, storage }) => new StoreCache((roomId) => new RoomStore({ roomId, userId: me.id, storage })),
);

/** One room, live. `foundId`: a message to look for further up. */
export function useRoom(roomId: string, foundId: number | null): RoomModel {
	const live = useLive();
	const { me } = live;
	const [store] = useState(() => roomStores(live).get(roomId));
	const { phase, retry } = useLink("chatRoom", roomId, store);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const personOf = usePeople(shown.onlineUserIds);
	const [isJoining, setJoining] = useState(false);
	const seen = useSeen(roomId);
	useFinding(store, shown, foundId);
	const isEntering = useBeingInGeneral(store, shown, me.id);
	useTitle(shown.room ? `#${shown.room.name}` : "");

	const verbs = useMemo<RoomVerbs>(
		() => ({
			send: (text) => refusalOf(() => store.send({ text })),
			retry: (nonce) => store.retry(nonce),
			discard: (nonce) => store.discard(nonce),
			edit: (id, text) => refusalOfPromise(store.edit(id, text)),
			remove: (id) => void store.remove(id).catch(complain),
			react: (id, emoji) => void store.toggleReaction(id, emoji).catch(complain),
			join: () => {
				setJoining(true);
				store
					.join()
					.catch(complain)
					.finally(() => setJoining(false));
			},
			loadOlder: () => void store.loadOlder().catch(ignoreLost),
			setTyping: (isTyping) => store.setTyping(isTyping),
			seen,
			retryOpening: retry,
		}),
		[store, retry, seen],
	);
	const problem = phase.type === "refused" ? phase.problem : shown.problem;
	const room = useMemo(
		() => (shown.room === null || isEntering ? null : openRoom(shown.room, shown, personOf, isJoining)),
		[shown, personOf, isJoining, isEntering],
	);
	return { data: dataOf(room, problem), me: me.id, personOf, verbs };
}

function dataOf(room: OpenRoom | null, problem: Problem | null): RoomData {
	if (problem !== null && CLOSED.has(problem.code)) return { phase: "closed" };
	if (room !== null) return { phase: "open", room };
	return problem === null ? { phase: "loading" } : { phase: "failed", reason: wordsFor(problem) };
}

const CLOSED: ReadonlySet<string> = new Set(["forbidden", "not_found", "not_member"]);

function openRoom(
	room: NonNullable<RoomShown["room"]>,
	shown: RoomShown,
	personOf: PersonOf,
	isJoining: boolean,
): OpenRoom {
	const members = [...shown.members.values()].filter((member) => member.status === "joined");
	const waits = shown.outgoing.flatMap(({ state }) => (state.type === "waiting" ? (state.retryAt ?? []) : []));
	const worthSaying = Date.now() + WAIT_MS_MIN;
	return {
		id: room.id,
		name: room.name,
		topic: room.topic,
		visibility: room.visibility,
		members: members.map(({ id }) => personOf(id)).sort(hereFirst),
		isMember: shown.me !== null,
		canJoin: room.visibility === "public",
		isJoining,
		messages: shown.messages,
		outgoing: shown.outgoing.map(asOutgoing),
		older: shown.isLoadingOlder ? "loading" : shown.hasOlder ? "more" : "none",
		isPruned: !shown.hasOlder && (shown.messages[0]?.id ?? 1) > 1,
		typing: shown.typingUserIds.map(personOf),
		waitUntil: waits.find((at) => at > worthSaying) ?? null,
	};
}

/** A shorter wait is over before one has read of it. */
const WAIT_MS_MIN = 1_000;

const hereFirst = (a: Person, b: Person) =>
	Number(b.isOnline) - Number(a.isOnline) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

function asOutgoing({ nonce, input, createdAt, state }: RoomShown["outgoing"][number]): Outgoing {
	const isFailed = state.type === "failed";
	return {
		nonce,
		text: input.text,
		createdAt,
		status: isFailed ? "failed" : "sending",
		reason: isFailed ? wordsFor(state.problem) : undefined,
	};
}

/** Tells the inbox what was on the screen, once the page is looked at. */
function useSeen(roomId: string): (seq: number) => void {
	const { inbox } = useLive();
	const newest = useRef(0);
	useEffect(() => {
		const tell = () => {
			if (document.visibilityState === "visible" && newest.current > 0) inbox.markRead(roomId, newest.current);
		};
		document.addEventListener("visibilitychange", tell);
		return () => document.removeEventListener("visibilitychange", tell);
	}, [inbox, roomId]);
	return useCallback(
		(seq) => {
			newest.current = seq;
			if (document.visibilityState === "visible") inbox.markRead(roomId, seq);
		},
		[inbox, roomId],
	);
}

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

/** How many pages are read to find a linked message. Further back it is not shown. */
const FIND_PAGES_MAX = 60;

function useFinding(store: RoomStore, shown: RoomShown, foundId: number | null): void {
	const pages = useRef(0);
	const { isLoadingOlder, hasOlder, messages } = shown;
	const first = messages[0]?.id;
	const isAhead = foundId !== null && first !== undefined && first > foundId;
	useEffect(() => {
		if (!isAhead || isLoadingOlder) return;
		if (!hasOlder) return notify("That message is no longer kept here.");
		if (pages.current === FIND_PAGES_MAX) return notify("That message is too far back to jump to.");
		if (pages.current > FIND_PAGES_MAX) return;
		pages.current++;
		store.loadOlder().catch(ignoreLost);
	}, [store, isAhead, isLoadingOlder, hasOlder]);
}

function refusalOf(act: () => unknown): string | null {
	try {
		act();
		return null;
	} catch (error) {
		if (error instanceof Problem) return wordsFor(error);
		throw error;
	}
}

const refusalOfPromise = (done: Promise<unknown>): Promise<string | null> => done.then(() => null, wordsFor);
const complain = (error: unknown) => notify(wordsFor(error), "error");
/** The page is asked for again when the reader scrolls on, and the banner tells of a lost connection. */
const ignoreLost = () => undefined;
