"use client";
import { type AgentOffer, agentOffers } from "@bullpen/domain/agent-offer";
import { useMemo, useSyncExternalStore } from "react";
import { useKeys } from "./keys.ts";
import { useLive } from "./live.tsx";

/** Every agent as it is to whoever is signed in; empty until the server has told them. */
export function useOffers(): readonly AgentOffer[] {
	const { directory } = useLive();
	const { agents } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const { data } = useKeys();
	return useMemo(() => {
		const mine = data.phase === "ready" ? data.keys.mine : [];
		return agentOffers(
			agents,
			mine.filter(({ state }) => state === "usable").map(({ provider }) => provider),
		);
	}, [agents, data]);
}

/** The providers that the server has a usable key of, stored or from its environment. */
export function useServerProviders(): ReadonlySet<string> {
	const { directory } = useLive();
	const { agents } = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	return useMemo(() => new Set(agents.flatMap(({ serverProviders }) => serverProviders)), [agents]);
}
