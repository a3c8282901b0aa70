import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { refused, Town } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { roomsOpenedPerHour: 3, roomMembersMax: 3, roomInvitationsMax: 2 } });
	town = new Town(house);
	await town.register(ada, bob);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

/** An edge says `busy` to whoever has too many calls under way, before the actor counts how many came. */
const outcomes = async (sends: Promise<unknown>[]): Promise<{ sent: number; refusals: { waitMs: number }[] }> => {
	const settled = await Promise.all(
		sends.map((send) =>
			send.then(
				() => undefined,
				(error: { code: string; metadata: { waitMs: number } }) => {
					expect(["rate_limited", ...(process.env.BULLPEN_TEST_VIA === "edge" ? ["busy"] : [])]).toContain(error.code);
					return error.metadata;
				},
			),
		),
	);
	const refusals = settled.filter((one) => one !== undefined);
	return { sent: settled.length - refusals.length, refusals };
};

test("[R10] a burst is taken, the rest is refused with how long to wait, and who waits is heard", async () => {
	const seat = await town.sit("general", ada);
	const { sent, refusals } = await outcomes(Array.from({ length: 60 }, (_, index) => seat.send(`m${index}`)));
	expect(sent).toBeGreaterThanOrEqual(LIMITS.sendBurstPerConnection);
	expect(sent).toBeLessThan(LIMITS.sendBurstPerConnection + 5);
	const [first] = refusals;
	expect(first!.waitMs).toBeGreaterThan(0);
	expect(first!.waitMs).toBeLessThanOrEqual(1000 / LIMITS.sendPerSecondPerConnection);
	await new Promise((resolve) => setTimeout(resolve, first!.waitMs));
	await seat.send("after waiting");
});

test("[R10] tabs do not multiply what a person may send", async () => {
	const seats = await Promise.all(Array.from({ length: 5 }, () => town.sit("general", bob)));
	const sends = seats.flatMap((seat) => Array.from({ length: 10 }, (_, index) => seat.send(`m${index}`)));
	const { sent } = await outcomes(sends);
	expect(sent).toBeGreaterThanOrEqual(LIMITS.sendBurstPerPerson);
	expect(sent).toBeLessThan(LIMITS.sendBurstPerPerson + 10);
});

test("[R10] a thousand calls at once are answered or refused, and the connection stays", async () => {
	const seat = await town.sit("general", ada);
	const { sent, refusals } = await outcomes(
		Array.from({ length: 1_000 }, () => seat.connection.getHistory({ limit: 1 })),
	);
	expect(sent).toBeGreaterThanOrEqual(LIMITS.callBurstPerConnection - 10);
	expect(refusals.length).toBeGreaterThan(0);
	expect(seat.isClosed).toBe(false);
});

test("[R10] somebody opens only so many rooms an hour, and still finds those there are", async () => {
	for (const name of ["one", "two", "three"]) await town.open(ada, name);
	const { code, metadata } = await refused(town.open(ada, "four"));
	expect(code).toBe("rate_limited");
	expect(metadata).toMatchObject({ perHour: 3, waitMs: expect.any(Number) });
	await town.open(ada, "two");
	await town.open(bob, "four");
});

test("[R10] invitations to people who never come shut nobody out", async () => {
	const roomId = await town.open(bob, "hall");
	const owner = await town.sit(roomId, bob);
	const member = await town.sit(roomId, ada);
	for (const userId of ["ghost-1", "ghost-2"]) await member.connection.invite({ userId });
	const { code, metadata } = await refused(member.connection.invite({ userId: "ghost-3" }));
	expect({ code, metadata }).toMatchObject({ code: "busy", metadata: { invitationsMax: 2 } });
	await owner.connection.invite({ userId: "ghost-3" });
	expect((await refused(owner.connection.invite({ userId: "ghost-4" }))).metadata).toMatchObject({ invitationsMax: 3 });
	await town.as("chatRoom", roomId, { id: "cyn" }).join();
	expect((await refused(town.as("chatRoom", roomId, { id: "dan" }).join())).metadata).toMatchObject({ membersMax: 3 });
	await town.as("chatRoom", roomId, ada).leave();
	await town.as("chatRoom", roomId, { id: "dan" }).join();
});
