import { expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { DeviceUse, type Use } from "./device-use.ts";
import { CLIENT_LIMITS } from "./limits.ts";

const { useSayMs, useSayAgainMs } = CLIENT_LIMITS;

function start() {
	const clock = new ManualClock();
	const told: Use[] = [];
	const server = { isAway: false };
	const tell = async (use: Use) => {
		if (server.isAway) throw new Error("no connection");
		told.push(use);
	};
	return { clock, told, server, use: new DeviceUse({ tell, limits: CLIENT_LIMITS, clock }) };
}
const looking = { isInUse: true, deviceId: "0".repeat(32) };
const away = { ...looking, isInUse: false };

test("[PUSH2] it says that somebody looks for as long as they do, and once that they do not", async () => {
	const { clock, told, use } = start();
	use.set(looking);
	await clock.pass(useSayMs);
	expect(told).toEqual([looking]);
	await clock.pass(2 * useSayAgainMs);
	expect(told).toEqual([looking, looking, looking]);
	use.set(away);
	await clock.pass(useSayMs);
	expect(told.at(-1)).toEqual(away);
	await clock.pass(10 * useSayAgainMs);
	expect(told).toHaveLength(4);
	use.dispose();
	expect(clock.next).toBeNull();
});

test("[PUSH2] looking away for a moment is not said, and a page that nobody looked at says nothing", async () => {
	const { clock, told, use } = start();
	use.set(away);
	await clock.pass(useSayMs);
	expect(told).toEqual([]);
	use.set(looking);
	await clock.pass(useSayMs);
	use.set(away);
	await clock.pass(useSayMs / 2);
	use.set(looking);
	await clock.pass(useSayMs);
	expect(told.every(({ isInUse }) => isInUse)).toBe(true);
});

test("[PUSH2] a new connection is told at once", async () => {
	const { clock, told, server, use } = start();
	server.isAway = true;
	use.set(looking);
	await clock.pass(useSayMs);
	expect(told).toEqual([]);
	server.isAway = false;
	use.opened();
	expect(told).toEqual([looking]);
});
