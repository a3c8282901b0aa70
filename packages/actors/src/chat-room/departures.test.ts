import { DEPARTURES_MAX } from "@bullpen/domain/directory";
import { expect, test, vi } from "vitest";
import type { Peers } from "../peers.ts";
import { Departures } from "./departures.ts";

/** A directory that answers when it is told to, and what of it was kept awake. */
function makeDirectory(departureTries = 3) {
	const calls: { userIds: readonly string[]; resolve: () => void; reject: (error: Error) => void }[] = [];
	const noteDepartures = ({ userIds }: { userIds: readonly string[] }) =>
		new Promise<void>((resolve, reject) => void calls.push({ userIds, resolve, reject }));
	const working: Promise<unknown>[] = [];
	const keepAwake = <T>(work: Promise<T>): Promise<T> => {
		working.push(work);
		return work;
	};
	const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
	const peers = { get: () => ({ noteDepartures }) } as unknown as Peers; // all that is asked of it
	return {
		calls,
		working,
		log,
		departures: new Departures({ keepAwake, log }, peers, { departureTries, tellRetryMs: 1 }),
	};
}
const nth = (calls: readonly unknown[], count: number) => vi.waitFor(() => expect(calls).toHaveLength(count));

test("[WS14] who leaves during a call goes with the next one, also a second time", async () => {
	const { calls, working, departures } = makeDirectory();
	departures.tell([]);
	expect(working).toEqual([]);
	departures.tell(["ada"]);
	departures.tell(["bob"]);
	departures.tell(["ada"]);
	calls[0]?.resolve();
	await nth(calls, 2);
	calls[1]?.resolve();
	await Promise.all(working);
	expect(calls.map(({ userIds }) => userIds)).toEqual([["ada"], ["bob", "ada"]]);
	expect(working).toHaveLength(1);
});

test("[WS14] a call takes so many; one that failed is made again, and given up in the end", async () => {
	const { calls, working, log, departures } = makeDirectory(2);
	departures.tell(Array.from({ length: DEPARTURES_MAX + 1 }, (_, index) => `u-${index}`));
	calls[0]?.resolve();
	await nth(calls, 2);
	calls[1]?.reject(new Error("away"));
	await nth(calls, 3);
	calls[2]?.reject(new Error("away"));
	await Promise.all(working);
	expect(calls.map(({ userIds }) => userIds.length)).toEqual([DEPARTURES_MAX, 1, 1]);
	expect(log.warn).toHaveBeenCalledTimes(2);
	departures.tell(["eve"]);
	expect(calls.at(-1)?.userIds).toEqual(["eve"]);
});
