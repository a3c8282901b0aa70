import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RoomId, UnixMs, UserId } from "@bullpen/domain/id";
import type { Limits } from "@bullpen/domain/limits";
import { MessageAttachmentId } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { type BlobStore, removeFile } from "@bullpen/files/blob-store";
import { z } from "zod";
import { refuseFullDisk } from "./free-space.ts";
import { asProblem } from "./problem-response.ts";
import { type CallActor, isAbsent } from "./service-calls.ts";
import type { Settings } from "./settings.ts";

/** An upload that no message is known to have taken; `bytes` as announced until it is there. */
const Waiting = z.strictObject({ roomId: RoomId, userId: UserId, bytes: z.int().min(0), at: UnixMs });
type Waiting = z.infer<typeof Waiting>;

/** Clocks and the moment between a token's end and its last use. */
const MARGIN_MS = 60_000;
const ASKED_AT_ONCE = 100;

/**
 * What was uploaded and waits for its message: a small file of each, so that nothing that was begun is forgotten, whatever
 * dies. The room says whether a message took it; what none took in its time goes.
 */
export class WaitingFiles {
	readonly #folder: string;
	readonly #settings: Pick<Settings, "dataFolder" | "limits">;
	readonly #limits: Limits;
	readonly #store: BlobStore;
	readonly #call: CallActor;
	readonly #uploading = new Set<string>();
	#waiting: Promise<Map<string, Waiting>> | undefined;

	constructor(settings: Settings, store: BlobStore, call: CallActor) {
		this.#settings = settings;
		this.#folder = join(settings.dataFolder, "files-waiting");
		this.#limits = settings.limits;
		this.#store = store;
		this.#call = call;
	}

	/**
	 * Runs an upload under an id of its own. What fails leaves nothing.
	 * @throws Problem `queue_full`, and whatever `upload` throws
	 */
	async during<Result>(
		entry: Omit<Waiting, "at">,
		upload: (id: string) => Promise<Result & { readonly bytes: number }>,
	): Promise<Result> {
		const id = `f-${randomBytes(15).toString("hex")}`;
		await this.#reserve(id, { ...entry, at: Date.now() });
		try {
			await refuseFullDisk(this.#settings, entry.bytes);
			await this.#note(id, { ...entry, at: Date.now() });
			const result = await upload(id);
			await this.#note(id, { ...entry, bytes: result.bytes, at: Date.now() });
			return result;
		} catch (error) {
			await this.#remove(id, entry.roomId);
			throw error;
		} finally {
			this.#uploading.delete(id);
		}
	}

	/** Forgets what messages took, and removes what none took in its time. What cannot be found out now is for the next one. */
	sweep(now: number): Promise<void> {
		return this.#settle(now, () => true);
	}

	/** @throws Problem `queue_full` */
	async #reserve(id: string, entry: Waiting): Promise<void> {
		const waiting = await this.#load();
		const isTheirs = ({ userId }: Waiting): boolean => userId === entry.userId;
		if (this.#isTheirShareFull(waiting, entry)) await this.#settle(entry.at, isTheirs);
		if (this.#isFull(waiting, entry)) await this.#settle(entry.at, () => true);
		if (this.#isTheirShareFull(waiting, entry)) {
			const { messageFilesWaitingMax: max, messageFilesWaitingBytesMax: bytesMax } = this.#limits;
			const words = "Too many files wait to be sent. Send or remove some of them first.";
			throw new Problem("queue_full", words, { max, bytesMax });
		}
		if (this.#isFull(waiting, entry)) {
			throw new Problem("queue_full", "Too many files of everybody wait to be sent. Try again later.");
		}
		// In the same breath, so that whoever comes meanwhile counts it.
		waiting.set(id, entry);
		this.#uploading.add(id);
	}

	#isTheirShareFull(waiting: ReadonlyMap<string, Waiting>, { userId, bytes }: Waiting): boolean {
		const theirs = [...waiting.values()].filter((one) => one.userId === userId);
		const { messageFilesWaitingMax, messageFilesWaitingBytesMax } = this.#limits;
		return theirs.length >= messageFilesWaitingMax || bytesOf(theirs) + bytes > messageFilesWaitingBytesMax;
	}

	#isFull(waiting: ReadonlyMap<string, Waiting>, { bytes }: Waiting): boolean {
		return bytesOf([...waiting.values()]) + bytes > this.#limits.messageFilesWaitingBytesTotalMax;
	}

	async #settle(now: number, which: (one: Waiting) => boolean): Promise<void> {
		const waiting = await this.#load();
		const byRoom = Map.groupBy(
			[...waiting].filter(([id, one]) => !this.#uploading.has(id) && which(one)),
			([, { roomId }]) => roomId,
		);
		for (const [roomId, entries] of byRoom) {
			for (let from = 0; from < entries.length; from += ASKED_AT_ONCE) {
				await this.#settleSome(roomId, entries.slice(from, from + ASKED_AT_ONCE), now);
			}
		}
	}

	async #settleSome(roomId: string, entries: readonly (readonly [string, Waiting])[], now: number): Promise<void> {
		const taken = await this.#taken(
			roomId,
			entries.map(([id]) => id),
		);
		if (taken === null) return;
		const { messageFileUploadMs, messageFileWaitsMs } = this.#limits;
		for (const [id, { at }] of entries) {
			if (taken.has(id)) await this.#forget(id);
			else if (at + messageFileUploadMs + messageFileWaitsMs + MARGIN_MS < now) await this.#remove(id, roomId);
		}
	}

	/** Null when the room cannot say. One that is not there at all took none. */
	async #taken(roomId: string, ids: string[]): Promise<ReadonlySet<string> | null> {
		try {
			return new Set((await this.#call("chatRoom", roomId, "findAttachments", { ids })).ids);
		} catch (error) {
			if (asProblem(error) === undefined) throw error;
			return isAbsent(error) ? new Set() : null;
		}
	}

	async #remove(id: string, roomId: string): Promise<void> {
		await removeFile(this.#store, roomId, id);
		await this.#forget(id);
	}

	async #forget(id: string): Promise<void> {
		await rm(join(this.#folder, id), { force: true });
		(await this.#load()).delete(id);
	}

	async #note(id: string, entry: Waiting): Promise<void> {
		const path = join(this.#folder, id);
		await writeFile(`${path}.part`, JSON.stringify(entry), { mode: 0o600 });
		await rename(`${path}.part`, path);
		(await this.#load()).set(id, entry);
	}

	#load(): Promise<Map<string, Waiting>> {
		this.#waiting ??= this.#read().catch((error: unknown) => {
			this.#waiting = undefined;
			throw error;
		});
		return this.#waiting;
	}

	/** What earlier lives of this process left. */
	async #read(): Promise<Map<string, Waiting>> {
		await mkdir(this.#folder, { recursive: true, mode: 0o700 });
		const waiting = new Map<string, Waiting>();
		for (const name of await readdir(this.#folder)) {
			if (!MessageAttachmentId.safeParse(name).success) continue;
			const read = Waiting.safeParse(parsed(await readFile(join(this.#folder, name), "utf8")));
			if (read.success) waiting.set(name, read.data);
		}
		return waiting;
	}
}

/** A machine that lost its power may leave half of one: whose it was nobody knows. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // as the schema will say
	}
}

const bytesOf = (entries: readonly Waiting[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);
