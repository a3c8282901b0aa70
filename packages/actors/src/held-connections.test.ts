import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HeldConnections } from "./held-connections.ts";
import type { Peer, Peers } from "./peers.ts";

beforeEach(() => {
	vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	vi.useRealTimers();
});

function openWorld(limits: Partial<typeof LIMITS> = {}) {
	const seen = { single: 0, opened: 0, closed: 0 };
	const peer = {} as Peer<"userInbox">;
	const peers = {
		get: () => {
			seen.single++;
			return peer;
		},
		connect: () => {
			seen.opened++;
			return {
				dispose: async () => {
					seen.closed++;
				},
			};
		},
	} as unknown as Peers;
	return { seen, held: new HeldConnections("userInbox", peers, { ...LIMITS, ...limits }, Date.now) };
}
const answer = async (): Promise<string> => "ok";

test("the first call is a single one, those that follow soon share a connection", async () => {
	const { held, seen } = openWorld();
	for (let count = 0; count < 3; count++) await held.call("ada", answer);
	expect(seen).toEqual({ single: 1, opened: 1, closed: 0 });
	await vi.advanceTimersByTimeAsync(LIMITS.heldConnectionIdleMs);
	expect(seen.closed).toBe(1);
	await vi.advanceTimersByTimeAsync(1);
	await held.call("ada", answer);
	expect(seen).toEqual({ single: 2, opened: 1, closed: 1 });
});

test("no more are held than allowed, the others are single calls", async () => {
	const { held, seen } = openWorld({ heldConnectionsMax: 2 } as never);
	for (const key of ["a", "b", "c", "a", "b", "c"]) await held.call(key, answer);
	expect(seen).toEqual({ single: 4, opened: 2, closed: 0 });
	held.dispose();
	expect(seen.closed).toBe(2);
});

test("a call that fails or takes too long closes its connection", async () => {
	const { held, seen } = openWorld();
	await held.call("ada", answer);
	await expect(held.call("ada", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
	expect(seen.closed).toBeGreaterThan(0);
	await held.call("ada", answer);
	const late = expect(held.call("ada", () => new Promise<never>(() => undefined))).rejects.toThrow("too long");
	await vi.advanceTimersByTimeAsync(LIMITS.inboxNoteCallMs);
	await late;
	expect(seen).toMatchObject({ single: 2, opened: 2 });
});
