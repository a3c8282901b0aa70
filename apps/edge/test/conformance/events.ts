import { expect, test, vi } from "vitest";
import type { StockConnection, Way } from "./stage.ts";

const tell = (connection: StockConnection, ...payloads: unknown[]): Promise<unknown> =>
	connection.action({ name: "sendMessage", args: payloads });
const settled = (connection: StockConnection): Promise<unknown> => connection.action({ name: "getHash", args: [] });

/** A connection that hears `newMessage`: answered calls prove that the subscription before them is in force. */
async function listening(way: Way, listener: (payload: unknown) => void, user = "ada"): Promise<StockConnection> {
	const connection = way.connect({ user });
	connection.on("newMessage", listener);
	await settled(connection);
	return connection;
}

export function eventCases(way: () => Way): void {
	test("an event reaches everybody who subscribed, the caller included, and nobody else", async () => {
		const [own, others, typing] = [vi.fn(), vi.fn(), vi.fn()];
		const ada = await listening(way(), own);
		await listening(way(), others, "bob");
		const third = way().connect({ user: "cyn" });
		third.on("typing", typing);
		await settled(third);
		await tell(ada, { text: "hello" });
		for (const listener of [own, others])
			await vi.waitFor(() => expect(listener.mock.calls).toEqual([[{ text: "hello" }]]));
		await settled(third);
		expect(typing).not.toHaveBeenCalled();
	});

	test.each([
		["a big int", 2n ** 70n],
		["bytes", new Uint8Array([0, 255])],
		["both within", { a: [1n, { b: new Uint8Array([3]) }], c: ["$BigInt", "7"] }],
		["null", null],
		["200 KiB", "é".repeat(100 * 1024)],
	])("an event with %s arrives as it was", async (_, payload) => {
		const heard = vi.fn();
		const connection = await listening(way(), heard);
		await tell(connection, payload);
		await vi.waitFor(() => expect(heard.mock.calls).toEqual([[payload]]));
	});

	test("500 events arrive once each, in their order", async () => {
		const [own, others] = [vi.fn(), vi.fn()];
		const ada = await listening(way(), own);
		await listening(way(), others, "bob");
		const payloads = Array.from({ length: 500 }, (_, index) => index);
		await tell(ada, ...payloads);
		for (const listener of [own, others])
			await vi.waitFor(() => expect(listener.mock.calls.flat()).toEqual(payloads), 5_000);
	});

	test("what was told before an answer is heard before it", async () => {
		const raw = way().raw();
		await raw.init();
		raw.subscribe("newMessage");
		await raw.settle();
		raw.call(1, "sendMessage", "first", "second");
		expect(await raw.until(1)).toEqual([
			{ tag: "Event", val: { name: "newMessage", args: ["first"] } },
			{ tag: "Event", val: { name: "newMessage", args: ["second"] } },
			{ tag: "ActionResponse", val: { id: ["$BigInt", "1"], output: "told" } },
		]);
	});

	test("every listener hears; one that is taken away does not; the last one ends the subscription", async () => {
		const [first, second] = [vi.fn(), vi.fn()];
		const connection = way().connect();
		const offFirst = connection.on("newMessage", first);
		const offSecond = connection.on("newMessage", second);
		await settled(connection);
		await tell(connection, 1);
		for (const listener of [first, second]) await vi.waitFor(() => expect(listener.mock.calls).toEqual([[1]]));
		offFirst();
		await tell(connection, 2);
		await vi.waitFor(() => expect(second.mock.calls).toEqual([[1], [2]]));
		expect(first).toHaveBeenCalledTimes(1);
		offSecond();
		await settled(connection);
		await tell(connection, 3);
		connection.on("newMessage", first);
		await settled(connection);
		await tell(connection, 4);
		await vi.waitFor(() => expect(first.mock.calls).toEqual([[1], [4]]));
		expect(second).toHaveBeenCalledTimes(2);
	});

	test("`once` hears once", async () => {
		const heard = vi.fn();
		const connection = way().connect();
		connection.once("newMessage", heard);
		await settled(connection);
		for (const payload of [1, 2]) await tell(connection, payload);
		await settled(connection);
		await vi.waitFor(() => expect(heard.mock.calls).toEqual([[1]]));
	});

	test("a subscription that ended sends no frame", async () => {
		const raw = way().raw();
		await raw.init();
		raw.subscribe("newMessage");
		raw.call(1, "sendMessage", "heard");
		expect((await raw.until(1)).map(({ tag }) => tag)).toEqual(["Event", "ActionResponse"]);
		raw.subscribe("newMessage", false);
		raw.call(2, "sendMessage", "not heard");
		expect((await raw.until(2)).map(({ tag }) => tag)).toEqual(["ActionResponse"]);
		expect(await raw.settle()).toEqual([]);
	});

	test("subscribing twice is hearing once, and ending once is the end", async () => {
		const raw = way().raw();
		await raw.init();
		raw.subscribe("newMessage");
		raw.subscribe("newMessage");
		raw.call(1, "sendMessage", "heard");
		expect((await raw.until(1)).map(({ tag }) => tag)).toEqual(["Event", "ActionResponse"]);
		expect(await raw.settle()).toEqual([]);
		raw.subscribe("newMessage", false);
		raw.call(2, "sendMessage", "not heard");
		expect((await raw.until(2)).map(({ tag }) => tag)).toEqual(["ActionResponse"]);
	});

	test("an event that nobody tells may be subscribed to", async () => {
		const raw = way().raw();
		await raw.init();
		for (const name of ["nope", "__proto__", "", "relayed"]) raw.subscribe(name);
		raw.subscribe("nope", false);
		raw.subscribe("never subscribed", false);
		raw.call(1, "getHistory", "still here");
		expect(await raw.next()).toEqual({ tag: "ActionResponse", val: { id: ["$BigInt", "1"], output: ["still here"] } });
	});

	test("what is for the others does not reach any connection of one's own", async () => {
		const [own, ownToo, others] = [vi.fn(), vi.fn(), vi.fn()];
		const [ada, adaToo] = [way().connect(), way().connect()];
		const bob = way().connect({ user: "bob" });
		for (const [connection, listener] of [
			[ada, own],
			[adaToo, ownToo],
			[bob, others],
		] as const) {
			connection.on("typing", listener);
			await settled(connection);
		}
		await ada.action({ name: "setTyping", args: [{ userId: "ada", isTyping: true }] });
		await vi.waitFor(() => expect(others.mock.calls).toEqual([[{ userId: "ada", isTyping: true }]]));
		for (const connection of [ada, adaToo]) await settled(connection);
		for (const listener of [own, ownToo]) expect(listener).not.toHaveBeenCalled();
	});
}
