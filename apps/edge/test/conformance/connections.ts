import { expect, test, vi } from "vitest";
import type { Stage, StockConnection, Way } from "./stage.ts";

const settled = (connection: StockConnection): Promise<unknown> => connection.action({ name: "getHash", args: [] });
const sizeOf = async (connection: StockConnection): Promise<number> =>
	((await connection.action({ name: "getRoom", args: [] })) as { size: number }).size;

export function connectionCases(way: () => Way, stage: () => Stage): void {
	test("a connection begins with its ids", async () => {
		const [one, two] = [way().raw(), way().raw()];
		const inits = [await one.init(), await two.init()];
		for (const init of inits)
			expect(init).toEqual({ tag: "Init", val: { actorId: expect.any(String), connectionId: expect.any(String) } });
		expect(inits[0]?.val.actorId).toBe(inits[1]?.val.actorId);
		expect(inits[0]?.val.connectionId).not.toBe(inits[1]?.val.connectionId);
		expect(one.socket.protocol).toBe("rivet");
	});

	test("the status goes from connecting over connected to idle, and says so", async () => {
		const [statuses, opened, closed] = [vi.fn(), vi.fn(), vi.fn()];
		const connection = way().connect();
		connection.onStatusChange(statuses);
		connection.onOpen(opened);
		connection.onClose(closed);
		await settled(connection);
		expect(connection.connStatus).toBe("connected");
		expect(connection.isConnected).toBe(true);
		expect(opened).toHaveBeenCalledTimes(1);
		await connection.dispose();
		expect(connection.connStatus).toBe("idle");
		expect(statuses.mock.calls.flat().filter((status) => status !== "connecting")).toEqual(["connected", "idle"]);
		expect(closed.mock.calls.length).toBeLessThanOrEqual(1);
	});

	test("calls made before it is open are answered when it is", async () => {
		const connection = way().connect();
		expect(connection.isConnected).toBe(false);
		const calls = [1, 2, 3].map((each) => connection.action({ name: "getHistory", args: [each] }));
		expect(await Promise.all(calls)).toEqual([[1], [2], [3]]);
	});

	test("whoever disposes is gone for the actor, and a call under way fails", async () => {
		const [stays, goes] = [way().connect(), way().connect({ user: "bob" })];
		await Promise.all([settled(stays), settled(goes)]);
		const before = await sizeOf(stays);
		const call = goes.action({ name: "updateRoom", args: ["never answered", 2_000] });
		const failed = expect(call).rejects.toThrow();
		await goes.dispose();
		await failed;
		await vi.waitFor(async () => expect(await sizeOf(stays)).toBe(before - 1), 5_000);
	});

	test("a socket that is cut is gone for the actor", async () => {
		const stays = way().connect();
		await settled(stays);
		const before = await sizeOf(stays);
		const raw = way().raw({ user: "bob" });
		await raw.init();
		expect(await sizeOf(stays)).toBe(before + 1);
		raw.socket.terminate();
		await vi.waitFor(async () => expect(await sizeOf(stays)).toBe(before), 5_000);
	});

	test("a close is answered with its own code", async () => {
		const raw = way().raw();
		await raw.init();
		raw.socket.close(1000, "enough");
		expect((await raw.closed).code).toBe(1000);
	});

	test("shown out by the actor, the socket closes with the reason, in its turn", async () => {
		const raw = way().raw({ user: "cyn" });
		await raw.init();
		raw.call(1, "kick", "removed");
		expect(await raw.closed).toEqual({ code: 1000, reason: "removed" });
	});

	test("shown out, the client comes back with params asked for anew and its subscriptions", async () => {
		const tickets: string[] = [];
		const getParams = async (): Promise<unknown> => {
			const params = way().params({ user: "dan" });
			tickets.push(params.ticket);
			return params;
		};
		const connection = way().connect({ user: "dan" }, getParams);
		const [heard, closed, statuses] = [vi.fn(), vi.fn(), vi.fn()];
		connection.on("newMessage", heard);
		connection.onClose(closed);
		connection.onStatusChange(statuses);
		await settled(connection);
		await connection.action({ name: "kick", args: ["removed"] }).catch(() => undefined); // the answer may come too late
		await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1), 5_000);
		await vi.waitFor(() => expect(connection.connStatus).toBe("connected"), 5_000);
		await vi.waitFor(() => expect(new Set(tickets).size).toBe(2));
		await connection.action({ name: "sendMessage", args: ["again"] });
		await vi.waitFor(() => expect(heard.mock.calls).toEqual([["again"]]));
		expect(statuses.mock.calls.flat()).toContain("disconnected");
	});

	test("at the end of its lease a connection closes with that reason", async () => {
		const raw = way().raw({ actor: "workspace" });
		await raw.init();
		expect(await raw.closed).toEqual({ code: 1000, reason: "lease_ended" });
	});

	test("a ticket of another actor opens nothing", async () => {
		const ticket = stage().house.ticket("chatRoom", "another", { id: "ada" }).ticket;
		const raw = way().raw({ ticket });
		const refused = await raw.handshake;
		if (way().isDirect) {
			expect((await raw.next()).val).toMatchObject({ actionId: null, group: "user", code: "unauthenticated" });
			expect(await raw.closed).toEqual({ code: 1011, reason: "user.unauthenticated" });
		} else {
			// The door reads tickets before it lets anybody near an actor.
			expect(refused?.status).toBe(401);
			expect(JSON.parse(refused?.body ?? "")).toMatchObject({ code: "unauthenticated" });
		}
	});

	test("whom the actor does not let in hears why, then the socket closes", async () => {
		const raw = way().raw({ key: stage().closedRoomId, user: "bob" });
		expect(await raw.handshake).toBeUndefined();
		expect(await raw.next()).toEqual({
			tag: "Error",
			val: {
				actionId: null,
				group: "user",
				code: "not_found",
				message: "There is nothing here that is open to you.",
				metadata: {},
			},
		});
		expect(await raw.closed).toEqual({ code: 1011, reason: "user.not_found" });
	});

	test("a stock client hears why, as an error of its connection", async () => {
		const connection = way().connect({ key: stage().closedRoomId, user: "bob" });
		const failed = vi.fn();
		connection.onError(failed);
		connection.action({ name: "getRoom", args: [] }).catch(() => undefined); // waits for a connection that never opens
		await vi.waitFor(() => expect(failed).toHaveBeenCalled(), 8_000);
		expect(failed.mock.calls[0]?.[0]).toMatchObject({ group: "user", code: "not_found" });
		await connection.dispose();
	});

	test("shown out for good, a stock client hears so when it comes back", async () => {
		const user = `eve-${way().name}`;
		const at = { key: stage().openRoomId, user };
		const [ada, eve] = [way().connect({ ...at, user: "ada" }), way().connect(at)];
		await ada.action({ name: "join", args: [] });
		await eve.action({ name: "join", args: [] });
		const told: string[] = [];
		eve.onStatusChange((status) => told.push(status));
		eve.onError((error) => told.push((error as { code: string }).code));
		await ada.action({ name: "kick", args: [{ userId: user }] });
		await vi.waitFor(() => expect(told).toContain("not_member"), 8_000);
		await eve.dispose();
	});

	test("an actor that does not exist closes the socket with that reason", async () => {
		const raw = way().raw({ key: "r-nobody-made-it" });
		expect(await raw.handshake).toBeUndefined();
		expect(await raw.closed).toEqual({ code: 1011, reason: "actor.not_found" });
		expect(raw.heard).toEqual([]);
	});
}
