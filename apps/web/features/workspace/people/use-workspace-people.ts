"use client";
import { activePeople } from "@bullpen/domain/directory-view";
import type { WorkspaceRole, WorkspaceVisibility } from "@bullpen/domain/workspace";
import type { GivenRole } from "@bullpen/domain/workspace-life";
import { useRouter } from "next/navigation";
import { useMemo, useSyncExternalStore } from "react";
import { useLive } from "../../../live/live.tsx";
import type { Person } from "../../../live/person.ts";
import { complain, refusalOf } from "../../../live/refusals.ts";
import { notify } from "../../../ui/toast.tsx";
import type { OpenWorkspace } from "../workspace-data.ts";
import { useWorkspaceStore } from "../workspace-stores.ts";

/** Somebody of a workspace as its list draws them. */
export interface Participant {
	person: Person;
	role: WorkspaceRole;
	isTyping: boolean;
	/** Has a row of their own; others only look, for as long as they may. */
	isMember: boolean;
}

export interface PeopleModel {
	participants: readonly Participant[];
	/** Who could be let in by name. */
	invitable: readonly Person[];
	/** Rooms that the workspace can be given to. */
	rooms: readonly { id: string; name: string }[];
	/** What its room is called, where it has one that we know. */
	roomName: string | undefined;
	invite: (userId: string, role: GivenRole) => void;
	setRole: (participant: Participant, role: GivenRole) => void;
	remove: (userId: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	transferOwnership: (userId: string) => Promise<string | null>;
	leave: () => void;
	setVisibility: (visibility: WorkspaceVisibility, roomId: string | undefined) => Promise<string | null>;
	rename: (name: string) => Promise<string | null>;
	delete: (name: string) => Promise<string | null>;
	archive: () => void;
	restore: () => void;
}

/** The people of an open workspace, and what its owner does about them. */
export function useWorkspacePeople(workspace: OpenWorkspace): PeopleModel {
	const { session } = workspace;
	const { directory, inbox } = useLive();
	const { people } = useWorkspaceStore(session.workspaceId);
	const shown = useSyncExternalStore(directory.subscribe, directory.getSnapshot, directory.getSnapshot);
	const mine = useSyncExternalStore(inbox.subscribe, inbox.getSnapshot, inbox.getSnapshot);
	const router = useRouter();
	const { participants, invitable } = useMemo(() => {
		const rows = new Map(workspace.members.map((row) => [row.id, row]));
		const guests = new Set(shown.people.filter(({ role }) => role === "guest").map(({ id }) => id));
		const typing = new Set(workspace.typing.map(({ id }) => id));
		const participants = workspace.people.map((person): Participant => {
			const row = rows.get(person.id);
			const role = person.id === session.ownerId ? "owner" : guests.has(person.id) ? "viewer" : givenRole(row?.role);
			return { person, role, isTyping: typing.has(person.id), isMember: row?.status === "joined" };
		});
		const here = new Set(participants.filter(({ isMember }) => isMember).map(({ person }) => person.id));
		const invitable = activePeople(shown.people)
			.filter(({ id }) => !here.has(id))
			.map(({ id, name }) => ({ id, name, isOnline: false }));
		return { participants: participants.sort(byRole), invitable };
	}, [workspace.people, workspace.members, workspace.typing, session.ownerId, shown.people]);
	const rooms = useMemo(() => mine.rooms.filter(({ visibility }) => visibility !== "direct"), [mine.rooms]);
	const say = (text: string) => () => notify(text);
	return {
		participants,
		invitable,
		rooms,
		roomName: rooms.find(({ id }) => id === session.roomId)?.name,
		invite: (userId, role) =>
			void people.invite(userId, role).then(say(`${shown.nameOf(userId)} can enter now.`), complain),
		// Somebody without a row becomes a member by it.
		setRole: ({ person, isMember }, role) =>
			void (isMember ? people.setRole(person.id, role) : people.invite(person.id, role)).catch(complain),
		remove: (userId) => void people.remove(userId).then(say(`${shown.nameOf(userId)} was removed.`), complain),
		transferOwnership: (userId) => refusalOf(people.transferOwnership(userId)),
		leave: () => void people.leave().then(() => router.push("/w"), complain),
		setVisibility: (visibility, roomId) =>
			refusalOf(people.setVisibility({ visibility, ...(roomId === undefined ? {} : { roomId }) })),
		rename: (name) => refusalOf(people.rename(name)),
		delete: (name) => refusalOf(people.delete(name)),
		archive: () => void people.archive().catch(complain),
		restore: () => void people.restore().catch(complain),
	};
}

/** A row that says owner is of somebody who was. */
const givenRole = (role: WorkspaceRole | undefined): WorkspaceRole =>
	role === undefined || role === "owner" ? "prompter" : role;

const ORDER: Readonly<Record<WorkspaceRole, number>> = { owner: 0, prompter: 1, viewer: 2 };
const byRole = (a: Participant, b: Participant): number =>
	Number(b.person.isOnline) - Number(a.person.isOnline) ||
	ORDER[a.role] - ORDER[b.role] ||
	a.person.name.localeCompare(b.person.name);
