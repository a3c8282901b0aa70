import { expect, test } from "vitest";
import { rowsOf } from "./profile.ts";
import { NOTHING } from "./tally.ts";

test("a message's CPU is told by process and by the threads that matter, the clients' apart", () => {
	const cpu = { engine: 1.1, actors: 1.2, clients: 0.3 };
	const threads = { "engine tokio": 1, "engine idle": 0.001, "actors node": 1.2 };
	const rows = rowsOf("one", { ...NOTHING, acknowledged: 1_000, elapsedMs: 5_000, cpu, threads });
	expect(rows.map(([, what, ms]) => `${what} ${ms}`)).toEqual([
		"servers 2.30",
		"engine 1.10",
		"· tokio 1.00",
		"actors 1.20",
		"· node 1.20",
		"clients 0.30",
	]);
});
