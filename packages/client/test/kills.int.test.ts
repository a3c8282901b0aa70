import type { Message } from "@bullpen/domain/message";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bullpen } from "../src/bullpen.ts";
import type { Held } from "../src/pool.ts";
import type { RoomStore } from "../src/room-store.ts";
import { until } from "../src/until.ts";
import { type House, openHouse, visitor } from "./house.ts";

const PEOPLE = ["ada", "bob", "carl", "dora", "eve"];
const SENDS_EACH = 40;
const FAST = {
	sendBurstPerConnection: 1e6,
	sendPerSecondPerConnection: 1e6,
	sendBurstPerPerson: 1e6,
	sendPerSecondPerPerson: 1e6,
};

let house: House;
let programs: Bullpen[] = [];
beforeAll(async () => {
	house = await openHouse();
}, 60_000);
afterAll(async () => {
	for (const program of programs) program.close();
	await house?.stop();
}, 30_000);

describe("[P1] [P2] [P3] when processes are killed under writing people", () => {
	test("every send arrives once, in its sender's order, and everybody sees the same room", async () => {
		const actors = await house.startActors("rooms", { limits: FAST });
		programs = await Promise.all(PEOPLE.map((id) => visitor(house, id)));
		const rooms = await Promise.all(programs.map(enter));
		const writing = Promise.all(rooms.map(write));

		await seen(rooms[0]!, PEOPLE.length * 5);
		await actors.kill();
		await house.startActors("rooms", { limits: FAST });
		await seen(rooms[0]!, PEOPLE.length * 20);
		await house.engine.restart();

		await writing;
		await Promise.all(rooms.map((room) => seen(room, PEOPLE.length * SENDS_EACH)));
		const [first = [], ...others] = rooms.map((room) => room.store.getSnapshot().messages);
		expect(first.map(({ id }) => id)).toEqual(first.map((_, at) => at + 1));
		for (const each of others) expect(each).toEqual(first);
		for (const id of PEOPLE) expect(textsOf(first, id)).toEqual(textsFrom(id));
		const replies = first.filter(({ threadOf }) => threadOf === 1);
		expect(first[0]?.thread).toMatchObject({ count: replies.length, lastId: replies.at(-1)?.id });
		expect(replies).toHaveLength((PEOPLE.length * SENDS_EACH) / 4);
	}, 120_000);
});

const textsFrom = (id: string): string[] => Array.from({ length: SENDS_EACH }, (_, n) => `${id} ${n}`);
const textsOf = (messages: readonly Message[], id: string): string[] =>
	messages.filter(({ sender }) => sender === id).map(({ text }) => text);

async function enter(program: Bullpen): Promise<Held<RoomStore>> {
	const room = program.room("general");
	await room.loaded();
	await room.store.join();
	return room;
}

/** Writes as fast as it is seen, a few ahead. */
async function write(room: Held<RoomStore>, at: number): Promise<void> {
	for (const [n, text] of textsFrom(PEOPLE[at]!).entries()) {
		await until(room.store, ({ outgoing }) => outgoing.length < 3);
		room.store.send(n % 4 === 3 ? { text, threadOf: 1 } : { text });
	}
	await until(room.store, ({ outgoing }) => outgoing.length === 0);
}

const seen = (room: Held<RoomStore>, count: number): Promise<unknown> =>
	until(room.store, ({ messages }) => messages.length >= count);
