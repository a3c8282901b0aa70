"use client";
import { connectionOf } from "@bullpen/client/connection";
import type { Attachable } from "@bullpen/client/link";
import { type Phase, Supervisor } from "@bullpen/client/supervisor";
import type { ActorName } from "@bullpen/domain/identity";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useLive } from "./live.tsx";

/** Keeps `store` connected to one actor for as long as this is mounted. Mount it with a `key` of its actor's. */
export function useLink<A extends ActorName>(
	actor: A,
	key: string,
	store: Attachable<A>,
): { phase: Phase; retry: () => void } {
	const { client, rivet, links } = useLive();
	const [supervisor] = useState(
		() =>
			new Supervisor({
				explain: (error) => client.explain(actor, key, error),
				diagnose: () => client.diagnose(actor, key),
			}),
	);
	useEffect(() => supervisor.start(), [supervisor]);
	const { isEnabled, phase } = useSyncExternalStore(
		supervisor.subscribe,
		supervisor.getSnapshot,
		supervisor.getSnapshot,
	);
	const { connection, connStatus, error } = rivet.useActor({
		name: actor,
		key: [key],
		noCreate: true,
		enabled: isEnabled,
	});
	// Before the status: RivetKit shows "gave up" and why together, and whoever only gave up is tried again.
	useEffect(() => {
		if (error) supervisor.noteError(error);
	}, [supervisor, error]);
	useEffect(() => supervisor.noteStatus(connStatus), [supervisor, connStatus]);
	useEffect(
		() => (connection ? store.attach(connectionOf(actor, connection, { onSilent: supervisor.suspect })) : undefined),
		[connection, store, actor, supervisor],
	);

	const { retry } = supervisor;
	useEffect(() => links.set(supervisor, phase, retry), [links, supervisor, phase, retry]);
	useEffect(() => () => links.delete(supervisor), [links, supervisor]);
	return { phase, retry };
}
