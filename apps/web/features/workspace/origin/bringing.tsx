"use client";
import type { StartFromInput, WorkspaceOrigin } from "@bullpen/domain/origin";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useLink } from "../../../live/use-link.ts";
import { wordsFor } from "../../../live/words.ts";
import { Button } from "../../../ui/button.tsx";
import { useWorkspaceStore } from "../workspace-stores.ts";
import { originProblem, percentOf } from "./origin-words.ts";
import { Progress } from "./progress.tsx";

interface BringingProps {
	workspaceId: string;
	start: StartFromInput;
	onEnd: (origin: WorkspaceOrigin, reason: string) => void;
	onRefused: (reason: string) => void;
}

/** Connects to a workspace that was just made, has its files brought in, and shows how far that is. */
export function Bringing({ workspaceId, start, onEnd, onRefused }: BringingProps) {
	const store = useWorkspaceStore(workspaceId);
	useLink("workspace", workspaceId, store);
	const { isLoaded, isOpen, transcript } = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const origin = transcript.session?.origin;
	/** When the try before this one was; undefined until this one was asked for. */
	const before = useRef<{ at: number } | null>(null);
	// What the store holds may be of an earlier try: this one begins on a connection of its own.
	const isReady = isLoaded && isOpen;
	useEffect(() => {
		if (!isReady || before.current !== null) return;
		before.current = { at: origin?.at ?? 0 };
		store.people.startFrom(start).catch((error: unknown) => onRefused(wordsFor(error)));
	}, [isReady, origin, store, start, onRefused]);
	useEffect(() => {
		if (before.current === null || origin === undefined || origin.at === before.current.at) return;
		if (origin.state !== "running") onEnd(origin, originProblem(origin));
	}, [origin, onEnd]);
	const done = origin?.state === "running" ? origin.done : undefined;
	return (
		<Progress
			label={`${start.kind === "git" ? "Cloning the repository" : "Unpacking the archive"}…${percentOf(done)}`}
			done={done}
		>
			<Button onClick={() => void store.people.cancelStart().catch(ignoreLost)}>Cancel</Button>
		</Progress>
	);
}

/** Then it goes on, and the workspace shows it. */
const ignoreLost = () => undefined;
