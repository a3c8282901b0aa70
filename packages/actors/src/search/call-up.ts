import type { Limits } from "@bullpen/domain/limits";
import { Alarm } from "../alarm.ts";
import type { Frame } from "../frame.ts";
import type { Peers } from "../peers.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	/** Whether the index has heard of this room. */
	readonly knows: (roomId: string) => Promise<boolean>;
}

/**
 * Calls up every room that the index never heard of: rooms from before there was one, and all of them when its file was
 * lost. They sleep, so nothing else would make them tell it. One after the other, and again after whatever broke it off.
 */
export class CallUp {
	readonly alarm: Alarm;
	readonly #frame: Frame<unknown>;
	readonly #options: Options;
	#running: Promise<void> | undefined;
	#isDisposed = false;
	#calling = 0;

	constructor(frame: Frame<unknown>, options: Options) {
		this.#frame = frame;
		this.#options = options;
		this.alarm = new Alarm(frame, "callUpAlarm", options.now);
	}

	wake(): Promise<void> {
		return this.alarm.restore();
	}

	/** Whether rooms are still being called up. */
	get isRunning(): boolean {
		return this.#running !== undefined;
	}

	/** Resolves when it is certain to happen. */
	async start(): Promise<void> {
		await this.alarm.ensure(this.#options.limits.searchNoteRetryMs);
		this.#run();
	}

	/** Set anew only while it lasts: a whole round that finds nothing to do is its end. */
	async ring(): Promise<void> {
		this.alarm.rang();
		if (this.isRunning) await this.alarm.ensure(this.#options.limits.searchNoteRetryMs);
		else this.#run();
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		await this.#running;
	}

	#run(): void {
		this.#running ??= this.#frame.keepAwake(this.#tryAll()).finally(() => {
			this.#running = undefined;
		});
	}

	/** Never rejects: what broke it off is tried again. */
	async #tryAll(): Promise<void> {
		try {
			await this.#callAll();
		} catch (error) {
			this.#frame.log.warn({ msg: "rooms could not be called up", called: this.#calling, error: String(error) });
			await this.alarm.ensure(this.#options.limits.searchNoteRetryMs);
		}
	}

	async #callAll(): Promise<void> {
		const { peers, knows, limits } = this.#options;
		let after: string | undefined;
		for (let hasMore = true; hasMore; ) {
			const page = await peers.get("directory", "main").listRoomIds(after === undefined ? {} : { after });
			for (const roomId of page.roomIds) {
				if (this.#isDisposed) return;
				after = roomId;
				if (await knows(roomId)) continue;
				await peers.get("chatRoom", roomId).tellIndex();
				this.#calling += 1;
				await new Promise((resolve) => setTimeout(resolve, limits.searchCallUpMs));
			}
			hasMore = page.hasMore && page.roomIds.length > 0;
		}
	}
}
