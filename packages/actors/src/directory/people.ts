import { setTimeout as sleep } from "node:timers/promises";
import type { ServerAct } from "@bullpen/domain/audit";
import type { PersonRow, RegisterPersonInput, SetActiveInput, SetStatusInput } from "@bullpen/domain/directory";
import { cleanStatus } from "@bullpen/domain/person-status";
import { Problem } from "@bullpen/domain/problem";
import { type ArchivedPerson, importedName } from "@bullpen/domain/room-archive";
import { cleanName } from "@bullpen/domain/text";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import type { Catalogue, DirectoryDraft } from "./catalogue.ts";
import { barKey } from "./names.ts";

interface Page {
	readonly before?: number | undefined;
	readonly limit?: number | undefined;
}
type Kept = Omit<PersonRow, "version">;

/** @throws Problem `text_*` `busy` */
export async function registerPerson(
	catalogue: Catalogue,
	{ userId, name, role }: z.output<typeof RegisterPersonInput>,
): Promise<void> {
	const shown = cleanName(name, catalogue.limits.personNameCharsMax);
	await catalogue.peers.create("userInbox", userId, "rooms").init();
	await catalogue.writer.write((draft) => {
		const known = personOf(catalogue, userId, draft);
		if (known?.name === shown && known.role === role) return;
		put(draft, { ...known, kind: "person", id: userId, name: shown, role });
	});
}

/** @throws Problem `text_*` `bad_input` `not_found` `busy` */
export function setStatus(
	catalogue: Catalogue,
	{ userId }: Person,
	input: z.output<typeof SetStatusInput>,
): Promise<void> {
	const status = cleanStatus(input, catalogue.now(), catalogue.limits);
	return change(catalogue, userId, ({ status: _, ...known }) => (status === undefined ? known : { ...known, status }));
}

/** @throws Problem `not_found` `busy` */
export const notePicture = (catalogue: Catalogue, userId: string, pictureId: string | null): Promise<void> =>
	change(catalogue, userId, ({ pictureId: _, ...known }) => (pictureId === null ? known : { ...known, pictureId }));

/**
 * Closes somebody's account, or opens it again. Answers when everything they had open was told; what did not answer in time
 * is told again until it does.
 * @throws Problem `not_found` `forbidden` for oneself · `busy`
 */
export async function setActive(
	catalogue: Catalogue,
	{ userId, isActive, by }: z.output<typeof SetActiveInput>,
): Promise<void> {
	if (by === userId) throw new Problem("forbidden", "Somebody else has to close your account.");
	const at = catalogue.now();
	await catalogue.writer.write((draft) => {
		const { deactivatedAt, ...known } = personHere(catalogue, userId, draft);
		if ((deactivatedAt === undefined) === isActive) return;
		put(draft, isActive ? known : { ...known, deactivatedAt: at });
		draft.note(barKey(userId), { kind: "bar", userId, at: isActive ? null : at });
		noteAct(catalogue, draft, { type: isActive ? "person-reactivated" : "person-deactivated", by, userId });
	});
	if (!isActive) await catalogue.bars.tell(userId);
}

/**
 * Closes what somebody has open wherever it is, as when an account is closed, and leaves the account as it is. Answers when a
 * ticket made then is received.
 * @throws Problem `busy`
 */
export async function endConnections(catalogue: Catalogue, userId: string): Promise<void> {
	await catalogue.writer.write((draft) => noteBar(catalogue, draft, userId));
	await catalogue.bars.tell(userId);
	await sleep(Math.max(0, catalogue.bars.openAgainAt(userId) - catalogue.now()));
}

/** Whatever was opened with a ticket from before is closed wherever it is. */
export function noteBar(catalogue: Catalogue, draft: DirectoryDraft, userId: string): void {
	draft.note(barKey(userId), { kind: "bar", userId, at: catalogue.now() });
}

/** People whom an archive names and whom nobody here knows: profiles without an account. @throws Problem `busy` */
export function importPeople(
	catalogue: Catalogue,
	{ people }: { people: readonly ArchivedPerson[] },
): Promise<{ made: number }> {
	return catalogue.writer.write((draft) => {
		let made = 0;
		for (const person of people) {
			if (personOf(catalogue, person.id, draft) !== undefined) continue;
			const name = importedName(person, catalogue.limits);
			put(draft, { kind: "person", id: person.id, name, role: "guest", deactivatedAt: catalogue.now() });
			made += 1;
		}
		return { made };
	});
}

/** Of those who are on this server. */
export const namesOf = ({ table }: Catalogue, userIds: readonly string[]): [userId: string, name: string][] =>
	userIds.flatMap((userId): [string, string][] => {
		const row = table.get("person", userId);
		return row?.kind === "person" ? [[userId, row.name]] : [];
	});

export const writeAct = (catalogue: Catalogue, act: ServerAct): Promise<void> =>
	catalogue.writer.write((draft) => noteAct(catalogue, draft, act));

export function readAudit(
	{ store, limits }: Catalogue,
	{ before = Number.MAX_SAFE_INTEGER, limit = limits.auditPageDefault }: Page,
): Promise<ActionOutput<"directory", "getAudit">> {
	return store.audit(before, Math.min(limit, limits.auditPageMax));
}

function change(catalogue: Catalogue, userId: string, rule: (known: Kept) => Kept): Promise<void> {
	return catalogue.writer.write((draft) => {
		const before = personHere(catalogue, userId, draft);
		const after = rule(before);
		if (JSON.stringify(after) !== JSON.stringify(before)) put(draft, after);
	});
}

const put = (draft: DirectoryDraft, person: Kept): void => {
	draft.put<PersonRow>(person);
};

export function personHere(catalogue: Catalogue, userId: string, draft: DirectoryDraft): Kept {
	const known = personOf(catalogue, userId, draft);
	if (known === undefined) throw new Problem("not_found", "There is nobody of that id on this server.");
	return known;
}

function personOf({ table }: Catalogue, userId: string, draft: DirectoryDraft): Kept | undefined {
	const row = draft.pending("person", userId) ?? table.get("person", userId);
	if (row?.kind !== "person") return undefined;
	const { version: _, ...known } = row;
	return known;
}

let acts = 0;
export const noteAct = ({ now }: Catalogue, draft: DirectoryDraft, act: ServerAct): void =>
	draft.note(`act ${++acts}`, { kind: "act", at: now(), act });
