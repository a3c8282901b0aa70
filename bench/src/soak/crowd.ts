import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RawRoom } from "../ours/raw-room.ts";
import { stockClient, stockRoom } from "../ours/seat.ts";
import { Signer } from "../ours/ticket.ts";
import { atPace, until } from "../pace.ts";
import { PEOPLE } from "../seat.ts";
import { summaryOf } from "../statistics.ts";
import { within } from "../within.ts";
import { Follower } from "./follower.ts";
import { type Progress, SOAK, type SoakTask } from "./record.ts";

const SEND_MS = 20_000;
const TRIES = 10;
const TRY_AGAIN_MS = 500;
const ENTRY_TRIES = 3;
const REASONS_MAX = 20;
const CONVERGE_MS = 60_000;
const OPENING_WIDTH = 20;
const TEXT = "x".repeat(80);

/** People who talk and people who come and go, until the time is up. Then everybody has to know the same room. */
export class SoakCrowd {
	readonly #task: SoakTask;
	readonly #signer: Signer;
	readonly #seqs = new Set<number>();
	readonly #twice: string[] = [];
	#followers: Follower[] = [];
	#keepers: Follower[] = [];
	#ackMs: number[] = [];
	#acknowledged = 0;
	#again = 0;
	#failed = 0;
	/** Why anything had to be made again. */
	readonly #reasons = new Map<string, number>();
	#left = 0;
	#leftWrong = 0;
	#leftComebacks = 0;
	#isOver = false;

	constructor(task: SoakTask) {
		this.#task = task;
		this.#signer = new Signer(task.place.keys);
	}

	/** @returns what went wrong. */
	async run(): Promise<string[]> {
		this.#keepers = await this.#enter(SOAK.keepers, true);
		for (let i = 0; i < SOAK.listeners; i += OPENING_WIDTH)
			this.#followers.push(...(await this.#enter(Math.min(OPENING_WIDTH, SOAK.listeners - i))));
		const before = this.#keepers[0]?.seq ?? 0;
		const others = [this.#churn(), this.#slowDown()];
		await this.#talk();
		this.#isOver = true;
		await Promise.all(others);
		return await this.#judge(before);
	}

	progress(): Progress {
		const seqs = this.#followers.map((each) => each.seq);
		const ackP99Ms = summaryOf(this.#ackMs).p99;
		this.#ackMs = [];
		return {
			acknowledged: this.#acknowledged,
			again: this.#again,
			failed: this.#failed,
			listeners: this.#followers.length,
			left: this.#left,
			comebacks: this.#leftComebacks + this.#followers.reduce((sum, each) => sum + each.comebacks, 0),
			ackP99Ms,
			behindMax: Math.max(0, this.#head() - Math.min(...seqs)),
		};
	}

	async #talk(): Promise<void> {
		const { place, room, minutes } = this.#task;
		const client = stockClient(place.endpoint);
		const lanes = Array.from({ length: SOAK.senders }, async (_, i) => {
			const connection = stockRoom(client, this.#signer, room, `bench-${i}`);
			await connection.join({});
			const send = (text: string, nonce: string) => connection.sendMessage({ text, nonce });
			await sleep((i / SOAK.perSecond) * 1_000);
			await atPace(SOAK.perSecond / SOAK.senders, minutes * 60, () => this.#send(send));
		});
		await Promise.all(lanes);
		await client.dispose();
	}

	/** As an outbox does: the same nonce until it is acknowledged. */
	async #send(send: (text: string, nonce: string) => Promise<{ id: number }>): Promise<void> {
		const nonce = randomBytes(12).toString("base64url");
		const started = performance.now();
		for (let i = 0; i < TRIES; i++) {
			try {
				const { id } = await within(SEND_MS, "sending", send(TEXT, nonce));
				if (this.#seqs.has(id)) this.#twice.push(`${id} (${nonce}, try ${i + 1})`);
				this.#seqs.add(id);
				this.#acknowledged++;
				this.#ackMs.push(performance.now() - started);
				return;
			} catch (error) {
				this.#again++; // shown in the record; only what stays unacknowledged is a problem
				this.#why(error);
				await sleep(TRY_AGAIN_MS);
			}
		}
		this.#failed++;
	}

	async #churn(): Promise<void> {
		while (!this.#isOver) {
			await sleep(1_000);
			const [newcomers] = await Promise.all([this.#enter(SOAK.churnPerSecond), this.#leave(SOAK.churnPerSecond)]);
			this.#followers.push(...newcomers);
		}
	}

	async #leave(count: number): Promise<void> {
		const leavers = this.#followers.splice(0, count);
		await Promise.all(leavers.map((each) => each.leave()));
		this.#left += leavers.length;
		this.#leftWrong += leavers.reduce((sum, each) => sum + each.wrong, 0);
		this.#leftComebacks += leavers.reduce((sum, each) => sum + each.comebacks, 0);
	}

	async #slowDown(): Promise<void> {
		const slow = new Set<Promise<void>>();
		while (!this.#isOver) {
			for (let i = 0; i < SOAK.slow; i++) {
				const one = this.#followers[Math.floor(Math.random() * this.#followers.length)];
				const isStuck = Math.random() < 1 / SOAK.stuckOneIn;
				const spell = one?.beSlow(isStuck ? SOAK.stuckMs : Math.random() * SOAK.slowMsMax) ?? Promise.resolve();
				slow.add(spell);
				void spell.then(() => slow.delete(spell));
			}
			await sleep(SOAK.slowEveryMs);
		}
		await Promise.all(slow);
	}

	async #enter(count: number, keeps = false): Promise<Follower[]> {
		const { place, room } = this.#task;
		const connect = (): RawRoom => {
			const person = `bench-${Math.floor(Math.random() * PEOPLE)}`;
			return new RawRoom(place.endpoint, room, this.#signer.ticket(person, "chatRoom", room));
		};
		const entered = await Promise.all(Array.from({ length: count }, () => this.#enterOne(connect, keeps)));
		return entered.flatMap((each) => each ?? []);
	}

	/** As somebody whose page does not open: they load it again, and give up at last. */
	async #enterOne(connect: () => RawRoom, keeps: boolean): Promise<Follower | undefined> {
		for (let i = 0; i < ENTRY_TRIES; i++) {
			try {
				return await Follower.enter(connect, keeps);
			} catch (error) {
				this.#again++;
				this.#why(error);
				await sleep(TRY_AGAIN_MS);
			}
		}
		this.#failed++;
		return undefined;
	}

	#why(error: unknown): void {
		const reason = error instanceof Error ? error.message : String(error);
		if (this.#reasons.has(reason) || this.#reasons.size < REASONS_MAX)
			this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
	}

	async #judge(before: number): Promise<string[]> {
		const everybody = [...this.#keepers, ...this.#followers];
		const head = this.#head();
		await until(() => everybody.every((each) => each.seq === head), CONVERGE_MS);
		const behind = everybody.filter((each) => each.seq !== head).length;
		const wrong = this.#leftWrong + everybody.reduce((sum, each) => sum + each.wrong, 0);
		const differences = await Promise.all(this.#keepers.map((each) => each.difference()));
		const grown = head - before;
		const reasons = [...this.#reasons].map(([reason, count]) => `${count} × ${reason}`).join("; ");
		await Promise.all(everybody.map((each) => each.leave()));
		return [
			...(this.#failed > 0 ? [`${this.#failed} sends or entries failed: ${reasons}`] : []),
			...(grown === this.#seqs.size ? [] : [`${grown} messages in the room, ${this.#seqs.size} acknowledged`]),
			...(this.#twice.length === 0
				? []
				: [`sends were acknowledged with the seq of others: ${this.#twice.join(", ")}`]),
			...(behind > 0 ? [`${behind} listeners did not hear the last message`] : []),
			...(wrong > 0 ? [`${wrong} messages were missed or heard twice`] : []),
			...(differences.length === SOAK.keepers ? [] : ["the keepers are not all there"]),
			...differences.flatMap((difference) => difference ?? []),
		];
	}

	#head(): number {
		return Math.max(0, ...this.#keepers.map((each) => each.seq), ...this.#followers.map((each) => each.seq));
	}
}
