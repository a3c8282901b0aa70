import { setTimeout as sleep } from "node:timers/promises";
import { expectCount } from "./count.ts";
import type { Processes } from "./meter.ts";
import { untilQuiet } from "./quiet.ts";
import { type Hall, PEOPLE, type Seat } from "./seat.ts";
import { closeAll, openMany, personOf } from "./seats.ts";
import { summaryOf } from "./statistics.ts";
import { NOTHING } from "./tally.ts";
import type { Measured, Work } from "./task.ts";
import { Watch } from "./watch.ts";

const FIRST_PAGE = 50;

type Of<Type extends Work["type"]> = Extract<Work, { readonly type: Type }>;

export async function readPages(hall: Hall, room: string, work: Of<"pages">, of: Processes): Promise<Measured> {
	const seat = await hall.open(room, personOf(0));
	const head = await seat.headSeq();
	const measured = await timeEach(work.times, of, async () => {
		const before = Math.floor(work.rows + 1 + Math.random() * (head - work.rows));
		const page = await seat.page(before, work.rows);
		expectCount("rows of a page", page.length, work.rows);
		expectCount("its last id", page.at(-1) ?? 0, before - 1);
	});
	await seat.close();
	return measured;
}

export async function openCold(hall: Hall, room: string, work: Of<"open">, of: Processes): Promise<Measured> {
	return await timeEach(1, of, async () => {
		const seat = await hall.open(room, personOf(0));
		expectCount("rows of the first page", (await seat.page(undefined, work.rows)).length, work.rows);
		await seat.close();
	});
}

export async function catchUp(hall: Hall, room: string, work: Of<"catch-up">, of: Processes): Promise<Measured> {
	return await timeEach(work.times, of, async () => {
		const seat = await hall.open(room, personOf(0));
		expectCount("rows caught up", await seat.catchUp(work.missed), work.missed);
		await seat.close();
	});
}

/** Members who come back, as after a deploy. */
export async function joinRoom(hall: Hall, room: string, work: Of<"join">, of: Processes): Promise<Measured> {
	const members = await openMany(hall.open, room, PEOPLE);
	await members[0]?.send("the one message of the first page");
	await closeAll(members);
	await untilQuiet([() => of]);
	const times: number[] = [];
	const watch = new Watch(of);
	const opened = await Promise.allSettled(
		Array.from({ length: work.people }, async (_, i): Promise<Seat> => {
			await sleep((i / work.people) * work.overSeconds * 1_000);
			const started = performance.now();
			const seat = await hall.openListener(room, personOf(i));
			expectCount("rows of the first page", (await seat.page(undefined, FIRST_PAGE)).length, 1);
			times.push(performance.now() - started);
			return seat;
		}),
	);
	const used = watch.read();
	await closeAll(opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
	const errors = opened.filter((each) => each.status === "rejected").length;
	return { ...NOTHING, ...used, times: summaryOf(times), errors, acknowledged: times.length };
}

async function timeEach(times: number, of: Processes, act: () => Promise<void>): Promise<Measured> {
	const taken: number[] = [];
	const watch = new Watch(of);
	for (let i = 0; i < times; i++) {
		const started = performance.now();
		await act();
		taken.push(performance.now() - started);
	}
	return { ...NOTHING, ...watch.read(), times: summaryOf(taken) };
}
