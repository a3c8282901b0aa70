import { setTimeout as sleep } from "node:timers/promises";
import { expectCount } from "./count.ts";
import { Listener } from "./listener.ts";
import { naiveHall } from "./naive/seat.ts";
import { oursHall } from "./ours/seat.ts";
import { type Hall, PEOPLE, type Seat } from "./seat.ts";
import { summaryOf } from "./statistics.ts";
import { Tally } from "./tally.ts";
import type { Measured, Task, Work } from "./task.ts";

const TEXT = "x".repeat(80);
const OPENING_WIDTH = 25;
const INBOXES_MS = 15_000;
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
		case "unread":
			return await tellInboxes(hall, room, work);
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
	const audience = await Promise.all(seats.slice(work.senders).map((seat) => Listener.at(seat)));
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
	const audience = await Promise.all(seats.map((seat) => Listener.at(seat)));
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

/** Members who all come back at the same moment, as after a deploy. */
async function joinAtOnce(hall: Hall, room: string, people: number): Promise<Measured> {
	const before = await openMany(hall, room, PEOPLE);
	await Promise.all(before.map((seat) => seat.close()));
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

async function tellInboxes(hall: Hall, room: string, work: Extract<Work, { type: "unread" }>): Promise<Measured> {
	if (!hall.openInbox) throw new Error("rooms here tell nobody");
	const [speaker, ...others] = await openMany(hall, room, work.members);
	if (!speaker) throw new Error("nobody to speak");
	await Promise.all(others.map((seat) => seat.close()));
	const inboxes = await Promise.all(Array.from({ length: work.members }, (_, i) => hall.openInbox?.(personOf(i))));
	const sentAt = new Map<number, number>();
	const told: number[] = [];
	for (const inbox of inboxes) {
		let known = await speaker.headSeq();
		inbox?.onHead((id, headSeq) => {
			for (; id === room && known < headSeq; known++) told.push(performance.now() - (sentAt.get(known + 1) ?? 0));
		});
	}
	const tally = new Tally();
	const started = performance.now();
	for (let i = 0; i < work.sends; i++) {
		const at = performance.now();
		await tally.send(speaker);
		sentAt.set(tally.seqs.at(-1) ?? 0, at);
		await sleep(1_000);
	}
	await until(() => told.length >= work.sends * work.members, INBOXES_MS);
	await Promise.all([speaker.close(), ...inboxes.map((inbox) => inbox?.close())]);
	const lost = work.sends * work.members - told.length;
	return { ...tally.measured(performance.now() - started, [], lost), deliveries: summaryOf(told) };
}

async function until(isDone: () => boolean, waitMs: number): Promise<void> {
	for (let waitedMs = 0; !isDone() && waitedMs < waitMs; waitedMs += 50) await sleep(50);
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
/** So many people, with as many devices each as it takes. */
const personOf = (n: number): string => `bench-${n % PEOPLE}`;
