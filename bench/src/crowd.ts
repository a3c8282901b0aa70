import { setTimeout as sleep } from "node:timers/promises";
import { naiveHall } from "./naive/seat.ts";
import { oursHall } from "./ours/seat.ts";
import type { Hall, Seat } from "./seat.ts";
import { summaryOf } from "./statistics.ts";
import type { Measured, Task, Work } from "./task.ts";

const TEXT = "x".repeat(80);
const OPENING_WIDTH = 25;
/** How long an audience may stay incomplete without hearing anything new before it counts as lost. */
const SILENCE_MS = 3_000;

const NOTHING: Measured = {
	times: summaryOf([]),
	deliveries: summaryOf([]),
	elapsedMs: 0,
	acknowledged: 0,
	errors: 0,
	lost: 0,
};

/** Does the work and checks every count exactly. @throws Error when a count is wrong. */
export async function doTask({ place, rooms, work }: Task): Promise<Measured> {
	const hall = place.kind === "naive" ? naiveHall(place.endpoint) : oursHall(place);
	try {
		return await doWork(hall, rooms, work);
	} finally {
		await hall.close();
	}
}

async function doWork(hall: Hall, rooms: readonly string[], work: Work): Promise<Measured> {
	const room = rooms[0] ?? "";
	switch (work.type) {
		case "alone":
			return await talk(hall, room, { senders: 1, listeners: 0, sendsEach: work.sends });
		case "together":
			return await talk(hall, room, work);
		case "audience":
			return await broadcast(hall, room, work);
		case "pages":
			return await readPages(hall, room, work);
		case "open":
			return await timeEach(1, async () => {
				const seat = await hall.open(room, personOf(0));
				expectCount("rows of the first page", (await seat.page(undefined, work.rows)).length, work.rows);
				await seat.close();
			});
		case "catch-up":
			return await timeEach(work.times, async () => {
				const seat = await hall.open(room, personOf(0));
				expectCount("rows caught up", await seat.catchUp(work.missed), work.missed);
				await seat.close();
			});
		case "join":
			return await joinAtOnce(hall, room, work.people);
		case "rooms":
			return await manyRooms(hall, rooms, work);
		case "fill":
			await hall.fill(room, work.messages, TEXT);
			return NOTHING;
	}
}

async function talk(
	hall: Hall,
	room: string,
	work: Omit<Extract<Work, { type: "together" }>, "type">,
): Promise<Measured> {
	const seats = await openMany(hall, room, work.senders + work.listeners);
	const senders = seats.slice(0, work.senders);
	const before = await headOf(seats);
	const audience = seats.slice(work.senders).map((seat) => new Listener(seat));
	const tally = new Tally();
	const started = performance.now();
	await Promise.all(
		senders.map(async (seat) => {
			for (let i = 0; i < work.sendsEach; i++) await tally.send(seat);
		}),
	);
	const elapsedMs = performance.now() - started;
	const lost = await converge(audience, tally.seqs);
	tally.check(await headOf(seats), before);
	await Promise.all(seats.map((seat) => seat.close()));
	return tally.measured(elapsedMs, audience, lost);
}

async function broadcast(hall: Hall, room: string, work: Extract<Work, { type: "audience" }>): Promise<Measured> {
	const [speaker, ...seats] = await openMany(hall, room, work.listeners + 1);
	if (!speaker) throw new Error("nobody to speak");
	const before = await speaker.headSeq();
	const audience = seats.map((seat) => new Listener(seat));
	const tally = new Tally();
	const started = performance.now();
	await atPace(work.perSecond, work.seconds, () => tally.send(speaker));
	const elapsedMs = performance.now() - started;
	const lost = await converge(audience, tally.seqs);
	tally.check(await speaker.headSeq(), before);
	await Promise.all([speaker, ...seats].map((seat) => seat.close()));
	return tally.measured(elapsedMs, audience, lost);
}

async function readPages(hall: Hall, room: string, work: Extract<Work, { type: "pages" }>): Promise<Measured> {
	const seat = await hall.open(room, personOf(0));
	const head = await seat.headSeq();
	const measured = await timeEach(work.times, async () => {
		const before = Math.floor(work.rows + 1 + Math.random() * (head - work.rows));
		expectCount("rows of a page", (await seat.page(before, work.rows)).length, work.rows);
	});
	await seat.close();
	return measured;
}

async function joinAtOnce(hall: Hall, room: string, people: number): Promise<Measured> {
	const started = performance.now();
	const times: number[] = [];
	const opened = await Promise.allSettled(
		Array.from({ length: people }, async (_, i) => {
			const seat = await hall.open(room, personOf(i));
			await seat.page(undefined, 50);
			times.push(performance.now() - started);
			return seat;
		}),
	);
	const elapsedMs = performance.now() - started;
	await Promise.all(opened.map((each) => (each.status === "fulfilled" ? each.value.close() : undefined)));
	const errors = opened.filter((each) => each.status === "rejected").length;
	return { ...NOTHING, times: summaryOf(times), elapsedMs, errors, acknowledged: people - errors };
}

async function manyRooms(
	hall: Hall,
	rooms: readonly string[],
	work: Extract<Work, { type: "rooms" }>,
): Promise<Measured> {
	const seats: Seat[] = [];
	for (let i = 0; i < rooms.length; i += OPENING_WIDTH) {
		const some = rooms.slice(i, i + OPENING_WIDTH);
		seats.push(...(await Promise.all(some.flatMap((room) => [0, 1].map((n) => hall.open(room, personOf(n)))))));
	}
	const tally = new Tally();
	const started = performance.now();
	await Promise.all(
		seats.map(async (seat, i) => {
			await sleep((i / seats.length) * (1_000 / work.perSecond));
			await atPace(work.perSecond, work.seconds, () => tally.send(seat));
		}),
	);
	const elapsedMs = performance.now() - started;
	await Promise.all(seats.map((seat) => seat.close()));
	return tally.measured(elapsedMs, [], 0);
}

/** Sends that were made, and what came of them. */
class Tally {
	readonly seqs: number[] = [];
	readonly #times: number[] = [];
	#errors = 0;

	async send(seat: Seat): Promise<void> {
		const started = performance.now();
		try {
			this.seqs.push(await seat.send(`${started} ${TEXT}`));
			this.#times.push(performance.now() - started);
		} catch {
			this.#errors++; // counted and shown; the budget for them is zero
		}
	}

	/** Every acknowledged message has its own seq, and without errors the room grew by exactly these. */
	check(head: number, before: number): void {
		expectCount("different seqs", new Set(this.seqs).size, this.seqs.length);
		if (this.#errors === 0) expectCount("messages in the room", head - before, this.seqs.length);
		if (head - before < this.seqs.length) throw new Error(`acknowledged ${this.seqs.length}, stored ${head - before}`);
	}

	measured(elapsedMs: number, audience: readonly Listener[], lost: number): Measured {
		return {
			times: summaryOf(this.#times),
			deliveries: summaryOf(audience.flatMap((each) => each.times)),
			elapsedMs,
			acknowledged: this.seqs.length,
			errors: this.#errors,
			lost,
		};
	}
}

/** Hears a room and remembers what, when and how often. */
class Listener {
	readonly seat: Seat;
	readonly times: number[] = [];
	readonly #heard = new Set<number>();

	constructor(seat: Seat) {
		this.seat = seat;
		seat.listen((seq, text) => {
			if (this.#heard.has(seq)) throw new Error(`message ${seq} was heard twice`);
			this.#heard.add(seq);
			this.times.push(performance.now() - Number(text.slice(0, text.indexOf(" "))));
		});
	}

	get count(): number {
		return this.#heard.size;
	}

	missing(seqs: readonly number[]): number {
		return seqs.filter((seq) => !this.#heard.has(seq)).length;
	}
}

/** Waits until everybody has heard everything, or nobody hears more; answers with what is missing after that. */
async function converge(audience: readonly Listener[], seqs: readonly number[]): Promise<number> {
	const heard = (): number => audience.reduce((sum, each) => sum + each.count, 0);
	let before = -1;
	for (let silentMs = 0; heard() < audience.length * seqs.length && silentMs < SILENCE_MS; silentMs += 50) {
		if (heard() !== before) silentMs = 0;
		before = heard();
		await sleep(50);
	}
	await Promise.all(audience.map((each) => each.seat.sync()));
	return audience.reduce((sum, each) => sum + each.missing(seqs), 0);
}

async function atPace(perSecond: number, seconds: number, act: () => Promise<void>): Promise<void> {
	const started = performance.now();
	const acts: Promise<void>[] = [];
	for (let i = 0; i < perSecond * seconds; i++) {
		await sleep(Math.max(0, started + (i * 1_000) / perSecond - performance.now()));
		acts.push(act());
	}
	await Promise.all(acts);
}

async function timeEach(times: number, act: () => Promise<void>): Promise<Measured> {
	const taken: number[] = [];
	const begun = performance.now();
	for (let i = 0; i < times; i++) {
		const started = performance.now();
		await act();
		taken.push(performance.now() - started);
	}
	return { ...NOTHING, times: summaryOf(taken), elapsedMs: performance.now() - begun };
}

async function openMany(hall: Hall, room: string, people: number): Promise<Seat[]> {
	const seats: Seat[] = [];
	for (let i = 0; i < people; i += OPENING_WIDTH) {
		const some = Array.from({ length: Math.min(OPENING_WIDTH, people - i) }, (_, n) => personOf(i + n));
		seats.push(...(await Promise.all(some.map((person) => hall.open(room, person)))));
	}
	return seats;
}

const headOf = async (seats: readonly Seat[]): Promise<number> => (await seats[0]?.headSeq()) ?? 0;
const personOf = (n: number): string => `bench-${n}`;

function expectCount(what: string, is: number, wanted: number): void {
	if (is !== wanted) throw new Error(`${what}: ${is}, not ${wanted}`);
}
