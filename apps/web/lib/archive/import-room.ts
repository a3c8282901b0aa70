import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { ArchivedMessages } from "@bullpen/domain/archived-messages";
import { type PeopleTable, peopleTable, withPeople } from "@bullpen/domain/archived-people";
import { mentionsIn } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { type MessageAttachment, MessageAttachmentId } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { type RoomArchive, readRoomArchive } from "@bullpen/domain/room-archive";
import { addToHash, canonicalMessage, digestPrefix, hashText } from "@bullpen/domain/room-hash";
import { removeFile } from "@bullpen/files/blob-store";
import type { Identity } from "../identity.ts";
import { keepFile } from "../kept-file.ts";
import { bytesOf, linesOf, textOf } from "./archive-lines.ts";
import type { Progress } from "./progress.ts";
import { type TarEntry, tarEntries } from "./ustar.ts";

export interface ImportWish {
	readonly userId: string;
	/** As the archive has them unless it is said otherwise. */
	readonly name?: string | undefined;
	readonly visibility?: "public" | "private" | undefined;
	/** People of the archive who have another id here. */
	readonly people: Readonly<Record<string, string>>;
}
export interface Imported {
	readonly roomId: string;
	readonly name: string;
	/** That of the archive, if nobody got another id. */
	readonly hash: string;
	readonly messages: number;
	readonly files: number;
	/** Files of messages that the archive does not have. */
	readonly missingFiles: number;
	/** Profiles that were made for people whom nobody here knew. */
	readonly people: number;
}
type Held = Pick<Identity, "callActor" | "blobs" | "settings" | "pictureTurns">;

/** An archive that was looked at from beginning to end. */
interface Checked {
	readonly archive: RoomArchive;
	readonly lines: TarEntry;
	readonly files: ReadonlyMap<string, TarEntry>;
	readonly attachments: ReadonlyMap<string, MessageAttachment>;
	readonly table: PeopleTable;
	/** Whom messages name, by their ids here. */
	readonly named: ReadonlySet<string>;
	readonly hash: string;
}

const DESCRIPTION_BYTES_MAX = 4 * 1024 * 1024;
const LINES_CHARS_MAX = 384 * 1024;
const LINES_MAX = 250;
const PEOPLE_AT_ONCE = 200;

/**
 * Makes a room of an archive. All of it is looked at before anything is made, and nobody sees the room before it is whole.
 * @throws Problem `bad_input` with `line` and `file` · `name_taken` `text_*` `rate_limited` `busy`
 */
export async function importRoom(
	held: Held,
	file: FileHandle,
	wish: ImportWish,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<Imported> {
	const checked = await check(held, file, wish, tell, signal);
	const { archive, files, table, named, hash } = checked;
	const { floorSeq, head, room } = archive;
	const name = wish.name ?? room.name;
	const extent = { floorSeq, headSeq: head.seq, version: head.version };
	const { roomId } = await held.callActor("directory", "main", "beginImport", { userId: wish.userId, name, ...extent });
	const kept: string[] = [];
	try {
		await bringMessages(held, file, roomId, checked, tell, signal);
		await bringFiles(held, file, { roomId, userId: wish.userId }, checked, kept, tell, signal);
		const people = await bringPeople(held, archive, table, named);
		await held.callActor("directory", "main", "finishImport", {
			roomId,
			userId: wish.userId,
			name,
			topic: room.topic,
			visibility: wish.visibility ?? (room.visibility === "public" ? "public" : "private"),
			headSeq: head.seq,
			hash,
		});
		const missingFiles = checked.attachments.size - files.size;
		return { roomId, name, hash, messages: head.seq - floorSeq + 1, files: files.size, missingFiles, people };
	} catch (error) {
		for (const id of kept) await removeFile(held.blobs, roomId, id);
		throw error;
	}
}

/** Reads everything once and refuses what no room could have kept. */
async function check(
	{ settings: { limits } }: Held,
	file: FileHandle,
	wish: ImportWish,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<Checked> {
	const { description, lines, files } = await entriesOf(file);
	const archive = readRoomArchive(await textOf(file, description, DESCRIPTION_BYTES_MAX), limits);
	const messages = new ArchivedMessages(archive, Date.now(), limits);
	const count = archive.head.seq - archive.floorSeq + 1;
	const everybody = new Set(archive.people.map(({ id }) => id));
	const table = peopleTable(wish.people, everybody);
	const named = new Set<string>();
	let [sum, original, done] = [0n, 0n, 0];
	for await (const line of linesOf(file, lines, limits.archiveLineBytesMax)) {
		signal.throwIfAborted();
		const message = messages.read(line);
		const ours = withPeople(message, table);
		original = addToHash(original, prefixOf(message));
		sum = addToHash(sum, prefixOf(ours));
		for (const userId of mentionsIn(message.text).userIds) everybody.add(userId);
		for (const userId of mentionsIn(ours.text).userIds) named.add(userId);
		done += 1;
		tell({ step: "messages", done, of: 2 * count });
	}
	messages.end();
	if (archive.hash !== undefined && hashText(original) !== archive.hash) {
		throw new Problem("bad_input", "These are not the messages that were exported: their hash is another.", {
			file: "messages.jsonl",
			hash: hashText(original),
			expected: archive.hash,
		});
	}
	for (const [id, { bytes }] of files) {
		const attachment = messages.files.get(id);
		if (attachment?.bytes === bytes && bytes <= limits.messageFileBytesMax) continue;
		throw new Problem("bad_input", `files/${id} is not the file of a message.`, { file: `files/${id}` });
	}
	for (const userId of messages.people) {
		everybody.add(userId);
		named.add(table.get(userId) ?? userId);
	}
	peopleTable(wish.people, everybody); // messages may name people whom the archive does not list
	return { archive, lines, files, attachments: messages.files, table, named, hash: hashText(sum) };
}

async function entriesOf(
	file: FileHandle,
): Promise<{ description: TarEntry; lines: TarEntry; files: Map<string, TarEntry> }> {
	const files = new Map<string, TarEntry>();
	const whole = new Map<string, TarEntry>();
	for await (const entry of tarEntries(file, isOurs)) {
		if (entry.name.startsWith("files/")) files.set(entry.name.slice("files/".length), entry);
		else whole.set(entry.name, entry);
	}
	const [description, lines] = [whole.get("room.json"), whole.get("messages.jsonl")];
	if (description !== undefined && lines !== undefined) return { description, lines, files };
	throw new Problem("bad_input", "This is not an archive of a room. room.json or messages.jsonl is missing.");
}

const isOurs = (name: string): boolean =>
	name === "room.json" ||
	name === "messages.jsonl" ||
	(name.startsWith("files/") && MessageAttachmentId.safeParse(name.slice("files/".length)).success);

async function bringMessages(
	{ callActor, settings: { limits } }: Held,
	file: FileHandle,
	roomId: string,
	{ archive, lines, table }: Checked,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<void> {
	const count = archive.head.seq - archive.floorSeq + 1;
	let done = 0;
	let some: string[] = [];
	let chars = 0;
	const bring = async (): Promise<void> => {
		signal.throwIfAborted();
		if (some.length > 0) await callActor("chatRoom", roomId, "importRows", { lines: some.join("\n") });
		done += some.length;
		some = [];
		chars = 0;
		tell({ step: "messages", done: count + done, of: 2 * count });
	};
	for await (const line of linesOf(file, lines, limits.archiveLineBytesMax)) {
		const ours = table.size === 0 ? line : JSON.stringify(withPeople(JSON.parse(line) as Message, table)); // `check` parsed it
		if (some.length === LINES_MAX || chars + ours.length > LINES_CHARS_MAX) await bring();
		some.push(ours);
		chars += ours.length;
	}
	await bring();
}

/** A file is what its bytes are: the same as its message says, or it is refused. */
async function bringFiles(
	held: Held,
	file: FileHandle,
	into: { readonly roomId: string; readonly userId: string },
	{ files, attachments }: Checked,
	kept: string[],
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<void> {
	for (const [id, entry] of files) {
		signal.throwIfAborted();
		tell({ step: "files", done: kept.length, of: files.size });
		kept.push(id);
		const { mimeType, width, height } = await keepFile(held, { ...into, id }, bytesOf(file, entry));
		const said = attachments.get(id);
		if (said?.mimeType !== mimeType || said.width !== width || said.height !== height) {
			throw new Problem("bad_input", `files/${id} is not what its message says.`, { file: `files/${id}`, mimeType });
		}
	}
}

async function bringPeople(
	{ callActor }: Held,
	{ people }: RoomArchive,
	table: PeopleTable,
	named: ReadonlySet<string>,
): Promise<number> {
	const wanted = people.map(({ id, name }) => ({ id: table.get(id) ?? id, name })).filter(({ id }) => named.has(id));
	let made = 0;
	for (let from = 0; from < wanted.length; from += PEOPLE_AT_ONCE) {
		const some = wanted.slice(from, from + PEOPLE_AT_ONCE);
		made += (await callActor("directory", "main", "importPeople", { people: some })).made;
	}
	return made;
}

const prefixOf = (message: Message): bigint =>
	digestPrefix(createHash("sha256").update(canonicalMessage(message)).digest());
