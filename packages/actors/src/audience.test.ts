import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { RelayedFrame } from "@bullpen/domain/relay";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Audience } from "./audience.ts";
import { Signs } from "./chat-room/signs.ts";
import type { Connection } from "./frame.ts";
import type { Person } from "./identity.ts";
import { Link } from "./relay/link.ts";
import { RelayedConnection } from "./relay/relayed-connection.ts";

beforeEach(() => {
	vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	vi.useRealTimers();
});

/** A hall: an audience, what it broadcast, and connections that note what they were sent. */
function openHall(options: { limits?: Partial<Limits>; mayHear?: (person: Person) => boolean } = {}) {
	const limits = { ...LIMITS, ...options.limits };
	const broadcasts: unknown[] = [];
	const presence: [string, boolean][] = [];
	const log = { error: () => undefined, warn: () => undefined, info: () => undefined };
	const audience = new Audience<"chatRoom">(
		{ broadcast: (event, payload) => broadcasts.push({ event, payload }), log },
		{
			limits,
			now: Date.now,
			onPresence: (userId, isOnline) => presence.push([userId, isOnline]),
			...(options.mayHear === undefined ? {} : { mayHear: options.mayHear }),
		},
	);
	let count = 0;
	const connect = (userId: string) => {
		const sent: unknown[] = [];
		const connection: Connection & { sent: unknown[]; closedFor: string[] } = {
			id: `c${++count}`,
			state: {
				kind: "person",
				userId,
				name: userId,
				role: "member",
				ticketAt: Date.now(),
				leaseEndsAt: Date.now() + limits.leaseMs,
			},
			sent,
			closedFor: [],
			send: (event, payload) => sent.push({ event, payload }),
			async disconnect(reason = "") {
				connection.closedFor.push(reason);
				audience.departed(connection);
			},
		};
		return connection;
	};
	/** An edge, what it was told, and people behind it. */
	const openEdge = () => {
		const ops: { type: string; args?: unknown[]; except?: string[] }[] = [];
		const connection: Connection = {
			id: `e${++count}`,
			state: { kind: "service", issuer: "edge", subject: "edge:one" },
			send: (_, frame) => ops.push(...JSON.parse((frame as RelayedFrame).ops)),
			disconnect: async () => undefined,
		};
		const link = new Link(connection, "edge:one", { limits, log });
		audience.link(link);
		const attach = (userId: string): RelayedConnection => {
			const { id, state } = connect(userId);
			if (state.kind !== "person") throw new Error("no person");
			const one = new RelayedConnection(id, state, link, (closed) => audience.departed(closed));
			audience.arrived(one);
			return one;
		};
		const flushed = () => {
			link.flush();
			return [...ops];
		};
		return { link, attach, flushed };
	};
	return { audience, limits, broadcasts, presence, connect, openEdge };
}

test("a closed account closes what was open before, as often as that is told, and nothing that came after", () => {
	const { audience, connect } = openHall();
	const [before, other] = [connect("ada"), connect("bob")];
	for (const connection of [before, other]) audience.arrived(connection);
	const until = Date.now() + 1_000;
	audience.bar("ada", until);
	const late = connect("ada");
	audience.arrived(late);
	vi.setSystemTime(until + 1);
	const after = connect("ada");
	audience.arrived(after);
	audience.bar("ada", until);
	expect([before, late, after, other].map(({ closedFor }) => closedFor)).toEqual([
		["deactivated"],
		["deactivated"],
		[],
		[],
	]);
});

test("so it does behind an edge, and what is said afterwards reaches those alone whose tickets are younger", () => {
	const { audience, openEdge } = openHall();
	const { attach, flushed } = openEdge();
	const [before, other] = [attach("ada"), attach("bob")];
	const until = Date.now() + 1_000;
	audience.bar("ada", until);
	const late = attach("ada");
	vi.setSystemTime(until + 1);
	const after = attach("ada");
	audience.bar("ada", until);
	expect([before, late, after, other].map(({ isAttached }) => isAttached)).toEqual([false, false, true, true]);
	audience.sendTo("ada", "typing", { userId: "bob", isTyping: true });
	expect(flushed()).toMatchObject([
		{ type: "close", connectionId: before.id, reason: "deactivated" },
		{ type: "close", connectionId: late.id, reason: "deactivated" },
		{ type: "event", to: [after.id] },
	]);
	expect(() => audience.refuseBarred(before.state)).toThrow(Problem);
	expect(() => audience.refuseBarred(after.state)).not.toThrow();
});

describe("presence", () => {
	test("[R7] people are told once however many tabs they open, and not when they reload", () => {
		const { audience, presence, connect, limits } = openHall();
		const [one, two] = [connect("ada"), connect("ada")];
		audience.arrived(one);
		audience.arrived(two);
		audience.departed(one);
		audience.departed(two);
		vi.advanceTimersByTime(limits.presenceGraceMs - 1);
		expect(audience.onlineUserIds).toEqual(["ada"]);
		audience.arrived(connect("ada"));
		vi.advanceTimersByTime(60_000);
		expect(presence).toEqual([["ada", true]]);
	});

	test("[R7] who stays away longer is told to have left", () => {
		const { audience, presence, connect, limits } = openHall();
		const connection = connect("ada");
		audience.arrived(connection);
		audience.departed(connection);
		vi.advanceTimersByTime(limits.presenceGraceMs);
		expect(presence).toEqual([
			["ada", true],
			["ada", false],
		]);
		expect(audience.onlineUserIds).toEqual([]);
	});
});

describe("leases", () => {
	test("[R8] a connection ends with its lease, also when it outlived the process that opened it", () => {
		const { audience, connect, limits } = openHall();
		const [fresh, restored] = [connect("ada"), connect("bob")];
		audience.arrived(fresh);
		vi.advanceTimersByTime(1_000);
		audience.restore([restored]);
		vi.advanceTimersByTime(limits.leaseMs - 1_001);
		expect([fresh.closedFor, restored.closedFor]).toEqual([[], []]);
		vi.advanceTimersByTime(1);
		expect([fresh.closedFor, restored.closedFor]).toEqual([["lease_ended"], ["lease_ended"]]);
	});

	test("[P4] closing a person closes all their connections and nobody else's", () => {
		const { audience, connect } = openHall();
		const [one, two, other] = [connect("ada"), connect("ada"), connect("bob")];
		for (const connection of [one, two, other]) audience.arrived(connection);
		audience.close("ada", "removed");
		expect([one.closedFor, two.closedFor, other.closedFor]).toEqual([["removed"], ["removed"], []]);
	});
});

describe("what is said", () => {
	const typing = { userId: "ada", isTyping: true };

	test("[P4] goes to those who may hear it, one by one when somebody may not", () => {
		const { audience, broadcasts, connect } = openHall({ mayHear: ({ userId }) => userId !== "eve" });
		const [ada, eve] = [connect("ada"), connect("eve")];
		audience.arrived(ada);
		audience.subscribed(ada, "typing");
		audience.broadcast("typing", typing);
		expect(broadcasts).toHaveLength(1);
		audience.arrived(eve);
		audience.subscribed(eve, "typing");
		audience.broadcast("typing", typing);
		expect(broadcasts).toHaveLength(1);
		expect([ada.sent, eve.sent]).toEqual([[{ event: "typing", payload: typing }], []]);
	});

	test("[R5] what is for others goes to their connections one by one, and not to oneself", () => {
		const { audience, broadcasts, connect } = openHall();
		const [one, other] = [connect("ada"), connect("bob")];
		for (const connection of [one, other]) {
			audience.arrived(connection);
			audience.subscribed(connection, "typing");
		}
		audience.sendToOthers("bob", "typing", typing);
		expect([one.sent.length, other.sent.length, broadcasts.length]).toEqual([1, 0, 0]);
	});

	test("series are as fast as none is lost, and skipped when nobody asked for them", async () => {
		const { audience, broadcasts, connect } = openHall();
		const crowd = Array.from({ length: 100 }, (_, index) => connect(`p${index}`));
		for (const connection of crowd) audience.arrived(connection);
		const payloads = Array.from({ length: 50 }, () => typing);
		audience.broadcastSeries("typing", payloads);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(broadcasts).toHaveLength(0);
		audience.subscribed(crowd[0]!, "typing");
		audience.broadcastSeries("typing", payloads);
		await vi.advanceTimersByTimeAsync(0);
		expect(broadcasts.length * 100).toBeLessThanOrEqual(1_100);
		await vi.advanceTimersByTimeAsync(50);
		expect(broadcasts.length * 100).toBeLessThanOrEqual(2_200);
		const isPaced = vi.fn();
		void audience.pace().then(isPaced);
		await vi.advanceTimersByTimeAsync(100);
		expect(isPaced).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(300);
		expect(broadcasts).toHaveLength(50);
		expect(isPaced).toHaveBeenCalled();
	});
});

describe("direct and relayed", () => {
	const typing = { userId: "ada", isTyping: true };

	test("[RELAY8] [R7] presence counts people, whichever way they come", () => {
		const { audience, presence, connect, openEdge, limits } = openHall();
		const { attach } = openEdge();
		const direct = connect("ada");
		audience.arrived(direct);
		const relayed = attach("ada");
		audience.departed(direct);
		vi.advanceTimersByTime(limits.presenceGraceMs);
		expect(audience.onlineUserIds).toEqual(["ada"]);
		audience.departed(relayed);
		vi.advanceTimersByTime(limits.presenceGraceMs);
		expect(presence).toEqual([
			["ada", true],
			["ada", false],
		]);
	});

	test("[RELAY8] [P4] an event goes once through each edge, without those who may not hear it", () => {
		const { audience, broadcasts, connect, openEdge } = openHall({ mayHear: ({ userId }) => userId !== "eve" });
		const edges = [openEdge(), openEdge()];
		for (const { attach } of edges) for (const userId of ["ada", "bob", "cyn"]) attach(userId);
		const eve = edges[0]!.attach("eve");
		audience.broadcast("typing", typing);
		const op = { type: "event", name: "typing", args: [typing] };
		expect(edges.map(({ flushed }) => flushed())).toEqual([[{ ...op, except: [eve.id] }], [op]]);
		expect(broadcasts).toEqual([]);
		audience.arrived(connect("dan"));
		audience.broadcast("typing", typing);
		expect(broadcasts).toHaveLength(1);
	});

	test("[RELAY8] [R8] leases of relayed connections end, too", () => {
		const { audience, openEdge, limits } = openHall();
		const { attach, flushed } = openEdge();
		const { id } = attach("ada");
		vi.advanceTimersByTime(limits.leaseMs);
		expect(flushed()).toEqual([{ type: "close", connectionId: id, reason: "lease_ended" }]);
		expect(audience.size).toBe(0);
	});

	test("[RELAY10] an event is wanted as long as one edge or one connection listens", () => {
		const { audience, connect, openEdge } = openHall();
		const { attach, link } = openEdge();
		expect(audience.isWanted("typing")).toBe(false);
		attach("ada");
		expect(audience.isWanted("typing")).toBe(true);
		link.listen(["presence"]);
		expect(audience.isWanted("typing")).toBe(false);
		const direct = connect("bob");
		audience.arrived(direct);
		audience.subscribed(direct, "typing");
		expect(audience.isWanted("typing")).toBe(true);
	});

	test("a relayed listener costs a fraction of a direct one", async () => {
		const { audience, connect, openEdge } = openHall();
		const { attach } = openEdge();
		for (let index = 0; index < 100; index++) attach(`p${index}`);
		expect(audience.size).toBeCloseTo(16);
		audience.arrived(connect("dan"));
		expect(audience.size).toBeCloseTo(17);
		for (let index = 0; index < 100; index++) audience.broadcast("typing", typing);
		const isPaced = vi.fn();
		void audience.pace().then(isPaced);
		await vi.advanceTimersByTimeAsync(80);
		expect(isPaced).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(10);
		expect(isPaced).toHaveBeenCalled();
	});

	test("[RELAY6] who is expected back is here until the grace time is over", () => {
		const { audience, presence, connect, limits } = openHall();
		for (const userId of ["ada", "bob"]) audience.expect(userId);
		audience.arrived(connect("ada"));
		expect(audience.onlineUserIds.sort()).toEqual(["ada", "bob"]);
		vi.advanceTimersByTime(limits.presenceGraceMs);
		expect(presence).toEqual([["bob", false]]);
	});
});

test("[R10] a connection's budget is its own, a person's is shared by their tabs", () => {
	const { audience, connect } = openHall({ limits: { sendBurstPerConnection: 2, sendBurstPerPerson: 3 } });
	const [one, two, other] = [connect("ada"), connect("ada"), connect("bob")];
	const tries = [one, one, one, two, two, other].map((connection) => {
		try {
			audience.spend(connection, "send");
			return "ok";
		} catch (error) {
			return error instanceof Problem ? error.code : "broken";
		}
	});
	expect(tries).toEqual(["ok", "ok", "rate_limited", "ok", "rate_limited", "ok"]);
});

describe("signs", () => {
	test("[R7] a crowd that comes at once is told over time, the newest word about each", () => {
		const { audience, broadcasts, connect, limits } = openHall({ limits: { signBurst: 200, signsPerSecond: 100 } });
		const signs = new Signs(audience, limits, Date.now);
		for (let index = 0; index < 100; index++) audience.arrived(connect(`p${index}`));
		for (let index = 0; index < 100; index++) signs.presence(`p${index}`, true);
		signs.presence("p99", false);
		expect(broadcasts).toHaveLength(2);
		vi.advanceTimersByTime(10_000);
		expect(broadcasts.length).toBeGreaterThan(10);
		expect(broadcasts.length).toBeLessThan(14);
		vi.advanceTimersByTime(100_000);
		expect(broadcasts).toHaveLength(99);
		signs.dispose();
	});

	test("[R6] typing is told to others only, and dropped without budget", () => {
		const { audience, connect, limits } = openHall({ limits: { signBurst: 2, signsPerSecond: 1 } });
		const signs = new Signs(audience, limits, Date.now);
		const [ada, bob] = [connect("ada"), connect("bob")];
		for (const connection of [ada, bob]) {
			audience.arrived(connection);
			audience.subscribed(connection, "typing");
		}
		signs.typing("ada", true);
		signs.typing("bob", true);
		expect([ada.sent.length, bob.sent.length]).toEqual([0, 1]);
	});
});
