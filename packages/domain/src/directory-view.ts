import { isBotId } from "./bot.ts";
import type {
	DirectoryAgentRow,
	DirectoryFeedRow,
	DirectoryRoomRow,
	DirectoryWorkspaceRow,
	PersonRow,
	PersonStatus,
} from "./directory.ts";
import type { ServerRole } from "./identity.ts";
import { type RowMap, rowKey, rowsOf } from "./row-map.ts";

type DirectoryRows = RowMap<DirectoryFeedRow>;

export const directoryRooms = (rows: DirectoryRows): DirectoryRoomRow[] => rowsOf(rows, "directoryRoom").sort(byName);
export const directoryWorkspaces = (rows: DirectoryRows): DirectoryWorkspaceRow[] =>
	rowsOf(rows, "directoryWorkspace")
		.filter(({ goneAt }) => goneAt === undefined)
		.sort(byName);
export const directoryAgents = (rows: DirectoryRows): DirectoryAgentRow[] => rowsOf(rows, "directoryAgent");
export const people = (rows: DirectoryRows): PersonRow[] => rowsOf(rows, "person").sort(byName);

export const personOf = (rows: DirectoryRows, userId: string): PersonRow | undefined => {
	const row = rows.get(rowKey({ kind: "person", id: userId }));
	return row?.kind === "person" ? row : undefined;
};

/** Guests of the server are invited into rooms one by one: of others they do not even hear. Bots find theirs by name. */
export const mayHearOf = (
	row: DirectoryFeedRow,
	person: { readonly userId: string; readonly role: ServerRole },
): boolean => row.kind !== "directoryRoom" || person.role !== "guest" || isBotId(person.userId);

/** Those whose account is in use. */
export const activePeople = (people: readonly PersonRow[]): PersonRow[] =>
	people.filter(({ deactivatedAt }) => deactivatedAt === undefined);

/** What somebody says of themselves now, if anything. */
export const statusNow = (person: Pick<PersonRow, "status">, now: number): PersonStatus | undefined =>
	person.status === undefined || (person.status.until ?? Number.POSITIVE_INFINITY) <= now ? undefined : person.status;

/** By code point, so that every machine sorts alike; the interface may sort again by its own language. */
const byName = (a: DirectoryFeedRow, b: DirectoryFeedRow): number =>
	a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1;
