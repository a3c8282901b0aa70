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

	test("a linked message is shown with what stands around it, and reading goes on in both directions", async () => {
		const { room, store, connect, frame } = start();
		for (let n = 1; n <= 40; n++) room.send("bob", { text: `${n}` });
		await connect();
		expect(await store.show(10)).toBe(true);
		expect(texts(store)).toEqual(["8", "9", "10", "11", "12"]);
		expect(store.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true });
		room.send("bob", { text: "new" });
		await frame();
		expect(texts(store)).not.toContain("new");
		await store.loadOlder();
		await store.loadNewer();
		expect(texts(store)).toEqual(Array.from({ length: 15 }, (_, n) => `${n + 3}`));
		await store.showNewest();
		expect(texts(store)).toEqual(["37", "38", "39", "40", "new"]);
		expect(store.getSnapshot()).toMatchObject({ hasNewer: false, moving: null });
		expect(await store.show(999)).toBe(false);
		expect(texts(store)).toEqual(["37", "38", "39", "40", "new"]);
		while (store.getSnapshot().hasOlder) await store.loadOlder();
		expect(texts(store)).toEqual(truth(room));
	});

	test("what a reply quotes and what is pinned is read wherever it stands, and stays true", async () => {
		const { room, store, connect, clock } = start();
		for (let n = 1; n <= 20; n++) room.send("bob", { text: `${n}` });
		await connect();
		room.pin(2, true, "bob");
		store.want([1, 2, 3, 4, 99]);
		await clock.pass(LIMITS.notifyMs * 2);
		const wanted = (): unknown => [...store.getSnapshot().wanted].map(([id, message]) => [id, message?.text ?? null]);
		expect(new Map(wanted() as [number, string | null][])).toEqual(
			new Map<number, string | null>([
				[1, "1"],
				[2, "2"],
				[3, "3"],
				[4, "4"],
				[99, null],
			]),
		);
		expect([...store.getSnapshot().pinnedIds]).toEqual([2]);
		room.edit(3, "three");
		room.prune(2);
		await clock.pass(LIMITS.notifyMs * 2);
		expect(store.getSnapshot().wanted.get(3)?.text).toBe("three");
		expect(store.getSnapshot().wanted.get(1)).toBeNull();
	});

	test("an open thread shows its replies, before and after they were missed", async () => {
		const { room, store, connect, frame } = start();
		const root = room.send("bob", { text: "question" });
		for (let n = 1; n <= 8; n++) room.send("bob", { text: `${n}`, threadOf: root.id });
		const { connection, detach } = await connect();
		store.openThread(root.id);
		await frame();
		const replies = (): string[] => store.getSnapshot().thread?.messages.map(({ text }) => text) ?? [];
		expect(replies()).toEqual(["4", "5", "6", "7", "8"]);
		expect(store.getSnapshot().thread).toMatchObject({ isLoaded: true, hasOlder: true });
		await store.threadPages?.loadOlder();
		connection.close();
		detach();
		room.send("bob", { text: "missed", threadOf: root.id });
		await connect();
		store.send({ text: "mine", threadOf: root.id });
		await settled();
		await frame();
		expect(replies()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "missed", "mine"]);
		expect(store.getSnapshot().wanted.get(root.id)?.thread).toMatchObject({ count: 10, userIds: ["ada", "bob"] });
		store.openThread(null);
		expect(store.getSnapshot().thread).toBeNull();
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

const anyAct = fc.constantFrom(
	...(["send", "send", "other", "edit", "open", "close", "older", "prune", "pass", "silence"] as const),
	...(["reply", "remove", "pin", "thread", "jump", "newer", "newest"] as const),
);
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
		else if (act === "newer") store.loadNewer().catch(() => {});
		else if (act === "newest") store.showNewest().catch(() => {});
		else if (act === "jump") store.show(someId(room, chance)).catch(() => {});
		else if (act === "thread") openAny(store, room, chance);
		else if (act === "reply") replyToAny(room, chance);
		else if (act === "remove") room.messages[0] && room.remove(someId(room, chance));
		else if (act === "pin") pinAny(room, chance);
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
	await store.showNewest();
	const { messages, outgoing, hasOlder, thread, wanted, pinnedIds } = store.getSnapshot();
	expect(outgoing).toEqual([]);
	const expected = room.messages.filter(({ id }) => id >= (messages[0]?.id ?? 0));
	expect(messages).toEqual(expected);
	expect([...pinnedIds].sort((a, b) => a - b)).toEqual(room.pinnedIds);
	for (const [id, message] of wanted) expect(message).toEqual(id < room.floorSeq ? null : (room.find(id) ?? null));
	if (thread !== null) {
		const replies = room.messages.filter(({ threadOf }) => threadOf === thread.rootId);
		expect(thread.messages).toEqual(replies.filter(({ id }) => id >= (thread.messages[0]?.id ?? 0)));
		expect(thread.hasOlder).toBe(thread.messages.length < replies.length);
	}
	expect(hasOlder).toBe(expected.length < room.messages.length);
	const own = room.sentBy("ada");
	expect(own).toEqual(Array.from({ length: sent }, (_, n) => `own ${n + 1}`));
}

const someId = (room: FakeRoom, chance: fc.Stream<number>): number => {
	const { messages } = room;
	return messages[(chance.next().value ?? 0) % Math.max(1, messages.length)]?.id ?? 1;
};

function replyToAny(room: FakeRoom, chance: fc.Stream<number>): void {
	const root = room.find(someId(room, chance));
	if (root === undefined || root.threadOf !== undefined || root.deletedAt !== undefined) return;
	room.send("bob", { text: "reply", threadOf: root.id });
}

function pinAny(room: FakeRoom, chance: fc.Stream<number>): void {
	const message = room.find(someId(room, chance));
	if (message?.deletedAt === undefined && message !== undefined)
		room.pin(message.id, message.pinned === undefined, "bob");
}

function openAny(store: RoomStore, room: FakeRoom, chance: fc.Stream<number>): void {
	const { threadOf, id } = room.find(someId(room, chance)) ?? { id: 1 };
	store.openThread(threadOf ?? id);
	store.want([id]);
}
