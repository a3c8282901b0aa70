"use client";
import type { BotView } from "@bullpen/domain/bot";
import type { PersonRow } from "@bullpen/domain/directory";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useLive } from "../../live/live.tsx";
import { wordsFor } from "../../live/words.ts";

/** A bot as this page shows it: what it may, and who it is to everybody. */
export interface ShownBot extends BotView {
	name: string;
	isClosed: boolean;
}
type Bots = { phase: "loading" } | { phase: "failed"; why: string } | { phase: "ready"; bots: readonly ShownBot[] };

/** The bots of this server, for its owners. What somebody else changes meanwhile is seen at the next look. */
export function useBots(): { data: Bots; reload: () => void } {
	const { directory } = useLive();
	const { people, isLoaded } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const [read, setRead] = useState<Exclude<Bots, { phase: "ready" }> | { phase: "read"; bots: readonly BotView[] }>({
		phase: "loading",
	});
	const reload = useCallback(() => {
		directory.getBots().then(
			(bots) => setRead({ phase: "read", bots }),
			(error: unknown) => setRead({ phase: "failed", why: wordsFor(error) }),
		);
	}, [directory]);
	useEffect(() => {
		if (isLoaded) reload();
	}, [isLoaded, reload]);
	const data: Bots = read.phase === "read" ? { phase: "ready", bots: withPeople(read.bots, people) } : read;
	return { data, reload };
}

function withPeople(bots: readonly BotView[], people: readonly PersonRow[]): ShownBot[] {
	const known = new Map(people.map((person) => [person.id, person]));
	return bots.map((bot) => {
		const person = known.get(bot.userId);
		return { ...bot, name: person?.name ?? "Bot", isClosed: person?.deactivatedAt !== undefined };
	});
}
