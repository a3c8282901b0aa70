import { createHash } from "node:crypto";
import { directName, directPeople } from "@bullpen/domain/direct-room";
import type { DirectoryRoomRow } from "@bullpen/domain/directory";
import { Problem } from "@bullpen/domain/problem";
import { linkIsClosed } from "@bullpen/domain/room-link";
import { cleanRoomName, cleanTopic, nameKey } from "@bullpen/domain/room-name";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { Person } from "../identity.ts";
import { isAbsent, passingOn } from "../peer-refusal.ts";
import type { Catalogue, DirectoryDraft } from "./catalogue.ts";
import type { RoomRecord } from "./directory-store.ts";
import { directIdOf, directNameKey, GENERAL, isListed, randomId, roomIdKey, roomKey } from "./names.ts";

type OpenedRoom = ActionOutput<"directory", "openRoom">;
type Wish = Pick<RoomRecord, "roomId" | "nameKey" | "name" | "topic" | "visibility" | "createdBy">;

/** Makes `general` if it is not there. */
export async function initialise(catalogue: Catalogue): Promise<void> {
	const { record } = await claim(catalogue, {
		roomId: GENERAL,
		nameKey: GENERAL,
		name: GENERAL,
		visibility: "public",
		createdBy: null,
	});
	await finishRoom(catalogue, record, []);
}

/** @throws Problem `text_*` `name_taken` `rate_limited` `busy` */
export async function openRoom(
	catalogue: Catalogue,
	person: Person,
	input: { name: string; visibility?: "public" | "private" | undefined; topic?: string | undefined },
): Promise<OpenedRoom> {
	const name = cleanRoomName(input.name, catalogue.limits);
	const topic = cleanTopic(input.topic ?? "", catalogue.limits);
	const { record, created } = await claim(catalogue, {
		...(topic === "" ? {} : { topic }),
		roomId: randomId("r-"),
		nameKey: nameKey(name),
		name,
		visibility: input.visibility ?? "public",
		createdBy: person.userId,
	});
	await finishRoom(catalogue, record, [{ userId: record.createdBy, role: "owner" }]);
	if (!created && record.visibility === "private" && !(await catalogue.canEnter(record.roomId, person.userId))) {
		throw new Problem("name_taken", "A room that you are not in has this name: please pick another.");
	}
	return { roomId: record.roomId, name: record.name, created };
}

/**
 * The direct room of these people, made if there is none: the same for all of them, however many ask at once.
 * @throws Problem `bad_input` `not_found` for somebody who is not on this server · `rate_limited` `busy`
 */
export async function openDirect(
	catalogue: Catalogue,
	person: Person,
	{ userIds }: { userIds: readonly string[] },
): Promise<OpenedRoom> {
	const people = directPeople(person.userId, userIds, catalogue.limits);
	for (const userId of people) refuseUnlessHere(catalogue, userId);
	const roomId = directIdOf(people);
	const { record, created } = await claim(catalogue, {
		roomId,
		nameKey: directNameKey(roomId),
		name: directName(people),
		visibility: "direct",
		createdBy: person.userId,
	});
	await finishRoom(
		catalogue,
		record,
		people.map((userId) => ({ userId, role: "member" })),
	);
	return { roomId, name: record.name, created };
}

/** @throws Problem `not_found` for a link that leads nowhere any more, to this person · `busy` */
export async function acceptLink(
	catalogue: Catalogue,
	{ userId, role }: Person,
	{ roomId, secret }: { roomId: string; secret: string },
): Promise<OpenedRoom> {
	if (catalogue.room(roomId) === undefined) throw linkIsClosed();
	const secretHash = createHash("sha256").update(secret).digest("hex");
	const entering = catalogue.peers.get("chatRoom", roomId).enterByLink({ userId, serverRole: role, secretHash });
	const { name } = await passingOn(entering).catch((error: unknown) => {
		throw isAbsent(error) ? linkIsClosed() : error;
	});
	return { roomId, name, created: false };
}

/**
 * A room takes another name. Its old one is free from now on; if the room does not learn of it, its next card tells it.
 * @throws Problem `text_*` `name_taken` `not_found` `forbidden` `busy`
 */
export async function nameRoom(catalogue: Catalogue, roomId: string, raw: string): Promise<{ name: string }> {
	const name = cleanRoomName(raw, catalogue.limits);
	return catalogue.writer.write((draft) => {
		const record = readyRoom(catalogue, roomId, draft);
		if (roomId === GENERAL || record.visibility === "direct") {
			throw new Problem("forbidden", "This room keeps its name.");
		}
		const holder = catalogue.roomNamed(nameKey(name), draft);
		if (holder !== undefined && holder.roomId !== roomId) {
			throw new Problem("name_taken", "Another room has this name: please pick another.");
		}
		if (record.nameKey !== nameKey(name)) {
			draft.note(roomKey(record.nameKey), { kind: "freed", nameKey: record.nameKey });
		}
		putRoom(draft, { ...record, name, nameKey: nameKey(name) });
		const listed = draft.pending("directoryRoom", roomId) ?? catalogue.table.get("directoryRoom", roomId);
		if (listed?.kind === "directoryRoom") draft.put<DirectoryRoomRow>({ ...listed, name });
		return { name };
	});
}

/** What a room says of itself, for those who look for one. @throws Problem `not_found` `busy` */
export async function noteRoom(
	catalogue: Catalogue,
	roomId: string,
	card: { topic: string; archivedAt: number | null; version: number },
): Promise<{ name: string }> {
	return catalogue.writer.write((draft) => {
		const record = readyRoom(catalogue, roomId, draft);
		const known = draft.pending("directoryRoom", roomId) ?? catalogue.table.get("directoryRoom", roomId);
		if (!isListed(record) || known?.kind !== "directoryRoom") return { name: record.name };
		const { archivedAt: before, ...listed } = known;
		const isNews = known.topic !== card.topic || (before ?? null) !== card.archivedAt;
		if (isNews && card.version >= (record.cardVersion ?? 0)) {
			putRoom(draft, { ...record, cardVersion: card.version });
			draft.put<DirectoryRoomRow>({
				...listed,
				topic: card.topic,
				...(card.archivedAt === null ? {} : { archivedAt: card.archivedAt }),
			});
		}
		return { name: record.name };
	});
}

/** Under its name and, for others of the same commit, under its id. */
function putRoom(draft: DirectoryDraft, record: RoomRecord): void {
	draft.note(roomKey(record.nameKey), record);
	draft.note(roomIdKey(record.roomId), record);
}

function readyRoom(catalogue: Catalogue, roomId: string, draft: DirectoryDraft): RoomRecord {
	const noted = draft.noted(roomIdKey(roomId));
	const record = noted?.kind === "room" ? noted : catalogue.room(roomId);
	if (!record?.isReady) throw new Problem("not_found", "This room is not listed yet.");
	return record;
}

function refuseUnlessHere(catalogue: Catalogue, userId: string): void {
	const person = catalogue.table.get("person", userId);
	if (person?.kind === "person" && person.deactivatedAt === undefined) return;
	throw new Problem("not_found", "There is nobody of that id on this server.", { userId });
}

export function claim(catalogue: Catalogue, wish: Wish): Promise<{ record: RoomRecord; created: boolean }> {
	const { roomsOpenedPerHour, directsOpenedPerHour } = catalogue.limits;
	const isDirect = wish.visibility === "direct";
	return catalogue.writer.write((draft) => {
		const known = catalogue.roomNamed(wish.nameKey, draft);
		if (known !== undefined) return { record: known, created: false };
		if (wish.createdBy !== null) {
			catalogue.refuseTooMany(
				wish.createdBy,
				isDirect ? directsOpenedPerHour : roomsOpenedPerHour,
				(record) => record.kind === "room" && (record.visibility === "direct") === isDirect,
			);
		}
		const record: RoomRecord = { kind: "room", ...wish, createdAt: catalogue.now(), isReady: false };
		draft.note(roomKey(wish.nameKey), record);
		return { record, created: true };
	});
}

export function finishRoom(
	catalogue: Catalogue,
	record: RoomRecord,
	people: readonly { userId: string | null; role: "owner" | "member" }[],
): Promise<void> {
	const { roomId, name, topic = "", visibility, createdBy, createdAt } = record;
	const members = people.flatMap(({ userId, role }) => (userId === null ? [] : [{ userId, role }]));
	return catalogue.finish(record, async () => {
		await catalogue.peers.create("chatRoom", roomId, "rooms").init({ name, topic, visibility, createdBy, members });
		return (draft) => {
			if (!isListed(record)) return;
			draft.put<DirectoryRoomRow>({ kind: "directoryRoom", id: roomId, name, topic, createdAt });
		};
	});
}
