import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import type { RawClient } from "./conformance/raw-client.ts";
import { type FakeActor, startRelayAlone, subscribe } from "./fake-actor.ts";

const MiB = 1024 * 1024;

const TEXT = "x".repeat(100_000);

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** What this process holds on to: what could be thrown away is gone, on the heap and beside it. */
function keptBytes(): number {
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** So much said that no socket of this machine takes it all, no faster than somebody hears it. */
async function flood(actor: FakeActor, bytes: number, listener: RawClient): Promise<void> {
	for (let said = 0; said < bytes; said += TEXT.length) {
		const before = listener.heard.length;
		actor.link.say({ name: "roomChanged", args: [said, TEXT] });
		await vi.waitFor(() => expect(listener.heard.length).toBeGreaterThan(before), { interval: 1 });
	}
}

test("a client that lags is told nothing until it has taken what waits, then where the actor stands; others miss nothing", async () => {
	const { actor, enter, metric } = await startRelayAlone();
	const [slow, quick] = [await enter(), await enter()];
	for (const client of [slow, quick]) await subscribe(actor, client, "roomChanged");
	slow.socket.pause();
	const before = process.memoryUsage().rss;
	await flood(actor, 60 * MiB, quick);
	expect(quick.heard.filter(({ tag }) => tag === "Event").length).toBe(Math.ceil((60 * MiB) / 100_000));
	expect(await metric("lagging_clients")).toBe(1);
	expect(await metric("waiting_bytes")).toBeLessThan(3 * MiB);
	expect(process.memoryUsage().rss - before).toBeLessThan(250 * MiB); // this process is client, edge and actor at once
	slow.socket.resume();
	await vi.waitFor(() => expect(slow.heard.at(-1)?.val.args).toEqual([{ head: true }]), 5_000);
	expect(await metric('dropped_events_total{actor="chatRoom"}')).toBeGreaterThan(100);
	await vi.waitFor(async () => expect(await metric("lagging_clients")).toBe(0));
	actor.link.say({ name: "roomChanged", args: ["after"] });
	await vi.waitFor(() => expect(slow.heard.at(-1)?.val.args).toEqual(["after"]));
	expect(slow.isOpen).toBe(true);
});

test("a client that goes on lagging is closed as a slow consumer, and its answers still fail nobody", async () => {
	const { actor, enter, metric } = await startRelayAlone({ edgeStalledMs: 300 });
	const [slow, quick] = [await enter(), await enter()];
	for (const client of [slow, quick]) await subscribe(actor, client, "roomChanged");
	slow.socket.pause();
	await flood(actor, 20 * MiB, quick);
	await vi.waitFor(async () => expect(await metric("slow_consumers_total")).toBe(1), 5_000);
	await vi.waitFor(async () => expect(await metric("waiting_bytes")).toBe(0), 5_000);
	expect(await metric('clients{actor="chatRoom"}')).toBe(1);
	expect((await quick.settle()).every(({ tag }) => tag === "Event")).toBe(true);
	expect(actor.detached).toHaveLength(1);
});

test("a client that asks and does not take the answers is closed at its bound", async () => {
	const { actor, enter, metric } = await startRelayAlone({ edgeWaitingBytesMax: 2 * MiB });
	const slow = await enter();
	slow.socket.pause();
	const output = "x".repeat(200_000);
	actor.onCall = (link, { callId }) => link.push({ type: "answer", callId, output });
	for (let at = 0; at < 60; at++) slow.call(at, "getHistory");
	await vi.waitFor(async () => expect(await metric("slow_consumers_total")).toBe(1), 5_000);
	await vi.waitFor(async () => expect(await metric("waiting_bytes")).toBe(0), 5_000);
});

test("what waits for all together is bounded, too: the largest that lag go first", async () => {
	const { actor, enter, metric } = await startRelayAlone({ edgeWaitingBytesTotalMax: MiB });
	const clients = await Promise.all(Array.from({ length: 6 }, () => enter()));
	for (const client of clients) await subscribe(actor, client, "roomChanged");
	const [quick, ...slow] = clients;
	for (const client of slow) client.socket.pause();
	await flood(actor, 40 * MiB, quick!);
	expect(await metric("waiting_bytes")).toBeLessThanOrEqual(MiB);
	const dropped = await metric("slow_consumers_total");
	expect(dropped).toBeGreaterThan(0);
	expect(dropped).toBeLessThan(slow.length);
	expect((await quick!.settle()).every(({ tag }) => tag === "Event")).toBe(true);
});

test("10,000 ill frames close only who sent them and leave no memory behind", async () => {
	const { actor, enter } = await startRelayAlone({ clientFrameBytesMax: 100_000, edgeCloseMs: 100 });
	const stays = await enter();
	const ill = ["nonsense", "x".repeat(100_001), '{"body":{"tag":"ActionRequest","val":{"id":"1"}}}'];
	const round = async (count: number): Promise<void> => {
		const clients = await Promise.all(Array.from({ length: count }, (_, at) => enter(`u-${at % 50}`)));
		for (const [at, client] of clients.entries()) for (let turn = 0; turn < 10; turn++) client.text(ill[at % 3]!);
		for (const client of clients) {
			expect((await client.closed).code).toBe(1011);
			client.socket.terminate(); // with what it had not sent yet
		}
	};
	await round(250); // what is allocated once
	const before = keptBytes();
	for (let turn = 0; turn < 3; turn++) await round(250);
	// The clients' own included, once their sockets are closed; they sent 250 MiB.
	await vi.waitFor(() => expect(keptBytes() - before).toBeLessThan(40 * MiB), { timeout: 10_000, interval: 100 });
	expect(stays.isOpen).toBe(true);
	expect(await stays.settle()).toEqual([]);
	await vi.waitFor(() => expect(actor.link.attached.size).toBe(1));
});
