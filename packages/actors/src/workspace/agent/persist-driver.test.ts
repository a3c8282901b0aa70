import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import { InMemorySessionPersistDriver, type SessionEvent } from "sandbox-agent";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Db } from "./db.ts";
import { agentMigrations } from "./migrations.ts";
import { brokenClaims, persistContract, sessionEvent, sessionRecord } from "./persist-contract.ts";
import { RivetSessionPersistDriver } from "./persist-driver.ts";

const limits = { ...LIMITS, sessionEventsKept: 300, agentFlushEveryMs: 5 };
let opened: { database: DatabaseSync; driver: RivetSessionPersistDriver }[];
beforeEach(() => {
	opened = [];
});
afterEach(async () => {
	for (const { database, driver } of opened) {
		await driver.close();
		database.close();
	}
});

function open(options: Partial<ConstructorParameters<typeof RivetSessionPersistDriver>[0]> = {}) {
	const database = new DatabaseSync(":memory:");
	for (const statement of agentMigrations) database.exec(statement);
	const db: Db = {
		async execute(sql, ...args) {
			return database.prepare(sql).all(...(args as SQLInputValue[]));
		},
	};
	const driver = new RivetSessionPersistDriver({ db, limits, ...options });
	opened.push({ database, driver });
	const count = () => Number(database.prepare("SELECT count(*) AS n FROM agent_events").get()?.n);
	return { database, db, driver, count };
}

describe.each([
	["the SDK's in-memory driver", async () => new InMemorySessionPersistDriver()],
	["ours, buffering", async () => open().driver],
	[
		"ours, every event stored at once",
		async () => {
			const { driver } = open();
			const insert = driver.insertEvent.bind(driver);
			driver.insertEvent = async (id: string, event: SessionEvent) => {
				await insert(id, event);
				await driver.flush();
			};
			return driver;
		},
	],
])("[W2] %s", (_, make) => {
	test.each(persistContract)("$claim", async ({ check }) => {
		await check(await make());
	});
});

test("[W2] the contract can be asked outside a test runner", async () => {
	expect(await brokenClaims(async () => open().driver)).toEqual([]);
	const forgetful = () => Object.assign(open().driver, { listSessions: async () => ({ items: [] }) });
	expect(await brokenClaims(async () => forgetful())).toEqual([expect.stringContaining("sessions are paged")]);
});

describe("ours", () => {
	test("an inserted event waits for no commit, is read at once, and is stored soon", async () => {
		const { driver, count } = open();
		await driver.insertEvent("one", sessionEvent(1));
		expect(count()).toBe(0);
		expect((await driver.listEvents({ sessionId: "one" })).items).toHaveLength(1);
		await vi.waitFor(() => expect(count()).toBe(1));
	});

	test("close stores what waits and takes nothing more", async () => {
		const { driver, count } = open();
		await driver.insertEvent("one", sessionEvent(1));
		await driver.close();
		await driver.insertEvent("one", sessionEvent(2));
		await driver.updateSession(sessionRecord("late"));
		await driver.flush();
		expect(count()).toBe(1);
		expect(await driver.getSession("late")).toBeUndefined();
	});

	test("an index used twice says so in the words the SDK knows, stored or not", async () => {
		const { driver, db } = open();
		const words = /UNIQUE constraint failed: .*session_id, .*event_index/;
		await driver.insertEvent("one", sessionEvent(1));
		await expect(driver.insertEvent("one", { ...sessionEvent(1), id: "x" })).rejects.toThrow(words);
		await driver.flush();
		await expect(driver.insertEvent("one", { ...sessionEvent(1), id: "x" })).rejects.toThrow(words);
		const later = new RivetSessionPersistDriver({ db, limits });
		await expect(later.insertEvent("one", { ...sessionEvent(1), id: "x" })).rejects.toThrow(words);
		await later.insertEvent("one", sessionEvent(2));
		await later.close();
	});

	test("destroyedAt is forgotten: a cancelled turn does not end the session", async () => {
		const { driver } = open();
		await driver.updateSession({ ...sessionRecord("one"), destroyedAt: 5 });
		expect(await driver.getSession("one")).toEqual(sessionRecord("one"));
	});

	test("keeps the newest events of each session only", async () => {
		const { driver, count } = open();
		for (let index = 1; index <= 1_000; index++) {
			await driver.insertEvent("one", sessionEvent(index));
			if (index % 100 === 0) await driver.flush();
		}
		expect(count()).toBe(300);
		expect((await driver.listEvents({ sessionId: "one", limit: 1 })).items[0]?.eventIndex).toBe(701);
	});

	test("stores in several commits what is too much for one", async () => {
		const { driver, db, count } = open({ limits: { ...limits, commitBytesMax: 1_000 } });
		const execute = vi.spyOn(db, "execute");
		for (let index = 1; index <= 20; index++) await driver.insertEvent("one", sessionEvent(index));
		await driver.flush();
		expect(count()).toBe(20);
		const inserts = execute.mock.calls.filter(([sql]) => sql.startsWith("INSERT"));
		expect(inserts.length).toBeGreaterThan(3);
		for (const [, json] of inserts) expect(String(json).length).toBeLessThan(1_500);
	});

	test("a database that fails loses nothing that fits, and what comes meanwhile is bounded", async () => {
		const problems: unknown[] = [];
		const { driver, db, count } = open({ onProblem: (error) => problems.push(error) });
		await driver.insertEvent("one", sessionEvent(1));
		const away = vi.spyOn(db, "execute").mockRejectedValue(new Error("away"));
		for (let index = 2; index <= 400; index++) await driver.insertEvent("one", sessionEvent(index));
		await driver.flush();
		expect(problems).toHaveLength(1);
		away.mockRestore();
		await vi.waitFor(() => expect(count()).toBe(300));
	});

	test("tells every event once and in order; a listener that throws stops nothing", async () => {
		const told: number[] = [];
		const problems: unknown[] = [];
		const { driver } = open({
			onEvent: (event) => {
				told.push(event.eventIndex);
				throw new Error("listener");
			},
			onProblem: (error) => problems.push(error),
		});
		for (let index = 1; index <= 5; index++) await driver.insertEvent("one", sessionEvent(index));
		expect(told).toEqual([1, 2, 3, 4, 5]);
		expect(problems).toHaveLength(5);
	});
});
