import { expect, test, vi } from "vitest";
import { type Forwarded, startRelayAlone, subscribe } from "./fake-actor.ts";
import { ask } from "./raw.ts";

const errorOf = (frame: { val: Readonly<Record<string, unknown>> }): string => `${frame.val.group}/${frame.val.code}`;

test("all clients of one actor share one connection to it, and each has an answer of its own", async () => {
	const { actor, enter } = await startRelayAlone();
	const clients = await Promise.all([enter(), enter(), enter()]);
	for (const [at, client] of clients.entries()) client.call(at, "getHistory", at);
	for (const [at, client] of clients.entries())
		expect(await client.next()).toEqual({
			tag: "ActionResponse",
			val: { id: ["$BigInt", `${at}`], output: { name: "getHistory", args: [at] } },
		});
	expect(actor.handshakes).toBe(1);
	expect(new Set(actor.calls.map(({ connectionId }) => connectionId)).size).toBe(3);
});

test("joins that come together are attached together", async () => {
	const { actor, connect } = await startRelayAlone({ edgeUpstreamOpenMs: 300 });
	actor.isStuck = true;
	const clients = Array.from({ length: 300 }, () => connect());
	await Promise.all(clients.map(({ handshake }) => handshake));
	actor.isStuck = false; // the connection that hangs is given up and the next one is let in
	for (const client of clients) expect((await client.init()).tag).toBe("Init");
	expect(actor.attaches.reduce((sum, size) => sum + size)).toBe(300);
	expect(actor.attaches.length).toBeLessThan(6);
	expect(Math.max(...actor.attaches)).toBe(200);
});

test("an event is heard by whoever subscribed to it, in the order of the frame, answers among them", async () => {
	const { actor, enter } = await startRelayAlone();
	const [both, one, none] = [await enter(), await enter(), await enter()];
	for (const event of ["newMessage", "typing"]) await subscribe(actor, both, event);
	await subscribe(actor, one, "typing");
	const seen: Forwarded[] = [];
	actor.onCall = (_, call) => void seen.push(call);
	both.call(1, "getHistory");
	await vi.waitFor(() => expect(seen).toHaveLength(1));
	actor.link.push(
		{ type: "event", name: "newMessage", args: [1] },
		{ type: "event", name: "typing", args: [2] },
		{ type: "answer", callId: seen[0]!.callId, output: "answered" },
		{ type: "event", name: "nobodyKnows", args: [0] },
		{ type: "event", name: "newMessage", args: [3] },
	);
	actor.link.say({ name: "typing", args: [4] });
	const heard = async (client: typeof both, count: number): Promise<unknown[]> => {
		const said: unknown[] = [];
		while (said.length < count) {
			const { val } = await client.next();
			said.push(val.args ?? val.output);
		}
		return said;
	};
	expect(await heard(both, 5)).toEqual([[1], [2], "answered", [3], [4]]);
	expect(await heard(one, 2)).toEqual([[2], [4]]);
	actor.onCall = (link, call) => link.answer(call);
	expect(await none.settle()).toEqual([]);
});

test("an event for some reaches those, and one that leaves out some everybody else", async () => {
	const { actor, enter } = await startRelayAlone();
	const clients = [await enter(), await enter(), await enter()];
	for (const client of clients) await subscribe(actor, client, "typing");
	const [first, second] = [...actor.link.attached];
	actor.link.say({ name: "typing", args: ["to"], to: [first!, "somebody else's"] });
	actor.link.say({ name: "typing", args: ["except"], except: [second!] });
	const heard = await Promise.all(clients.map((client) => client.settle()));
	expect(heard.map((frames) => frames.map(({ val }) => val.args))).toEqual([[["to"], ["except"]], [], [["except"]]]);
});

test("what nobody wants is not asked for, and what somebody wants is asked for before their next call", async () => {
	const { actor, enter } = await startRelayAlone({ edgeUpstreamCheckMs: 100 });
	const client = await enter();
	expect(await client.settle()).toEqual([]);
	expect(actor.link.events).toEqual([]);
	client.subscribe("typing");
	client.subscribe("nope");
	let known: readonly string[] | undefined;
	actor.onCall = (link, call) => {
		known = link.events;
		link.answer(call);
	};
	await client.settle();
	expect(known).toEqual(["typing"]);
	client.subscribe("typing", false);
	await vi.waitFor(() => expect(actor.link.events).toEqual([]));
});

test("while the actor has two frames to start, what comes waits and leaves merged, in turns, each connection in its order", async () => {
	const { actor, enter, metric } = await startRelayAlone();
	const [ada, bob, cyn] = [await enter("ada"), await enter("bob"), await enter("cyn")];
	actor.link.withheld.add("forward");
	ada.call(1, "first");
	await vi.waitFor(() => expect(actor.batches).toHaveLength(1));
	bob.call(1, "second");
	await vi.waitFor(() => expect(actor.batches).toHaveLength(2));
	for (let at = 2; at < 6; at++) ada.call(at, `ada${"x".repeat(at)}`);
	cyn.call(1, "cyn");
	for (let at = 2; at < 4; at++) bob.call(at, `bob${"x".repeat(at)}`);
	await Promise.all([ada.until(1), bob.until(1)]);
	await vi.waitFor(async () => expect(await metric('waiting_calls{actor="chatRoom"}')).toBe(7));
	expect(actor.batches).toHaveLength(2);
	actor.link.withheld.clear();
	actor.link.socket.terminate(); // a new connection has a new window
	await vi.waitFor(() => expect(actor.calls).toHaveLength(9));
	const order = actor.calls.slice(2).map(({ name }) => name);
	for (const person of ["ada", "bob"]) {
		const own = order.filter((name) => name.startsWith(person));
		expect(own).toEqual([...own].sort((a, b) => a.length - b.length));
	}
	expect(order.indexOf("cyn")).toBeLessThan(4);
});

test("merged frames keep to their limits of calls and bytes", async () => {
	const { actor, enter } = await startRelayAlone({ relayForwardMax: 10, relayFrameBytesMax: 20_000 });
	const client = await enter();
	actor.link.withheld.add("forward");
	client.call(0, "getHistory", "x");
	await vi.waitFor(() => expect(actor.batches).toHaveLength(1));
	actor.link.withheld.clear();
	for (let at = 1; at <= 30; at++) client.call(at, "getHistory", "x".repeat(at > 20 ? 9_000 : 10));
	actor.link.socket.terminate();
	await vi.waitFor(() => expect(actor.calls.length).toBe(31));
	for (const batch of actor.batches) {
		expect(batch.length).toBeLessThanOrEqual(10);
		expect(JSON.stringify(batch).length).toBeLessThan(20_000);
	}
	expect(actor.calls.slice(1).map(({ args }) => String((args as string[])[0]).length)).toEqual(
		Array.from({ length: 30 }, (_, at) => (at >= 20 ? 9_000 : 10)),
	);
});

test.each([
	[
		"a gap in its frames",
		(link: { n: number; push(): void }) => {
			link.n += 1;
			link.push();
		},
	],
	[
		"another link than before",
		(link: { n: number; link: string; push(): void }) => {
			link.link = "another";
			link.n = 0;
			link.push();
		},
	],
])(
	"after %s nobody is attached until they are again: open calls are unconfirmed, sockets stay, the head is told",
	async (_, cut) => {
		const { actor, enter } = await startRelayAlone();
		const client = await enter();
		await subscribe(actor, client, "roomChanged");
		actor.onCall = () => {};
		client.call(7, "sendMessage");
		await vi.waitFor(() => expect(actor.calls.at(-1)?.name).toBe("sendMessage"));
		cut(actor.link);
		expect(errorOf(await client.next())).toBe("user/unconfirmed");
		expect((await client.next()).val).toEqual({ name: "roomChanged", args: [{ head: true }] });
		actor.onCall = (link, call) => link.answer(call);
		expect(await client.settle()).toEqual([]);
		expect(actor.handshakes).toBe(1);
	},
);

test("what everybody is told while somebody is attached again, they hear after the head", async () => {
	const { actor, enter } = await startRelayAlone();
	const client = await enter();
	await subscribe(actor, client, "roomChanged");
	actor.onAttach = (link) => link.say({ name: "roomChanged", args: ["overtook"] });
	actor.link.n += 1;
	actor.link.push();
	expect((await client.next()).val.args).toEqual([{ head: true }]);
	expect((await client.next()).val.args).toEqual(["overtook"]);
	expect(await client.settle()).toEqual([]);
});

test("a connection to the actor that breaks is opened again and everybody comes back with what they had", async () => {
	const { actor, enter } = await startRelayAlone();
	const clients = [await enter(), await enter()];
	for (const client of clients) await subscribe(actor, client, "roomChanged");
	const ids = new Set(actor.link.attached);
	actor.onCall = () => {};
	clients[0]!.call(1, "sendMessage");
	await vi.waitFor(() => expect(actor.calls.at(-1)?.name).toBe("sendMessage"));
	actor.link.socket.terminate();
	expect(errorOf(await clients[0]!.next())).toBe("user/unconfirmed");
	actor.onCall = (link, call) => link.answer(call);
	for (const client of clients) expect((await client.next()).val.args).toEqual([{ head: true }]);
	expect(actor.link.attached).toEqual(ids);
	actor.link.say({ name: "roomChanged", args: ["after"] });
	for (const client of clients) expect((await client.next()).val.args).toEqual(["after"]);
});

test("whom the actor does not take back is closed, and nobody else", async () => {
	const { actor, enter } = await startRelayAlone();
	const goes = await enter();
	actor.refused.add([...actor.link.attached][0]!);
	const stays = await enter();
	actor.link.socket.terminate();
	expect(await goes.closed).toEqual({ code: 1000, reason: "not_attached" });
	expect(await stays.settle()).toEqual([]);
});

test("calls wait for the connection that comes back, up to a bound", async () => {
	const { actor, enter } = await startRelayAlone({
		edgeCallBytesPerActorMax: 10_000,
		edgeCallsPerConnectionMax: 20,
		edgeUpstreamOpenMs: 300,
	});
	const [client, other] = [await enter(), await enter()];
	actor.isStuck = true;
	actor.link.socket.terminate();
	await vi.waitFor(() => expect(actor.handshakes).toBeGreaterThan(1));
	client.call(1, "getHistory", "waits");
	client.call(2, "getHistory", "x".repeat(10_000));
	const refused = await client.next();
	expect([errorOf(refused), refused.val.actionId]).toEqual(["user/busy", ["$BigInt", "2"]]);
	for (let at = 0; at < 21; at++) other.call(at, "getHistory");
	const busy = await other.next();
	expect([errorOf(busy), busy.val.actionId]).toEqual(["user/busy", ["$BigInt", "20"]]);
	actor.isStuck = false;
	for (const socket of actor.links) socket.socket.terminate();
	await vi.waitFor(() => expect(client.heard.at(-1)?.tag).toBe("ActionResponse"), 10_000);
});

test("an actor that is silent while it owes an answer is given up, although its connection looks open", async () => {
	const { actor, enter, metric } = await startRelayAlone({ edgeUpstreamSilentMs: 200 });
	const client = await enter();
	actor.link.isMute = true;
	client.call(1, "sendMessage");
	expect(errorOf(await client.next())).toBe("user/unconfirmed");
	expect(await client.settle()).toEqual([]);
	expect(actor.links).toHaveLength(2);
	expect(await metric('deaths_total{actor="chatRoom"}')).toBe(1);
});

test("a quiet actor is asked now and then whether it lives; one that is slow but says so is left alone", async () => {
	const { actor, enter } = await startRelayAlone({ edgeUpstreamSilentMs: 300, edgeUpstreamCheckMs: 100 });
	const client = await enter();
	await vi.waitFor(() => expect(actor.link.asked.filter((name) => name === "listen").length).toBeGreaterThan(3));
	actor.link.withheld.add("attach");
	const slow = enter();
	await vi.waitFor(() => expect(actor.attaches).toHaveLength(2));
	const before = actor.link.asked.length;
	await vi.waitFor(() => expect(actor.link.asked.length).toBeGreaterThan(before + 4), 5_000);
	expect(actor.links).toHaveLength(1);
	actor.link.isMute = true; // quiet now, and dead
	await vi.waitFor(() => expect(actor.links).toHaveLength(2), 5_000);
	expect((await slow).isOpen).toBe(true);
	expect(await client.settle()).toEqual([]);
});

test("a connection nobody needs is closed after a while, and opened again for the next", async () => {
	const { actor, enter } = await startRelayAlone({ edgeUpstreamIdleMs: 50 });
	const client = await enter();
	const closed = new Promise((resolve) => actor.link.socket.once("close", resolve));
	await client.close();
	await vi.waitFor(() => expect(actor.detached).toHaveLength(1));
	await closed;
	expect(await (await enter()).settle()).toEqual([]);
	expect(actor.links).toHaveLength(2);
});

test("an actor that is not there closes whoever came, in the engine's words", async () => {
	const { actor, connect } = await startRelayAlone();
	actor.closeWith = { code: 1011, reason: "actor.not_found#ray" };
	expect(await connect().closed).toEqual({ code: 1011, reason: "actor.not_found" });
	expect(actor.handshakes).toBe(1);
});

test("whoever cannot be attached in time hears why", async () => {
	const { actor, connect } = await startRelayAlone({ edgeHandshakeMs: 100, edgeUpstreamOpenMs: 60 });
	actor.isStuck = true;
	const client = connect();
	expect(errorOf(await client.next())).toBe("user/busy");
	expect(await client.closed).toEqual({ code: 1011, reason: "user.busy" });
});

test("a call that is not answered in time may have taken effect; one that never left has not", async () => {
	const { actor, enter } = await startRelayAlone({ edgeActionMs: 150 });
	const client = await enter();
	actor.onCall = () => {};
	client.call(1, "sendMessage");
	expect(errorOf(await client.next())).toBe("user/unconfirmed");
	actor.isStuck = true;
	actor.link.socket.terminate();
	await vi.waitFor(() => expect(actor.handshakes).toBe(2));
	client.call(2, "sendMessage");
	expect(errorOf(await client.next())).toBe("user/busy");
});

test("whom the actor shows out hears what was said before, then the reason", async () => {
	const { actor, enter } = await startRelayAlone();
	const client = await enter();
	await subscribe(actor, client, "typing");
	const [connectionId] = actor.link.attached;
	actor.link.push(
		{ type: "event", name: "typing", args: ["before"] },
		{ type: "close", connectionId: connectionId!, reason: "kicked" },
		{ type: "event", name: "typing", args: ["after"] },
	);
	expect(await client.closed).toEqual({ code: 1000, reason: "kicked" });
	expect(client.heard.slice(-1).map(({ val }) => val.args)).toEqual([["before"]]);
	expect(actor.detached).toEqual([]);
});

test("who leaves is detached, even who left before they were attached", async () => {
	const { actor, connect, enter } = await startRelayAlone();
	const stays = await enter();
	actor.link.withheld.add("attach");
	const early = connect();
	await early.handshake;
	await vi.waitFor(() => expect(actor.attaches).toHaveLength(2));
	await early.close();
	expect(await stays.settle()).toEqual([]);
	const leaves = [...actor.link.attached];
	expect(leaves).toHaveLength(2);
	await stays.close();
	await vi.waitFor(() => expect(actor.detached).toEqual([leaves[0]]));
});

test.each([
	["deep nesting", JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`)],
	["a great many values", Array.from({ length: 30_000 }, () => 0)],
	["an escape nobody knows", ["$Function", "x"]],
	["a big int that is none", ["$BigInt", "x"]],
	["bytes that are none", { bytes: ["$Uint8Array", 7] }],
])("%s fails its own call and reaches no actor", async (_, argument) => {
	const { actor, enter } = await startRelayAlone();
	const client = await enter();
	client.call(1, "getHistory", argument);
	const { val } = await client.next();
	expect(val).toMatchObject({ group: "user", code: "bad_input", actionId: ["$BigInt", "1"] });
	expect(actor.calls).toEqual([]);
	expect(await client.settle()).toEqual([]);
});

test("a name that cannot be an action's is refused in RivetKit's words and reaches no actor", async () => {
	const { actor, enter } = await startRelayAlone();
	const client = await enter();
	for (const name of ["", "no-such", "x".repeat(65), '","args":[]}']) {
		client.call(1, name);
		expect((await client.next()).val).toMatchObject({
			group: "actor",
			code: "action_not_found",
			message: `Action \`${name}\` was not found.`,
		});
	}
	expect(actor.calls).toEqual([]);
});

test("one person calls so often, over all their connections, and is then told how long to wait", async () => {
	const { enter } = await startRelayAlone({ edgeCallBurstPerPerson: 3, edgeCallsPerSecondPerPerson: 0.1 });
	const [tab, other, somebody] = [await enter("ada"), await enter("ada"), await enter("bob")];
	for (const [at, client] of [tab, other, tab].entries()) {
		client.call(at, "getHistory");
		expect((await client.next()).tag).toBe("ActionResponse");
	}
	other.call(9, "getHistory");
	const { val } = await other.next();
	expect(val).toMatchObject({ group: "user", code: "rate_limited", metadata: { waitMs: expect.any(Number) } });
	somebody.call(1, "getHistory");
	expect((await somebody.next()).tag).toBe("ActionResponse");
});

test("one person has so many connections, and opens them only so fast", async () => {
	const few = await startRelayAlone({ edgeSocketsPerPerson: 1 });
	const first = await few.enter("ada");
	expect(await few.connect("ada").handshake).toMatchObject({ status: 429 });
	expect(await few.connect("bob").handshake).toBeUndefined();
	await first.close();
	await vi.waitFor(async () => expect(await few.connect("ada").handshake).toBeUndefined());
	const slow = await startRelayAlone({ edgeHandshakeBurstPerPerson: 1, edgeHandshakesPerSecondPerPerson: 0.1 });
	await slow.enter("ada");
	expect(await slow.connect("ada").handshake).toMatchObject({ status: 429 });
});

test("a client of an edge that ends has its answer, is forgotten by the actor and told to come back", async () => {
	const { actor, enter, door, port } = await startRelayAlone();
	const client = await enter();
	const held: Forwarded[] = [];
	actor.onCall = (_, call) => void held.push(call);
	client.call(1, "sendMessage");
	await vi.waitFor(() => expect(held).toHaveLength(1));
	const drained = door.drain();
	await vi.waitFor(async () => expect((await ask(port, { target: "/healthz" })).status).toBe(0)); // takes nobody new
	expect(client.isOpen).toBe(true);
	actor.link.answer(held[0]!);
	expect((await client.next()).tag).toBe("ActionResponse");
	expect(await client.closed).toEqual({ code: 1012, reason: "service_restart" });
	expect(actor.detached).toHaveLength(1);
	await drained;
});

test("an edge that ends waits for nobody for ever", async () => {
	const { actor, enter, door } = await startRelayAlone();
	const client = await enter();
	actor.onCall = () => {};
	client.call(1, "sendMessage");
	await vi.waitFor(() => expect(actor.calls).toHaveLength(1));
	actor.link.isMute = true;
	client.socket.pause();
	const startedAt = performance.now();
	await door.drain();
	expect(performance.now() - startedAt).toBeLessThan(2_000);
});
