import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bullpen } from "../src/bullpen.ts";
import type { Held } from "../src/pool.ts";
import type { RoomStore } from "../src/room-store.ts";
import { until } from "../src/until.ts";
import { type House, openHouse, visitor } from "./house.ts";

let house: House;
const programs: Bullpen[] = [];
const as = async (id: string): Promise<Bullpen> => {
	const program = await visitor(house, id);
	programs.push(program);
	return program;
};
const enter = async (program: Bullpen, roomId: string): Promise<Held<RoomStore>> => {
	const room = program.room(roomId);
	await room.loaded(soon());
	if (room.store.getSnapshot().me === null) await room.store.join();
	await until(room.store, ({ me }) => me !== null, soon());
	return room;
};
const soon = (ms = 10_000): AbortSignal => AbortSignal.timeout(ms);
const texts = (room: Held<RoomStore>): string[] => room.store.getSnapshot().messages.map(({ text }) => text);
const saw = (room: Held<RoomStore>, text: string, signal = soon()): Promise<unknown> =>
	until(room.store, ({ messages }) => messages.some((message) => message.text === text), signal);

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { leaseMs: 3_000, presenceGraceMs: 200 } });
}, 60_000);
afterAll(async () => {
	for (const program of programs) program.close();
	await house?.stop();
}, 30_000);

describe("a program in a real room", () => {
	test("two people write, see who is here and who is writing", async () => {
		const [ada, bob] = await Promise.all([as("ada"), as("bob")]);
		const adas = await enter(ada, "general");
		const bobs = await enter(bob, "general");
		await until(adas.store, ({ onlineUserIds }) => onlineUserIds.has("bob"), soon());
		bobs.store.setTyping(true);
		await until(adas.store, ({ typingUserIds }) => typingUserIds.includes("bob"), soon());
		bobs.store.send({ text: "hello" });
		await saw(adas, "hello");
		const { messages, typingUserIds } = adas.store.getSnapshot();
		expect(typingUserIds).toEqual([]);
		await adas.store.toggleReaction(messages.at(-1)!.id, "👍");
		const liked = (room: Held<RoomStore>) =>
			until(room.store, (shown) => shown.messages.at(-1)?.reactions[0]?.userIds.includes("ada"), soon());
		await Promise.all([liked(adas), liked(bobs)]);
		await bobs.store.edit(messages.at(-1)!.id, "hello, all");
		await saw(adas, "hello, all");
		bob.close();
		await until(adas.store, ({ onlineUserIds }) => !onlineUserIds.has("bob"), soon());
		adas.release();
	});

	test("a room that is not there and one that is closed to us are refused in the same words", async () => {
		const [ada, eve] = await Promise.all([as("ada"), as("eve")]);
		const secret = await ada.openRoom({ name: "secret", visibility: "private" });
		await secret.loaded(soon());
		const refusals = ["r-nothing", secret.store.getSnapshot().room!.id].map(async (roomId) => {
			const room = eve.room(roomId);
			const refusal: unknown = await room.loaded(soon()).catch((error: unknown) => error);
			room.release();
			return refusal;
		});
		const [nothing, closed] = await Promise.all(refusals);
		expect(nothing).toMatchObject({ name: "Problem", code: "not_found" });
		expect(closed).toEqual(nothing);
	});

	test("who is kicked is out within a second and stays out, and comes back by an invitation", async () => {
		const [ada, eve] = await Promise.all([as("ada"), as("eve")]);
		const adas = await ada.openRoom({ name: "tea" });
		await adas.loaded(soon());
		const eves = await enter(eve, adas.store.getSnapshot().room!.id);
		await adas.store.governance.kick("eve");
		await until(eves.supervisor, ({ phase }) => phase.type === "refused", soon(1_000));
		adas.store.send({ text: "between us" });
		await saw(adas, "between us");
		eves.supervisor.retry();
		await until(eves.supervisor, ({ phase }) => phase.type === "refused", soon());
		expect(texts(eves)).toEqual([]);
		// A ticket of the same second as the removal is refused as well.
		await adas.store.governance.invite("eve");
		await expect
			.poll(
				async () => {
					eves.supervisor.retry();
					await until(eves.supervisor, ({ phase }) => phase.type === "live" || phase.type === "refused", soon());
					return eves.supervisor.getSnapshot().phase.type;
				},
				{ timeout: 5_000 },
			)
			.toBe("live");
		await eves.store.join();
		await saw(eves, "between us");
	});

	test("a connection that ends with its lease is renewed, and nothing is lost or doubled", async () => {
		const [ada, bob] = await Promise.all([as("ada"), as("bob")]);
		const adas = await ada.openRoom({ name: "lease" });
		await adas.loaded(soon());
		const bobs = await enter(bob, adas.store.getSnapshot().room!.id);
		let renewals = 0;
		adas.supervisor.subscribe(() => {
			if (adas.supervisor.getSnapshot().phase.type === "reconnecting") renewals += 1;
		});
		const written: string[] = [];
		while (renewals < 2) {
			const text = `message ${written.length}`;
			written.push(text);
			adas.store.send({ text });
			await saw(bobs, text);
		}
		await saw(adas, written.at(-1)!);
		expect(texts(adas)).toEqual(written);
		expect(texts(bobs)).toEqual(written);
	}, 30_000);

	test("the inbox of somebody who is away counts, and reading clears it everywhere", async () => {
		const [ada, bob] = await Promise.all([as("ada"), as("bob")]);
		const adas = await ada.openRoom({ name: "news" });
		await adas.loaded(soon());
		const roomId = adas.store.getSnapshot().room!.id;
		const bobs = await enter(bob, roomId);
		bobs.release();
		adas.store.send({ text: "one" });
		adas.store.send({ text: "two" });
		const inbox = bob.inbox();
		const unread = (count: number) =>
			until(inbox.store, ({ rooms }) => rooms.find(({ id }) => id === roomId)?.unread === count, soon());
		await unread(2);
		inbox.store.markRead(roomId, 2);
		await unread(0);
	});
});
