"use client";
import { useMemo, useSyncExternalStore } from "react";
import { useLive } from "./live.tsx";
import type { PersonOf } from "./person.ts";

/** Names from the directory, presence from whoever knows who is here. */
export function usePeople(onlineUserIds: ReadonlySet<string>): PersonOf {
	const { directory, me } = useLive();
	const { people } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	return useMemo(() => {
		const names = new Map([[me.id, me.name], ...people.map(({ id, name }) => [id, name] as const)]);
		return (id) => ({ id, name: names.get(id) ?? "Someone", isOnline: onlineUserIds.has(id) });
	}, [people, me, onlineUserIds]);
}
