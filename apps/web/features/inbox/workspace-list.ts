import type { DirectoryWorkspaceRow } from "@bullpen/domain/directory";
import type { InboxWorkspaceRow } from "@bullpen/domain/inbox";

/** A workspace as the list of all of them draws it. */
export interface ListedWorkspace {
	id: string;
	name: string;
	agent: string;
	/** As it told its people last; absent for one that we are not in. */
	state: string | undefined;
	needsYou: boolean;
	isMember: boolean;
	isArchived: boolean;
	/** Unix ms; for one that we are not in, when it was made. */
	lastAt: number;
}

export type WorkspaceFilter = "active" | "archived";

/** Ours and those open to everybody, without the archived or those alone: what needs us first, then the latest. */
export function listedWorkspaces(
	mine: readonly InboxWorkspaceRow[],
	listed: readonly DirectoryWorkspaceRow[],
	{ filter, query }: { filter: WorkspaceFilter; query: string },
): ListedWorkspace[] {
	const own = new Set(mine.map(({ id }) => id));
	const all: ListedWorkspace[] = [
		...mine.map(({ archivedAt, ...row }) => ({ ...row, isMember: true, isArchived: archivedAt !== undefined })),
		...listed
			.filter(({ id }) => !own.has(id))
			.map(({ id, name, agent, createdAt, archivedAt }) => ({
				...{ id, name, agent, state: undefined, needsYou: false, isMember: false },
				isArchived: archivedAt !== undefined,
				lastAt: createdAt,
			})),
	];
	const wanted = query.trim().toLowerCase();
	return all
		.filter((one) => one.isArchived === (filter === "archived") && one.name.toLowerCase().includes(wanted))
		.sort((a, b) => Number(b.needsYou) - Number(a.needsYou) || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
}
