import type { ChangesPage } from "@bullpen/domain/feed";
import type { Message } from "@bullpen/domain/message";
import type { RoomFeedRow } from "@bullpen/domain/room";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town } from "./room-client.ts";

let house: House;
let town: Town;
const CROWD = process.env.NIGHTLY === "1" ? 500 : 150;

beforeAll(async () => {
	house = await openHouse();
	// Inboxes are another test's matter: these people have none.
	await house.startActors("rooms", { limits: { ...NO_RATES, inboxNoteHereMs: 600_000 } });
	town = new Town(house);
	await town.register({ id: "ada" });
});
afterAll(async () => {
	await town?.leave();
	await house?.stop();
});

test.each([
	[50, 20],
	[CROWD, 2],
])(
	"[R3] %i senders at once share commits: every send is acknowledged and told once, in one order",
	async (senders, each) => {
		const roomId = await town.open({ id: "ada" }, `crowd of ${senders}`);
		const listener = await town.sit(roomId, { id: "ada" });
		const connections = [];
		for (let at = 0; at < senders; at += 50) {
			const some = Array.from({ length: Math.min(50, senders) }, (_, index) => ({ id: `p${at + index}` }));
			const opened = some.map((who) => town.connect("chatRoom", roomId, who));
			await Promise.all(opened.map((connection) => connection.join()));
			connections.push(...opened);
		}
		const { head } = await listener.connection.getHistory();
		const sends = connections.flatMap((connection, index) =>
			Array.from({ length: each }, (_, count) =>
				connection.sendMessage({ text: `${index}:${count}`, nonce: `n${count}` }),
			),
		);
		const acknowledged = await Promise.all(sends);
		const total = senders * each;
		expect(acknowledged.map(({ id }) => id).sort((x, y) => x - y)).toEqual(
			Array.from({ length: total }, (_, index) => index + 1),
		);
		const heard = () => listener.batches.filter(({ from }) => from >= head.version);
		await vi.waitFor(() => expect(heard().flatMap(({ rows }) => rows)).toHaveLength(total), 10_000);
		expect(heard().flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(
			Array.from({ length: total }, (_, index) => index + 1),
		);
		expect(heard().length).toBeLessThan(total / 4);
		await vi.waitFor(() => expect(listener.messages.map(({ id }) => id)).toHaveLength(total), 10_000);
		await town.leave();
	},
	120_000,
);

test("a crowd that catches up in one moment is served whole, and senders among it, too", async () => {
	const roomId = await town.open({ id: "ada" }, "after a deploy");
	const { connection } = await town.sit(roomId, { id: "ada" });
	const send = (text: string) => connection.sendMessage({ text, nonce: text.replace(/ .*/, "") });
	await Promise.all(Array.from({ length: 400 }, (_, count) => send(`${count} ${"x".repeat(500)}`)));
	const { head } = await connection.getHistory();
	const others = Array.from({ length: 7 }, () => town.connect("chatRoom", roomId, { id: "ada" }));
	const pages: Promise<ChangesPage<RoomFeedRow>>[] = [];
	const sent: Promise<Message>[] = [];
	for (let missed = 1; missed <= 100; missed++) {
		for (const each of others) pages.push(each.changesSince({ version: head.version - 400 + missed, limit: 500 }));
		sent.push(send(`meanwhile-${missed}`));
	}
	const ids = (await Promise.all(sent)).map(({ id }) => id);
	expect(ids.sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, index) => index + 401));
	for (const page of await Promise.all(pages)) {
		expect(page.to).toBeGreaterThanOrEqual(head.version);
		expect(page.rows.at(-1)?.version).toBe(page.to);
	}
	await town.leave();
}, 60_000);
