"use client";
import type { Phase } from "@bullpen/client/supervisor";
import type { WorkspaceShown } from "@bullpen/client/workspace-store";
import type { AttachmentContent } from "@bullpen/domain/attachment";
import type { Problem } from "@bullpen/domain/problem";
import { workspaceStanding } from "@bullpen/domain/workspace-rules";
import { useMemo, useState, useSyncExternalStore } from "react";
import { type Me, useLive } from "../../live/live.tsx";
import type { Person, PersonOf } from "../../live/person.ts";
import { complain, refusalAtOnce } from "../../live/refusals.ts";
import { useLink } from "../../live/use-link.ts";
import { usePeople } from "../../live/use-people.ts";
import { useTitle } from "../../live/use-title.ts";
import { wordsFor } from "../../live/words.ts";
import { answersOf } from "./answers-of.ts";
import { useSeen } from "./chat/chat-seen.ts";
import { controls } from "./controls.ts";
import { RecentFiles } from "./recent-files.ts";
import { transcriptEntries } from "./transcript-entries.ts";
import type { OpenWorkspace, WorkspaceData, WorkspaceModel, WorkspaceVerbs } from "./workspace-data.ts";
import { useWorkspaceStore } from "./workspace-stores.ts";

/** One workspace, live. */
export function useWorkspace(workspaceId: string): WorkspaceModel {
	const { phase, retry } = useLink("workspace", workspaceId, useWorkspaceStore(workspaceId));
	return useWorkspaceModel(workspaceId, phase, retry);
}

/** What its store knows, as its screen draws it, however the store is connected. */
export function useWorkspaceModel(workspaceId: string, phase: Phase, retry: () => void): WorkspaceModel {
	const live = useLive();
	const { me } = live;
	const store = useWorkspaceStore(workspaceId);
	const seenChatId = useSeen(workspaceId);
	const shown = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
	const personOf = usePeople(shown.onlineUserIds);
	useTitle(shown.transcript.session?.name ?? "");

	const [pictures] = useState(() => new RecentFiles<string>());
	const [contents] = useState(() => new RecentFiles<AttachmentContent>());
	const verbs = useMemo<WorkspaceVerbs>(
		() => ({
			prompt: (text, attachments = []) =>
				refusalAtOnce(() =>
					store.prompt(
						text,
						attachments.map(({ id }) => id),
					),
				),
			promptFiles: {
				put: (nonce, name, content) => store.files.put(nonce, name, content),
				remove: (id) => store.files.remove(id),
				content: (id) => contents.get(id, () => store.files.content(id)),
				find: (query) => store.files.find(query),
			},
			retry: (nonce) => store.retry(nonce),
			discard: (nonce) => store.discard(nonce),
			...controls(store.control, (userId) => live.directory.getSnapshot().nameOf(userId)),
			loadOlder: () => void store.loadOlder().catch(ignoreLost),
			loadNewer: () => void store.loadNewer().catch(ignoreLost),
			showNewest: () => void store.showNewest().catch(complain),
			showItem: (itemId) => store.showItem(itemId),
			search: (query, before) => store.search(query, before),
			page: (before) => store.page(before),
			pictureOf: (itemId, position) => pictures.get(`${itemId} ${position}`, () => store.getPicture(itemId, position)),
			outputOf: (itemId) => store.getOutput(itemId),
			tree: store.tree,
			setTyping: (isTyping) => store.setTyping(isTyping),
			restore: () => void store.people.restore().catch(complain),
			retryOpening: retry,
		}),
		[store, retry, pictures, contents, live],
	);
	const problem = phase.type === "refused" ? phase.problem : shown.problem;
	const { items, turns, permissions } = shown.transcript;
	const entries = useMemo(() => transcriptEntries({ items, turns, permissions }), [items, turns, permissions]);
	const workspace = useMemo(
		() => openWorkspace(shown, { entries, me, personOf, seenChatId }),
		[shown, entries, me, personOf, seenChatId],
	);
	return { data: dataOf(workspace, problem, personOf), me: me.id, personOf, verbs };
}

function dataOf(workspace: OpenWorkspace | null, problem: Problem | null, personOf: PersonOf): WorkspaceData {
	const end = workspace?.session.deleted;
	if (workspace !== null && end !== undefined) {
		return { phase: "deleted", name: workspace.session.name, by: personOf(end.by).name };
	}
	if (problem !== null && CLOSED.has(problem.code)) return { phase: "closed" };
	if (workspace !== null) return { phase: "open", workspace };
	return problem === null ? { phase: "loading" } : { phase: "failed", reason: wordsFor(problem) };
}

const CLOSED: ReadonlySet<string> = new Set(["forbidden", "not_found", "not_member"]);

interface Surroundings {
	entries: OpenWorkspace["entries"];
	me: Me;
	personOf: PersonOf;
	/** The newest message of the side chat that was looked at. */
	seenChatId: number;
}

function openWorkspace(
	shown: WorkspaceShown,
	{ entries, me, personOf, seenChatId }: Surroundings,
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
	const isArchived = session.archived !== undefined;
	const { newest } = shown.chat;
	return {
		session,
		entries,
		older: shown.isLoadingOlder ? "loading" : shown.hasOlder ? "more" : "none",
		newer: shown.isLoadingNewer ? "loading" : shown.hasNewer ? "more" : "none",
		queue,
		outgoing: shown.outgoing.map(({ nonce, input, state }) => ({
			nonce,
			text: input.text,
			files: input.attachments?.length ?? 0,
			status: state.type === "failed" ? "failed" : "sending",
			reason: state.type === "failed" ? wordsFor(state.problem) : undefined,
		})),
		...answersOf(shown.transcript, standing),
		runningTurn,
		plan: plan?.type === "plan" ? plan.entries : null,
		people: [...ids].map(personOf).sort(hereFirst),
		typing: shown.typingUserIds.map(personOf),
		members,
		unreadChat: newest === null || newest.userId === me.id ? 0 : Math.max(0, newest.id - seenChatId),
		canPrompt: !isArchived && (standing === "owner" || standing === "prompter"),
		isOwner: standing === "owner",
	};
}

const hereFirst = (a: Person, b: Person) =>
	Number(b.isOnline) - Number(a.isOnline) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);

/** The page is asked for again when the reader scrolls on, and the banner tells of a lost connection. */
const ignoreLost = () => undefined;
