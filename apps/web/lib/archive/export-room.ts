import { type FileHandle, open, rename, rm } from "node:fs/promises";
import type { ServerRole } from "@bullpen/domain/identity";
import { Problem } from "@bullpen/domain/problem";
import type { RoomArchive } from "@bullpen/domain/room-archive";
import type { ActionOutput } from "@bullpen/domain/wire";
import { fileName } from "@bullpen/files/blob-store";
import type { Identity } from "../identity.ts";
import type { Progress } from "./progress.ts";
import { Spool } from "./spool.ts";
import { TAR_END, tarHeader, tarPadding } from "./ustar.ts";

interface Asked {
	readonly roomId: string;
	readonly person: { readonly id: string; readonly role: ServerRole };
	/** Where the archive is to be; beside it, while it is made, what it is made of. */
	readonly path: string;
	/** Asked before anything is written. @throws Problem `queue_full` */
	readonly spend: (bytes: number) => Promise<void>;
	readonly begun: ActionOutput<"chatRoom", "beginExport">;
}
export interface Exported {
	readonly messages: number;
	readonly files: number;
	/** Files of messages that are not there: they were let go while this went on. */
	readonly missingFiles: number;
	readonly bytes: number;
	readonly hash: string;
}
type Held = Pick<Identity, "callActor" | "blobs">;

/**
 * Writes a room as it stands at one moment, the last page's, into an archive: `room.json`, `messages.jsonl`, `files/<id>`. All
 * of it is there at the end or nothing.
 * @throws Problem `forbidden` once its person may not have it any more · `busy` · `queue_full`
 */
export async function exportRoom(
	held: Held,
	asked: Asked,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<Exported> {
	const spool = await Spool.open(`${asked.path}.spool`);
	const part = `${asked.path}.part`;
	try {
		const { head, floorSeq, hash: roomHash } = await readAll(held, asked, spool, tell, signal);
		const { bytes, hash, fileIds } = spool.settle(floorSeq);
		if (hash !== roomHash) throw new Error(`an export of ${asked.roomId} comes to ${hash}, not ${roomHash}`);
		const { room, members } = asked.begun;
		const { id, name, topic, visibility, createdAt, archivedAt } = room;
		const description: RoomArchive = {
			format: "bullpen-room",
			formatVersion: 1,
			exportedAt: Date.now(),
			exportedBy: asked.person.id,
			room: { id, name, topic, visibility, createdAt, ...(archivedAt === undefined ? {} : { archivedAt }) },
			members: members.map((member) => ({ id: member.id, role: member.role, status: member.status })),
			people: await namesOf(held, new Set([...spool.people, ...members.map((member) => member.id)])),
			head: { seq: head.seq, version: head.version },
			floorSeq,
			hash,
		};
		const archive = new Archive(await open(part, "wx", 0o600), description.exportedAt);
		try {
			await archive.addWhole("room.json", Buffer.from(`${JSON.stringify(description, null, "\t")}\n`));
			await asked.spend(bytes);
			await archive.add("messages.jsonl", bytes, spool.lines(), signal);
			const files = await addFiles(held, asked, fileIds, archive, tell, signal);
			const size = await archive.end();
			await rename(part, asked.path);
			return { messages: spool.count, files, missingFiles: fileIds.length - files, bytes: size, hash };
		} finally {
			await archive.close();
		}
	} finally {
		await spool.close();
		await rm(part, { force: true });
	}
}

async function readAll(
	{ callActor }: Held,
	{ roomId, person, spend, begun }: Asked,
	spool: Spool,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<ActionOutput<"chatRoom", "exportRows">> {
	const of = begun.head.seq - begun.floorSeq + 1;
	const who = { userId: person.id, role: person.role, epoch: begun.head.epoch };
	for (let after = 0; ; ) {
		signal.throwIfAborted();
		const page = await callActor("chatRoom", roomId, "exportRows", { ...who, after });
		await spool.add(page.messages, spend);
		tell({ step: "messages", done: Math.min(of, spool.count), of });
		if (page.caughtUp) return page;
		after = page.to;
	}
}

async function addFiles(
	{ blobs }: Held,
	{ roomId, spend }: Pick<Asked, "roomId" | "spend">,
	fileIds: readonly string[],
	archive: Archive,
	tell: (progress: Progress) => void,
	signal: AbortSignal,
): Promise<number> {
	let added = 0;
	for (const [done, id] of fileIds.entries()) {
		signal.throwIfAborted();
		tell({ step: "files", done, of: fileIds.length });
		const blob = await blobs.open(fileName(roomId, id));
		if (blob === undefined) continue;
		try {
			await spend(blob.bytes);
			await archive.add(`files/${id}`, blob.bytes, blob.stream, signal);
		} finally {
			blob.stream.destroy();
		}
		added += 1;
	}
	return added;
}

const NAMES_AT_ONCE = 100;

/** What people are called here; whom nobody knows any more, by their id. */
async function namesOf({ callActor }: Held, userIds: ReadonlySet<string>): Promise<{ id: string; name: string }[]> {
	const ids = [...userIds].sort();
	const people: { id: string; name: string }[] = [];
	for (let from = 0; from < ids.length; from += NAMES_AT_ONCE) {
		const some = ids.slice(from, from + NAMES_AT_ONCE);
		const named = new Map((await callActor("directory", "main", "getNames", { userIds: some })).names);
		people.push(...some.map((id) => ({ id, name: named.get(id) ?? id })));
	}
	return people;
}

/** A tar file that is written. */
class Archive {
	readonly #file: FileHandle;
	readonly #at: number;
	#size = 0;

	constructor(file: FileHandle, at: number) {
		this.#file = file;
		this.#at = at;
	}

	async addWhole(name: string, content: Buffer): Promise<void> {
		await this.#write(tarHeader(name, content.length, this.#at), content, tarPadding(content.length));
	}

	/** @throws Problem `busy` when the content is not as long as was said */
	async add(name: string, bytes: number, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
		await this.#write(tarHeader(name, bytes, this.#at));
		let written = 0;
		for await (const chunk of content) {
			signal.throwIfAborted();
			await this.#write(chunk);
			written += chunk.byteLength;
		}
		if (written !== bytes) throw new Problem("busy", `${name} changed while it was read. Begin again.`);
		await this.#write(tarPadding(bytes));
	}

	async end(): Promise<number> {
		await this.#write(TAR_END);
		return this.#size;
	}

	close(): Promise<void> {
		return this.#file.close();
	}

	async #write(...pieces: readonly Uint8Array[]): Promise<void> {
		for (const piece of pieces) {
			if (piece.byteLength === 0) continue;
			await this.#file.appendFile(piece);
			this.#size += piece.byteLength;
		}
	}
}
