"use client";
import { isBotId } from "@bullpen/domain/bot";
import { statusNow } from "@bullpen/domain/directory-view";
import { useMemo, useSyncExternalStore } from "react";
import { useLive } from "./live.tsx";
import type { PersonOf } from "./person.ts";

/** Names from the directory, presence from whoever knows who is here. */
export function usePeople(onlineUserIds: ReadonlySet<string>): PersonOf {
	const { directory, me } = useLive();
	const { people } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	return useMemo(() => {
		const known = new Map(people.map((person) => [person.id, person]));
		return (id) => {
			const row = known.get(id);
			const status = row && statusNow(row, Date.now());
			return {
				id,
				name: row?.name ?? (id === me.id ? me.name : "Someone"),
				isOnline: onlineUserIds.has(id),
				...(isBotId(id) && { isBot: true }),
				...(row?.commands && { commands: row.commands }),
				...(status && { status }),
				...(row?.deactivatedAt !== undefined && { isGone: true }),
			};
		};
	}, [people, me, onlineUserIds]);
}
