import { setTimeout as sleep } from "node:timers/promises";
import { Listener } from "./listener.ts";
import type { Processes } from "./meter.ts";
import { atPace } from "./pace.ts";
import { untilQuiet } from "./quiet.ts";
import type { Hall, Seat } from "./seat.ts";
import { closeAll, openMany, openPairs } from "./seats.ts";
import { sumOf, Tally } from "./tally.ts";
import type { Measured, Work } from "./task.ts";
import { Watch } from "./watch.ts";

/** Of the time of a work, before anything counts: compilers warm up and rooms wake. */
const WARM_SHARE = 0.2;
const WARM_MESSAGES = 5;
const WARM_ROOMS_SECONDS = 3;
/** How long an audience may stay incomplete without hearing anything new before it counts as lost. */
const SILENCE_MS = 3_000;

type Of<Type extends Work["type"]> = Extract<Work, { readonly type: Type }>;

export async function talk(hall: Hall, room: string, work: Of<"together">, of: Processes): Promise<Measured> {
	const senders = await openMany(hall.open, room, work.senders);
	const seats = await openMany(hall.openListener, room, work.listeners, work.senders);
	const before = await headOf(senders);
	const audience = await Promise.all(seats.map((seat) => Listener.at(seat)));
	await untilQuiet([() => of]);
	const tally = new Tally();
	await sendFor(work.seconds * WARM_SHARE, senders, tally);
	forgetTimes([tally], audience);
	const watch = new Watch(of);
	await sendFor(work.seconds, senders, tally);
	watch.stopClock();
	const lost = await converge(audience, tally.seqs);
	const used = watch.read();
	tally.check(await headOf(senders), before);
	await closeAll([...senders, ...seats]);
	return { ...sumOf([tally], audience, lost), ...used };
}

export async function broadcast(hall: Hall, room: string, work: Of<"audience">, of: Processes): Promise<Measured> {
	const [speaker] = await openMany(hall.open, room, 1);
	if (!speaker) throw new Error("nobody to speak");
	const seats = await openMany(hall.openListener, room, work.listeners, 1);
	const before = await speaker.headSeq();
	const audience = await Promise.all(seats.map((seat) => Listener.at(seat)));
	await untilQuiet([() => of]);
	const tally = new Tally();
	await atPace(work.perSecond, WARM_MESSAGES / work.perSecond, () => tally.send(speaker));
	await converge(audience, tally.seqs);
	forgetTimes([tally], audience);
	const watch = new Watch(of);
	await atPace(work.perSecond, work.seconds, () => tally.send(speaker));
	watch.stopClock();
	const lost = await converge(audience, tally.seqs);
	const used = watch.read();
	tally.check(await speaker.headSeq(), before);
	await closeAll([speaker, ...seats]);
	return { ...sumOf([tally], audience, lost), ...used };
}

export async function manyRooms(
	hall: Hall,
	rooms: readonly string[],
	work: Of<"rooms">,
	of: Processes,
): Promise<Measured> {
	const pairs = await openPairs(hall, rooms);
	const tables = await Promise.all(pairs.map((pair) => tableOf(pair)));
	const chat = async (seconds: number): Promise<void> => {
		await Promise.all(
			tables.flatMap(({ pair, tally }, i) =>
				pair.map(async (seat, n) => {
					await sleep(((i + n / 2) / tables.length / work.perSecond) * 1_000);
					await atPace(work.perSecond, seconds, () => tally.send(seat));
				}),
			),
		);
	};
	await untilQuiet([() => of]);
	await chat(WARM_ROOMS_SECONDS);
	for (const { tally, audience } of tables) forgetTimes([tally], audience);
	const watch = new Watch(of);
	await chat(work.seconds);
	watch.stopClock();
	const lost = await Promise.all(tables.map(({ audience, tally }) => converge(audience, tally.seqs)));
	const used = watch.read();
	for (const { pair, tally, before } of tables) tally.check(await pair[0].headSeq(), before);
	await closeAll(pairs.flat());
	const sums = sumOf(
		tables.map((each) => each.tally),
		tables.flatMap((each) => each.audience),
		lost.reduce((sum, each) => sum + each, 0),
	);
	return { ...sums, ...used };
}

async function tableOf(pair: [Seat, Seat]): Promise<{
	pair: [Seat, Seat];
	before: number;
	audience: Listener[];
	tally: Tally;
}> {
	const before = await pair[0].headSeq();
	const audience = await Promise.all(pair.map((seat) => Listener.at(seat)));
	return { pair, before, audience, tally: new Tally() };
}

async function sendFor(seconds: number, senders: readonly Seat[], tally: Tally): Promise<void> {
	const end = performance.now() + seconds * 1_000;
	await Promise.all(
		senders.map(async (seat) => {
			while (performance.now() < end) await tally.send(seat);
		}),
	);
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

function forgetTimes(tallies: readonly Tally[], audience: readonly Listener[]): void {
	for (const each of [...tallies, ...audience]) each.forgetTimes();
}

const headOf = async (seats: readonly Seat[]): Promise<number> => (await seats[0]?.headSeq()) ?? 0;
