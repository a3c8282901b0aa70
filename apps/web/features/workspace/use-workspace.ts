"use client";
import { type WorkspaceShown, WorkspaceStore } from "@bullpen/client/workspace-store";
import { Problem } from "@bullpen/domain/problem";
import { workspaceStanding } from "@bullpen/domain/workspace-rules";
import { useMemo, useState, useSyncExternalStore } from "react";
import { type Me, useLive } from "../../live/live.tsx";
import { perLive } from "../../live/per-live.ts";
import type { Person, PersonOf } from "../../live/person.ts";
import { StoreCache } from "../../live/store-cache.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { useTitle } from "../../live/use-title.ts";
import { wordsFor } from "../../live/words.ts";
import { notify } from "../../ui/toast.tsx";
import { answersOf } from "./answers-of.ts";
import { controls } from "./controls.ts";
import { PictureCache } from "./picture-cache.ts";
import { transcriptEntries } from "./transcript-entries.ts";
import type { OpenWorkspace, WorkspaceData, WorkspaceModel, WorkspaceVerbs } from "./workspace-data.ts";

const workspaceStores = perLive(
	({ me, storage }) => new StoreCache((workspaceId) => new WorkspaceStore({ workspaceId, userId: me.id, storage })),
);

/** One workspace, live. */
export function useWorkspace(workspaceId: string): WorkspaceModel {
	const live = useLive();
	const { me } = live;
	const [store] = useState(() => workspaceStores(live).get(workspaceId));
	const { phase, retry } = useLink("workspace", workspaceId, store);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const personOf = usePeople(shown.onlineUserIds);
	const { people } = useSyncExternalStore(
		live.directory.subscribe,
		live.directory.getSnapshot,
		live.directory.getSnapshot,
	);
	useTitle(shown.transcript.session?.name ?? "");

	const [pictures] = useState(() => new PictureCache((itemId, position) => store.getPicture(itemId, position)));
	const verbs = useMemo<WorkspaceVerbs>(
		() => ({
			prompt: (text) => refusalOf(() => store.prompt(text)),
			retry: (nonce) => store.retry(nonce),
			discard: (nonce) => store.discard(nonce),
			...controls(store.control, (userId) => live.directory.getSnapshot().nameOf(userId)),
			loadOlder: () => void store.loadOlder().catch(ignoreLost),
			loadNewer: () => void store.loadNewer().catch(ignoreLost),
			showNewest: () => void store.showNewest().catch(complain),
			showItem: (itemId) => store.showItem(itemId),
			search: (query, before) => store.search(query, before),
			page: (before) => store.page(before),
			pictureOf: (itemId, position) => pictures.get(itemId, position),
			outputOf: (itemId) => store.getOutput(itemId),
			tree: store.tree,
			invite: (userId) => void store.invite(userId).catch(complain),
			setTyping: (isTyping) => store.setTyping(isTyping),
			retryOpening: retry,
		}),
		[store, retry, pictures, live],
	);
	const problem = phase.type === "refused" ? phase.problem : shown.problem;
	const { items, turns, permissions } = shown.transcript;
	const entries = useMemo(() => transcriptEntries({ items, turns, permissions }), [items, turns, permissions]);
	const workspace = useMemo(
		() => openWorkspace(shown, entries, me, people, personOf),
		[shown, entries, me, people, personOf],
	);
	return { data: dataOf(workspace, problem), me: me.id, personOf, verbs };
}

function dataOf(workspace: OpenWorkspace | null, problem: Problem | null): WorkspaceData {
	if (problem !== null && CLOSED.has(problem.code)) return { phase: "closed" };
	if (workspace !== null) return { phase: "open", workspace };
	return problem === null ? { phase: "loading" } : { phase: "failed", reason: wordsFor(problem) };
}

const CLOSED: ReadonlySet<string> = new Set(["forbidden", "not_found", "not_member"]);

function openWorkspace(
	shown: WorkspaceShown,
	entries: OpenWorkspace["entries"],
	me: Me,
	people: readonly { id: string }[],
	personOf: PersonOf,
): OpenWorkspace | null {
	const { session, members, queue, runningTurn, items } = shown.transcript;
	if (session === null) return null;
	const joined = members.filter((member) => member.status === "joined").map((member) => member.id);
	const ids = new Set([session.ownerId, ...joined, ...shown.onlineUserIds]);
	const plan = items.findLast(
		(item) => item.body.type === "plan" && !item.body.isRemoved && item.body.entries.length > 0,
	)?.body;
	const mine = members.find((member) => member.id === me.id);
	// Whoever can read the workspace of a room was let in as one of its people, unless by name.
	const visitor = { userId: me.id, role: me.role, isInRoom: session.roomId !== undefined };
	const standing = workspaceStanding(session, mine, visitor);
	return {
		session,
		entries,
		older: shown.isLoadingOlder ? "loading" : shown.hasOlder ? "more" : "none",
		newer: shown.isLoadingNewer ? "loading" : shown.hasNewer ? "more" : "none",
		queue,
		outgoing: shown.outgoing.map(({ nonce, input, state }) => ({
			nonce,
			text: input.text,
			status: state.type === "failed" ? "failed" : "sending",
			reason: state.type === "failed" ? wordsFor(state.problem) : undefined,
		})),
		...answersOf(shown.transcript, standing),
		runningTurn,
		plan: plan?.type === "plan" ? plan.entries : null,
		people: [...ids].map(personOf).sort(hereFirst),
		typing: shown.typingUserIds.map(personOf),
		invitable:
			standing === "owner" && session.visibility !== "server"
				? people.filter(({ id }) => id !== me.id && !joined.includes(id)).map(({ id }) => personOf(id))
				: [],
		canPrompt: standing === "owner" || standing === "prompter",
		isOwner: standing === "owner",
	};
}

const hereFirst = (a: Person, b: Person) =>
	Number(b.isOnline) - Number(a.isOnline) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

function refusalOf(act: () => unknown): string | null {
	try {
		act();
		return null;
	} catch (error) {
		if (error instanceof Problem) return wordsFor(error);
		throw error;
	}
}

const complain = (error: unknown) => notify(wordsFor(error), "error");
/** The page is asked for again when the reader scrolls on, and the banner tells of a lost connection. */
const ignoreLost = () => undefined;
