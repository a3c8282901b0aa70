import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeRoom } from "../test/fake-room.ts";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { ConnectionLost } from "./refusal.ts";
import { RoomStore } from "./room-store.ts";

const LIMITS = { ...CLIENT_LIMITS, historyPage: 5, pageRows: 4 };

const start = (room = new FakeRoom(["ada", "bob"])) => {
	const clock = new ManualClock();
	let made = 0;
	const store = new RoomStore({
		roomId: "general",
		userId: "ada",
		limits: LIMITS,
		clock,
		makeNonce: () => `n${++made}`,
	});
	/** Until the screen shows it. */
	const frame = (): Promise<void> => clock.pass(LIMITS.notifyMs);
	const connect = async () => {
		const connection = room.connect("ada");
		const detach = store.attach(connection);
		connection.open();
		await frame();
		return { connection, detach };
	};
	return { room, clock, store, connect, frame };
};
const texts = (store: RoomStore): string[] => store.getSnapshot().messages.map(({ text }) => text);
const truth = (room: FakeRoom): string[] => room.messages.map(({ text }) => text);

describe("a room over any number of connections", () => {
	test("it shows the newest page, the members and who is here", async () => {
		const { room, store, connect } = start();
		for (let n = 1; n <= 7; n++) room.send("bob", { text: `${n}` });
		room.online.add("bob");
		expect(store.getSnapshot().isLoaded).toBe(false);
		await connect();
		expect(texts(store)).toEqual(["3", "4", "5", "6", "7"]);
		expect(store.getSnapshot()).toMatchObject({ isLoaded: true, hasOlder: true, me: { id: "ada" } });
		expect([...store.getSnapshot().members.keys()]).toEqual(["ada", "bob"]);
		expect([...store.getSnapshot().onlineUserIds]).toEqual(["bob"]);
	});

	test("a message that falls between subscribing and reading is there, once", async () => {
		const { room, store, frame } = start();
		const connection = room.connect("ada");
		store.attach(connection);
		connection.open();
		room.send("bob", { text: "between" });
		await frame();
		expect(texts(store)).toEqual(["between"]);
	});

	test("an own message is shown as outgoing at once, and then through the feed like everybody's", async () => {
		const { room, store, connect } = start();
		await connect();
		store.send({ text: "hello" });
		expect(store.getSnapshot().outgoing).toMatchObject([{ input: { text: "hello" }, state: { type: "sending" } }]);
		await settled();
		expect(store.getSnapshot()).toMatchObject({ outgoing: [], messages: [{ text: "hello", sender: "ada" }] });
		expect(truth(room)).toEqual(["hello"]);
	});

	test("an acknowledged message whose event was lost is asked for", async () => {
		const { room, store, connect, clock } = start();
		const { connection } = await connect();
		room.weather = { arrives: () => true, answers: () => true, hears: () => false };
		store.send({ text: "hello" });
		await settled();
		expect(store.getSnapshot().outgoing).toMatchObject([{ state: { type: "sent" } }]);
		await clock.pass(LIMITS.arrivalMs);
		expect(store.getSnapshot()).toMatchObject({ outgoing: [], messages: [{ text: "hello" }] });
		expect(connection.callsOf("changesSince").length).toBe(1);
	});

	test("an event that arrives by itself costs no read", async () => {
		const { store, connect, clock } = start();
		const { connection } = await connect();
		store.send({ text: "hello" });
		await clock.pass(LIMITS.arrivalMs * 2);
		expect(connection.callsOf("changesSince")).toEqual([]);
	});

	test("the loss of the newest event is noticed without any further event", async () => {
		const { room, store, connect, clock } = start();
		await connect();
		room.weather = { arrives: () => true, answers: () => true, hears: () => false };
		room.send("bob", { text: "lost" });
		await clock.pass(LIMITS.checkMs * 1.25);
		expect(texts(store)).toEqual(["lost"]);
	});

	test("a page that is looked at again asks at once", async () => {
		const { room, store, connect, frame } = start();
		await connect();
		room.weather = { arrives: () => true, answers: () => true, hears: () => false };
		room.send("bob", { text: "lost" });
		store.check();
		await frame();
		expect(texts(store)).toEqual(["lost"]);
	});

	test("after a reconnect it has what it missed, and keeps showing the room meanwhile", async () => {
		const { room, store, connect, frame } = start();
		const { connection, detach } = await connect();
		room.send("bob", { text: "before" });
		connection.close();
		detach();
		room.send("bob", { text: "missed" });
		room.online.add("carl");
		await frame();
		expect(texts(store)).toEqual(["before"]);
		await connect();
		expect(texts(store)).toEqual(["before", "missed"]);
		expect([...store.getSnapshot().onlineUserIds]).toEqual(["carl"]);
	});

	test("a restored backup replaces what was shown", async () => {
		const { room, store, connect, frame } = start();
		const { connection } = await connect();
		room.send("bob", { text: "gone" });
		connection.close();
		const restored = new FakeRoom(["ada"]);
		restored.epoch = "e2";
		restored.send("ada", { text: "kept" });
		const second = restored.connect("ada");
		store.attach(second);
		second.open();
		await frame();
		expect(texts(store)).toEqual(["kept"]);
	});

	test("a read that fails for now is tried again", async () => {
		const { room, store, connect, clock } = start();
		let isDown = true;
		const { connection } = await connect();
		connection.close();
		const flaky = room.connect("ada");
		const call = flaky.call.bind(flaky);
		flaky.call = async (name, input) => {
			if (isDown) throw new ConnectionLost("internal error");
			return await call(name, input);
		};
		store.attach(flaky);
		flaky.open();
		room.send("bob", { text: "missed" });
		await clock.pass(1_000);
		isDown = false;
		await clock.pass(LIMITS.readRetryMaxMs);
		expect(texts(store)).toEqual(["missed"]);
	});

	test("older pages are loaded in front, once at a time, down to the first message", async () => {
		const { room, store, connect } = start();
		for (let n = 1; n <= 12; n++) room.send("bob", { text: `${n}` });
		const { connection } = await connect();
		const both = [store.loadOlder(), store.loadOlder()];
		expect(store.getSnapshot().moving).toBe("older");
		room.edit(4, "four");
		await Promise.all(both);
		expect(texts(store)).toEqual(["3", "four", "5", "6", "7", "8", "9", "10", "11", "12"]);
		await store.loadOlder();
		await store.loadOlder();
		expect(texts(store)).toEqual(truth(room));
		expect(store.getSnapshot()).toMatchObject({ hasOlder: false, moving: null });
		expect(connection.callsOf("getHistory").length).toBe(3);
	});

	test("a visitor sees the room without its messages, and everything after joining", async () => {
		const { room, store, connect, frame } = start(new FakeRoom(["bob"]));
		room.send("bob", { text: "hello" });
		await connect();
		expect(store.getSnapshot()).toMatchObject({ isLoaded: true, me: null, messages: [], problem: null });
		await store.join();
		await frame();
		expect(store.getSnapshot()).toMatchObject({ me: { id: "ada" }, messages: [{ text: "hello" }] });
	});

	test("who was removed becomes a visitor when the changes are refused", async () => {
		const { room, store, connect, frame } = start();
		await connect();
		room.commit([room.member("ada", "removed")]);
		store.check();
		await frame();
		expect(store.getSnapshot()).toMatchObject({ me: null, messages: [] });
	});

	test("others who write are shown until they stop, send, or say nothing for a while; we never are", async () => {
		const { room, store, connect, clock } = start();
		const { connection } = await connect();
		const typing = (userId: string, isTyping = true): void => connection.emit("typing", { userId, isTyping });
		const shown = async (): Promise<readonly string[]> => {
			await clock.pass(LIMITS.notifyMs);
			return store.getSnapshot().typingUserIds;
		};
		for (const userId of ["ada", "bob", "carl", "dora"]) typing(userId);
		expect(await shown()).toEqual(["bob", "carl", "dora"]);
		typing("dora", false);
		room.send("bob", { text: "there" });
		expect(await shown()).toEqual(["carl"]);
		await clock.pass(LIMITS.typingExpiresMs);
		expect(await shown()).toEqual([]);
	});

	test("our writing is said at most every three seconds, and once when it ends", async () => {
		const { store, connect, clock } = start();
		const { connection } = await connect();
		for (let n = 0; n < 40; n++) {
			store.setTyping(true);
			await clock.pass(100);
		}
		store.setTyping(false);
		store.setTyping(false);
		expect(connection.callsOf("setTyping")).toEqual([{ isTyping: true }, { isTyping: true }, { isTyping: false }]);
	});

	test("a stream of changes costs a screen at most 20 frames a second, and the last one is shown", async () => {
		const { room, store, connect, clock } = start();
		await connect();
		let frames = 0;
		store.subscribe(() => {
			frames += 1;
		});
		for (let n = 0; n < 200; n++) {
			room.send("bob", { text: `${n}` });
			await clock.pass(5);
		}
		await clock.pass(LIMITS.notifyMs);
		expect(frames).toBeLessThanOrEqual(22);
		expect(texts(store).at(-1)).toBe("199");
	});

	test("nothing changed means the same snapshot", async () => {
		const { store, connect } = start();
		await connect();
		expect(store.getSnapshot()).toBe(store.getSnapshot());
	});

	test("disposed, it lets go of everything, and can be attached again", async () => {
		const { room, store, connect, clock } = start();
		await connect();
		store.dispose();
		room.send("bob", { text: "missed" });
		expect(clock.next).toBeNull();
		await connect();
		expect(texts(store)).toEqual(["missed"]);
	});

	test("[FEED12] whatever the line loses: every send once and in order, and the screen equals the room", async () => {
		await fc.assert(fc.asyncProperty(fc.array(anyAct, { maxLength: 50 }), fc.infiniteStream(fc.nat(99)), converges), {
			numRuns: 200,
		});
	}, 60_000);
});

const anyAct = fc.constantFrom("send", "send", "other", "edit", "open", "close", "older", "prune", "pass", "silence");
type Act = typeof anyAct extends fc.Arbitrary<infer A> ? A : never;

async function converges(acts: readonly Act[], chance: fc.Stream<number>): Promise<void> {
	const { room, store, clock, connect } = start();
	const luck = (percent: number): boolean => (chance.next().value ?? 0) < percent;
	room.weather = { arrives: () => luck(80), answers: () => luck(80), hears: () => luck(70) };
	let current: Awaited<ReturnType<typeof connect>> | null = null;
	let sent = 0;
	const close = (): void => {
		current?.connection.close();
		current?.detach();
		current = null;
	};
	for (const act of acts) {
		if (act === "send") store.send({ text: `own ${++sent}` });
		else if (act === "other") room.send("bob", { text: "other" });
		else if (act === "edit") room.messages[0] && room.edit(room.messages[0].id, "edited");
		else if (act === "prune") room.prune(room.floorSeq + 1);
		else if (act === "older") store.loadOlder().catch(() => {});
		else if (act === "pass") await clock.pass(3_000);
		// A call without an answer: the supervisor drops the connection.
		else if (act === "close" || act === "silence") close();
		else if (act === "open" && current === null) current = await connect();
		await settled();
	}
	close();
	room.weather = { arrives: () => true, answers: () => true, hears: () => true };
	await connect();
	await clock.pass(60_000);
	const { messages, outgoing, hasOlder } = store.getSnapshot();
	expect(outgoing).toEqual([]);
	const expected = room.messages.filter(({ id }) => id >= (messages[0]?.id ?? 0));
	expect(messages).toEqual(expected);
	expect(hasOlder).toBe(expected.length < room.messages.length);
	const own = room.sentBy("ada");
	expect(own).toEqual(Array.from({ length: sent }, (_, n) => `own ${n + 1}`));
}
