import { z } from "zod";
import { Head } from "./feed.ts";
import { RoomId, Seq, UnixMs, UserId, Version } from "./id.ts";
import { ServerRole } from "./identity.ts";
import type { Limits } from "./limits.ts";
import { Message } from "./message.ts";
import { Problem } from "./problem.ts";
import { MemberRow, type RoomRole, RoomRow, RoomVisibility } from "./room.ts";
import { cleanName } from "./text.ts";

/** One `importRows`, below the largest frame. */
const IMPORT_CHARS_MAX = 768 * 1024;
/** Versions are far below it; a larger number of a single call would come as `bigint`. */
const VERSION_MAX = 2 ** 31 - 1;
const Hash = z.string().regex(/^[0-9a-f]{16}$/);
/** Somebody whom an archive names, as they were called there. */
export const ArchivedPerson = z.strictObject({ id: UserId, name: z.string().max(1_000) });
export type ArchivedPerson = z.infer<typeof ArchivedPerson>;

/**
 * `room.json` of an archive: what the room was when it was exported. `messages.jsonl` beside it has a `Message` a line, one
 * for each id from `floorSeq` to `head.seq`; `hash` is theirs. `people`: everybody whom a message names by id.
 */
export const RoomArchive = z.strictObject({
	format: z.literal("bullpen-room"),
	formatVersion: z.literal(1),
	exportedAt: UnixMs,
	exportedBy: UserId,
	room: z.strictObject({
		id: RoomId,
		name: z.string().max(1_000),
		topic: z.string().max(10_000),
		visibility: RoomVisibility,
		createdAt: UnixMs,
		archivedAt: UnixMs.optional(),
	}),
	members: z.array(MemberRow.pick({ id: true, role: true, status: true })),
	people: z.array(ArchivedPerson),
	head: z.strictObject({ seq: z.int().min(0).max(VERSION_MAX), version: z.int().min(1).max(VERSION_MAX) }),
	floorSeq: Seq.max(VERSION_MAX),
	/** Without it nothing is compared. */
	hash: Hash.optional(),
});
export type RoomArchive = z.infer<typeof RoomArchive>;

/** Service only, from the web: somebody wants to take the room along. Answers with what it is; written down in the room. */
export const BeginExportInput = z.strictObject({ userId: UserId, role: ServerRole });
export const ExportBegun = z.strictObject({
	room: RoomRow,
	members: z.array(MemberRow),
	head: Head,
	floorSeq: Seq,
});
/** Messages that changed after a version, in the order of versions, to whoever may still export. */
export const ExportRowsInput = z.strictObject({
	userId: UserId,
	role: ServerRole,
	after: Version,
	epoch: z.string().max(64),
	limit: z.int().min(1).max(500).optional(),
});
/** `hash` is the room's at `to` once `caughtUp`. */
export const ExportedRows = z.strictObject({
	messages: z.array(Message),
	to: Version,
	caughtUp: z.boolean(),
	head: Head,
	floorSeq: Seq,
	hash: Hash,
});
export type ExportedRows = z.infer<typeof ExportedRows>;

/** Where the messages of an archive begin and end, and what they come to. */
const Extent = {
	floorSeq: Seq.max(VERSION_MAX),
	headSeq: z.int().min(0).max(VERSION_MAX),
	version: z.int().min(1).max(VERSION_MAX),
};
/** Service only, from the web: a room that nobody sees until `finishImport`. */
export const BeginImportInput = z.strictObject({ userId: UserId, name: z.string(), ...Extent });
export const ImportBegun = z.strictObject({ roomId: RoomId });
/** Service only, from the directory: this room, which is nothing yet, takes messages from `floorSeq` on. */
export const StageInput = z.strictObject(Extent);
/**
 * The next messages, in order, as JSON a line. The same ones again change nothing. A text, because RivetKit 2.3.19 brings a
 * time of a single call as `bigint`.
 */
export const ImportRowsInput = z.strictObject({ lines: z.string().min(1).max(IMPORT_CHARS_MAX) });
export const Staged = z.strictObject({ seq: z.int().min(0), hash: Hash });
/** Service only, from the web: whoever of them is not known here gets a profile without an account. */
export const ImportPeopleInput = z.strictObject({ people: z.array(ArchivedPerson).max(200) });
export const ImportedPeople = z.strictObject({ made: z.int().min(0) });
/** The room is there from now on, if its messages come to `hash`: with one person in it, who imported it. */
export const FinishImportInput = z.strictObject({
	roomId: RoomId,
	userId: UserId,
	name: z.string(),
	topic: z.string(),
	visibility: z.enum(["public", "private"]),
	headSeq: z.int().min(0),
	hash: Hash,
});

/** The role in which somebody may take a room along; whoever runs it. */
export const mayExport = (role: RoomRole | "direct" | "invited" | "previewer" | "outsider"): boolean =>
	role === "owner" || role === "admin";

/** @throws Problem `bad_input` with the field that is wrong · `busy` for more than this server takes */
export function readRoomArchive(
	json: string,
	limits: Pick<Limits, "archiveMessagesMax" | "archivePeopleMax">,
): RoomArchive {
	const parsed = RoomArchive.safeParse(parseJson(json));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		const field = issue?.path.join(".") ?? "";
		throw new Problem("bad_input", `room.json: ${field === "" ? "" : `${field}: `}${issue?.message ?? "wrong"}`, {
			file: "room.json",
			field,
		});
	}
	const { floorSeq, head, people, members } = parsed.data;
	const { archiveMessagesMax: messagesMax, archivePeopleMax: peopleMax } = limits;
	if (floorSeq > head.seq + 1) throw wrong("floorSeq", "It begins after its end.");
	if (head.seq + 1 - floorSeq > messagesMax) throw tooMany("messages", messagesMax);
	if (people.length > peopleMax || members.length > peopleMax) throw tooMany("people", peopleMax);
	if (new Set(people.map(({ id }) => id)).size < people.length) throw wrong("people", "Somebody is named twice.");
	return parsed.data;
}

/** What somebody is called here who came with an archive: by their id, where their name is not one that people have here. */
export function importedName({ id, name }: ArchivedPerson, limits: Pick<Limits, "personNameCharsMax">): string {
	try {
		return cleanName(name, limits.personNameCharsMax);
	} catch (error) {
		if (error instanceof Problem) return id.slice(0, limits.personNameCharsMax);
		throw error;
	}
}

const wrong = (field: string, sentence: string): Problem =>
	new Problem("bad_input", `room.json: ${field}: ${sentence}`, { file: "room.json", field });
const tooMany = (what: string, max: number): Problem =>
	new Problem("bad_input", `This archive has more ${what} than this server takes at once.`, { file: "room.json", max });

function parseJson(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined; // the schema refuses it with the same words as any other wrong form
	}
}
