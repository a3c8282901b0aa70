import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { startStack } from "@bullpen/engine/stack";
import { stockClient } from "../ours/seat.ts";
import { Signer } from "../ours/ticket.ts";
import { putToSleep, roomsAwake } from "../sleep.ts";
import { within } from "../within.ts";
import { talkOf } from "./talk.ts";

const OPEN_MS = 30_000;
const INDEX_MS = 20 * 60_000;
const LANES = 6;
const TRIES = 5;
const ASLEEP_MS = 3_000;
const OWNER = "bench-0";

/** A bench wants to see what lies beyond the rates that protect a server from people. */
const RAISED = {
	callBurstPerConnection: 1e9,
	callBurstPerPerson: 1e9,
	roomsOpenedPerHour: 1e9,
	edgeHandshakeBurstPerAddress: 1e9,
	edgeHandshakesPerSecondPerAddress: 1e9,
};

export interface SearchSizes {
	readonly rooms: number;
	readonly messages: number;
	/** Of each kind. */
	readonly queries: number;
}
export type SearchLink = Awaited<ReturnType<SearchStand["open"]>>;

/** Rooms that were filled as an import fills them, and told the index themselves, as production runs them. */
export class SearchStand {
	readonly #stack: Awaited<ReturnType<typeof startStack>>;
	readonly #dataFolder: string;
	readonly #direct: ReturnType<typeof stockClient>;
	readonly #client: ReturnType<typeof stockClient>;
	readonly #signer: Signer;
	readonly roomIds: string[] = [];

	private constructor(stack: Awaited<ReturnType<typeof startStack>>, dataFolder: string) {
		this.#stack = stack;
		this.#dataFolder = dataFolder;
		this.#direct = stockClient(stack.engineUrl);
		this.#client = stockClient(`${stack.publicUrl}/rivet`);
		this.#signer = new Signer(join(dataFolder, "keys"));
	}

	static async start(): Promise<SearchStand> {
		const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-bench-"));
		const env = { BULLPEN_LIMITS: JSON.stringify(RAISED) };
		const stack = await startStack({
			dataFolder,
			mode: "test",
			parts: ["engine", "rooms", "edge"],
			env: { rooms: env, edge: env },
		});
		const stand = new SearchStand(stack, dataFolder);
		await stand.#directory().registerPerson({ userId: OWNER, name: OWNER, role: "member" });
		return stand;
	}

	async stop(): Promise<void> {
		await Promise.all([this.#direct.dispose(), this.#client.dispose()]);
		await this.#stack.stop();
		rmSync(this.#dataFolder, { recursive: true, force: true, maxRetries: 5 });
	}

	get processes(): Readonly<Record<string, readonly number[]>> {
		const { engine, rooms } = this.#stack.pids();
		return { engine: engine === undefined ? [] : [engine], rooms: rooms === undefined ? [] : [rooms] };
	}

	/** Makes the rooms and fills them. Resolves when each has acknowledged all of it. */
	async fill({ rooms, messages }: SearchSizes, told: (done: number) => void): Promise<void> {
		const each = Math.floor(messages / rooms);
		const now = Date.now();
		let next = 0;
		let done = 0;
		const lane = async (): Promise<void> => {
			for (let room = next++; room < rooms; room = next++) {
				this.roomIds.push(await this.#fillRoom(room, rooms, each, now));
				done += each;
				told(done);
			}
		};
		await Promise.all(Array.from({ length: LANES }, lane));
	}

	/** Resolves when the index has them, as the rooms tell it. */
	async indexed(messages: number, told: (done: number) => void): Promise<void> {
		for (let waitedMs = 0; ; waitedMs += 1_000) {
			const done = this.#indexedNow();
			told(done);
			if (done >= messages) return;
			if (waitedMs > INDEX_MS) throw new Error(`only ${done} of ${messages} messages came to the index`);
			await sleep(1_000);
		}
	}

	/** Puts all rooms to sleep. The answer is how many sleep, of one: some have something to do just then. */
	async sleepAll(): Promise<number> {
		const engine = this.#engine;
		const waiting = [...this.roomIds];
		let awake = 0;
		const lane = async (): Promise<void> => {
			for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) {
				await putToSleep(engine, room, ASLEEP_MS).catch(() => (awake += 1));
			}
		};
		await Promise.all(Array.from({ length: LANES }, lane));
		return 1 - awake / this.roomIds.length;
	}

	/** How many rooms are awake, or were just called. */
	awake(): Promise<number> {
		return roomsAwake(this.#engine);
	}

	async open() {
		const getParams = async () => this.#signer.ticket(OWNER, "search", "main");
		const connection = this.#client.search.get(["main"], { getParams }).connect();
		await within(OPEN_MS, "connecting", connection.ready);
		return connection;
	}

	/** Bytes of the index's files. */
	indexBytes(): number {
		const folder = join(this.#dataFolder, "search");
		return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
	}

	#indexedNow(): number {
		const index = new DatabaseSync(join(this.#dataFolder, "search", "main.db"), { readOnly: true });
		try {
			return Number(index.prepare("SELECT count(*) AS count FROM messages").get()?.count ?? 0);
		} finally {
			index.close();
		}
	}

	get #engine() {
		return { url: this.#stack.engineUrl, token: this.#stack.engineToken };
	}

	#directory() {
		return this.#direct.directory.get(["main"], { params: this.#signer.service("directory", "main") });
	}

	async #fillRoom(room: number, rooms: number, messages: number, now: number): Promise<string> {
		const name = `room ${room}`;
		const extent = { floorSeq: 1, headSeq: messages, version: messages };
		const { roomId } = await this.#directory().beginImport({ userId: OWNER, name, ...extent });
		const nextPage = talkOf(room, rooms, messages, now);
		let hash = "";
		for (let page = nextPage(); page.length > 0; page = nextPage()) {
			const actor = this.#direct.chatRoom.get([roomId], { params: this.#signer.service("chatRoom", roomId) });
			const lines = page.map((message) => JSON.stringify(message)).join("\n");
			({ hash } = await again(() => actor.importRows({ lines })));
		}
		const finished = {
			roomId,
			userId: OWNER,
			name,
			topic: "",
			visibility: "private",
			headSeq: messages,
			hash,
		} as const;
		await again(() => this.#directory().finishImport(finished));
		return roomId;
	}
}

/** Twice is once for what this is used for, and filling a million messages is a flood that people do not make. */
async function again<Result>(run: () => Promise<Result>): Promise<Result> {
	for (let tried = 1; ; tried++) {
		try {
			return await run();
		} catch (error) {
			if (tried === TRIES) throw error;
			await sleep(1_000);
		}
	}
}
