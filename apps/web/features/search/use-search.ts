"use client";
import { type SearchShown, SearchStore } from "@bullpen/client/search-store";
import type { Phase } from "@bullpen/client/supervisor";
import type { InboxRoomRow } from "@bullpen/domain/inbox";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import type { PersonOf } from "../../live/person.ts";
import { roomName } from "../../live/room-name.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { type Names, type Worded, wordedSearch } from "./search-words.ts";

/** Typing rests for this long before it is looked for. */
const PAUSE_MS = 250;

export interface SearchModel {
	/** As it stands in the field. */
	text: string;
	setText: (text: string) => void;
	/** Looks for it without waiting for the typing to rest. */
	search: () => void;
	names: Names;
	worded: Worded;
	/** What was typed is what was read, and all names are there to read it by. */
	isRead: boolean;
	shown: SearchShown;
	phase: Phase;
	loadMore: () => void;
	retry: () => void;
	personOf: PersonOf;
	rooms: ReadonlyMap<string, InboxRoomRow>;
}

/** Messages of all of our rooms, by the words of the page's address. */
export function useSearch(): SearchModel {
	const { me, inbox, directory } = useLive();
	const [store] = useState(() => new SearchStore());
	const { phase } = useLink("search", "main", store);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const listed = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const personOf = usePeople(NOBODY);
	const rooms = useMemo(() => new Map(mine.rooms.map((room) => [room.id, room])), [mine.rooms]);
	// The rooms may be there before this is taken over from the server, which drew it without any.
	const areNamesKnown = useSyncExternalStore(never, isTrue, isFalse) && listed.isLoaded && mine.isLoaded;
	const names = useMemo(
		() => ({
			me: me.id,
			people: areNamesKnown ? listed.people : [],
			rooms: areNamesKnown ? mine.rooms.map((room) => ({ id: room.id, name: roomName(room, me.id, personOf) })) : [],
		}),
		[me.id, areNamesKnown, listed.people, mine.rooms, personOf],
	);
	const { text, setText, asked, search } = useAddressedText();
	const worded = useMemo(() => wordedSearch(asked, names), [asked, names]);
	useEffect(() => {
		if (areNamesKnown) store.ask(worded.query);
	}, [store, worded.query, areNamesKnown]);
	const isRead = areNamesKnown && text.trim() === asked.trim();
	const { loadMore, retry } = store;
	return { text, setText, search, names, worded, isRead, shown, phase, loadMore, retry, personOf, rooms };
}

const NOBODY: ReadonlySet<string> = new Set();
const never = () => () => undefined;
const isTrue = () => true;
const isFalse = () => false;

/** The field and `?q=`: the address follows what is typed once it rests, and the field follows a new address. */
function useAddressedText() {
	const asked = useSearchParams().get("q") ?? "";
	const [text, setText] = useState(asked);
	const written = useRef(asked);
	useEffect(() => {
		if (asked === written.current) return;
		written.current = asked;
		setText(asked);
	}, [asked]);
	const search = useCallback(() => {
		const words = text.trim();
		if (words === written.current) return;
		written.current = words;
		window.history.replaceState(null, "", words === "" ? "/search" : `/search?q=${encodeURIComponent(words)}`);
	}, [text]);
	useEffect(() => {
		const timer = setTimeout(search, PAUSE_MS);
		return () => clearTimeout(timer);
	}, [search]);
	return { text, setText, asked, search };
}
