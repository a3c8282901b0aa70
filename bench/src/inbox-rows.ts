import { setTimeout as sleep } from "node:timers/promises";
import type { BudgetRow } from "./budget-rows.ts";
import type { InboxSizes } from "./inbox.ts";
import { type InboxStand, personOf } from "./inbox-stand.ts";
import { until } from "./pace.ts";
import { inSteps } from "./seats.ts";
import { median, summaryOf } from "./statistics.ts";

const TOLD_MS = 30_000;
/** PRODUCT: people who are away know within this. */
const AWAY_MS = 10_000;
const ASKED_AT_ONCE = 10;
const BETWEEN_SENDS_MS = 100;
const WARM_UP = 10;

/**
 * One speaks in a room of many: how soon the devices of those who are there know, how soon those know that were called by
 * name, and who of those that are away was not told in time. Nobody away is asked before: asking is telling.
 */
export async function unreadTimes(stand: InboxStand, sizes: InboxSizes): Promise<BudgetRow[]> {
	const { members, sends, connected, called } = sizes;
	const room = await stand.openRoom("unread", members);
	const speaker = await stand.sit(room, 0);
	const here = Array.from({ length: connected }, (_, i) => i + 1);
	const devices = await Promise.all(here.map((person) => stand.openInbox(person)));
	await Promise.all(devices.map((device) => device.getInbox()));
	const away = Array.from({ length: members - connected - called - 1 }, (_, i) => i + 1 + connected + called);
	await stand.untilQuiet();
	const sentAt = new Map<number, number>();
	const told: number[] = [];
	for (const device of devices) {
		let known = 0;
		device.on("inboxChanged", ({ rows }) => {
			for (const row of rows) {
				if (row.kind !== "inboxRoom" || row.id !== room) continue;
				for (; known < row.headSeq; known++) told.push(performance.now() - (sentAt.get(known + 1) ?? 0));
			}
		});
	}
	for (let count = 0; count < sends; count++) {
		const at = performance.now();
		sentAt.set(await speaker.send(`message ${count}`), at);
		await sleep(1_000);
	}
	await until(() => told.length >= sends * connected, TOLD_MS);
	await speaker.close();
	await sleep(AWAY_MS - 1_000);
	await stand.sleepRoom(room);
	const late = await untold(stand, room, away, sends);
	await Promise.all(devices.map((device) => device.dispose()));
	const { p50, max } = summaryOf(told);
	return [
		{ name: `${members} members, device connected: unread after, p50`, value: p50, unit: "ms", budget: null },
		{ name: `${members} members, device connected: unread after, max`, value: max, unit: "ms", budget: 1_000 },
		{ name: "the same: not told", value: sends * connected - told.length, unit: "", budget: 0 },
		{ name: `${away.length} away: not told after 10 s`, value: late, unit: "people", budget: 0 },
		...(await calledTimes(stand, sizes)),
	];
}

/** Who has something else than this on the first screen while the room sleeps and cannot be asked. */
async function untold(stand: InboxStand, room: string, people: readonly number[], unread: number): Promise<number> {
	const shown = await inSteps(people.length, ASKED_AT_ONCE, (i) => stand.unreadOf(people[i] ?? 0, [room]));
	return shown.filter(([one]) => one?.unread !== unread).length;
}

/** People who are away and called by name have it within a second: the room sleeps then, and what it told stands. */
async function calledTimes(stand: InboxStand, { members, called }: InboxSizes): Promise<BudgetRow[]> {
	const room = await stand.openRoom("called", members);
	const people = Array.from({ length: called }, (_, i) => i + 1);
	const speaker = await stand.sit(room, 0);
	await stand.untilQuiet();
	await speaker.send(people.map((person) => `<@${personOf(person)}>`).join(" "));
	await Promise.all([sleep(1_000), speaker.close()]);
	await stand.sleepRoom(room);
	const shown = await inSteps(people.length, ASKED_AT_ONCE, (i) => stand.unreadOf(people[i] ?? 0, [room]));
	const late = shown.filter(([one]) => one?.mentions !== 1).length;
	return [{ name: `${called} away and mentioned: not told after 1 s`, value: late, unit: "people", budget: 0 }];
}

/** People come back to an inbox that sleeps, while rooms still have to tell them something: right on the first screen. */
export async function firstScreen(stand: InboxStand, { comers, rooms }: InboxSizes): Promise<BudgetRow[]> {
	const ids: string[] = [];
	for (let i = 0; i < rooms; i++) ids.push(await stand.openRoom(`first ${i}`, comers));
	const seats = await Promise.all(ids.map((room) => stand.sit(room, 0)));
	const people = Array.from({ length: comers - 1 }, (_, i) => i + 1);
	await stand.untilQuiet();
	await stand.sleepInboxes(people);
	const times: number[] = [];
	const asked: number[] = [];
	let wrong = 0;
	for (const [index, person] of people.entries()) {
		await Promise.all(seats.map((seat) => seat.send("while you were away")));
		const started = performance.now();
		const { shown, askedMs } = await stand.lookAt(person, ids);
		times.push(performance.now() - started);
		asked.push(askedMs);
		if (shown.some(({ unread }) => unread !== index + 1)) wrong++;
	}
	await Promise.all(seats.map((seat) => seat.close()));
	const { p50, p99 } = summaryOf(times);
	return [
		{
			name: `first screen of ${rooms} rooms after being away, connecting included, p50`,
			value: p50,
			unit: "ms",
			budget: 300,
		},
		{ name: "the same, p99", value: p99, unit: "ms", budget: null },
		{ name: "the same without connecting, p50", value: summaryOf(asked).p50, unit: "ms", budget: null },
		{ name: "the same without connecting, p99", value: summaryOf(asked).p99, unit: "ms", budget: null },
		{ name: "the same: a count that was not right yet", value: wrong, unit: "people", budget: 0 },
	];
}

/** The sender's acknowledgement in a large room beside one of two people, in turns, so that both meet the same machine. */
export async function ackBeside(stand: InboxStand, { crowd, acks }: InboxSizes): Promise<BudgetRow[]> {
	const small = await stand.openRoom("two", 2);
	const alone = await stand.sit(small, 0);
	await stand.untilQuiet();
	const before = await timed(acks / 4, async () => void (await alone.send("before")));
	const large = await stand.openRoom("crowd", crowd);
	const speaker = await stand.sit(large, 0);
	await stand.untilQuiet();
	const [few, many]: [number[], number[]] = [[], []];
	for (let count = 0; count < acks + WARM_UP; count++) {
		few.push(...(await timed(1, async () => void (await alone.send("to one")))));
		many.push(...(await timed(1, async () => void (await speaker.send("to all")))));
	}
	await Promise.all([alone.close(), speaker.close()]);
	const [one, all] = [median(few.slice(WARM_UP)), median(many.slice(WARM_UP))];
	return [
		{ name: "ack in a room of 2, nothing else going on, p50", value: median(before), unit: "ms", budget: null },
		{ name: "ack in a room of 2, in turns with the large one, p50", value: one, unit: "ms", budget: null },
		{ name: `ack in a room of ${crowd}, p50`, value: all, unit: "ms", budget: null },
		{ name: `ack in a room of ${crowd} ÷ in a room of 2`, value: all / one, unit: "×", budget: 1.2 },
	];
}

async function timed(count: number, act: () => Promise<void>): Promise<number[]> {
	const times: number[] = [];
	for (let i = 0; i < count; i++) {
		const started = performance.now();
		await act();
		times.push(performance.now() - started);
		await sleep(BETWEEN_SENDS_MS);
	}
	return times;
}
