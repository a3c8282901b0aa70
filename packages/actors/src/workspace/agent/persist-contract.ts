import assert from "node:assert/strict";
import type { SessionEvent, SessionPersistDriver, SessionRecord } from "sandbox-agent";

/** One promise of a `SessionPersistDriver`. It holds for an empty driver that keeps at least 300 events a session. */
export interface PersistClaim {
	readonly claim: string;
	check(driver: SessionPersistDriver): Promise<void>;
}

/**
 * What the SDK relies on, as plain functions: the SDK's in-memory driver and ours run it in unit tests, and an actor can run
 * it on its real database.
 */
export const persistContract: readonly PersistClaim[] = [
	{
		claim: "a session that is not there is undefined",
		async check(driver) {
			assert.equal(await driver.getSession("nobody"), undefined);
		},
	},
	{
		claim: "a session comes back as it was given, and the newest version wins",
		async check(driver) {
			const session = {
				...sessionRecord("one"),
				sandboxId: "confined/1",
				sessionInit: { cwd: "/workspace", mcpServers: [] },
			};
			await driver.updateSession(session);
			assert.deepEqual(plain(await driver.getSession("one")), plain(session));
			await driver.updateSession({ ...session, agentSessionId: "second" });
			assert.equal((await driver.getSession("one"))?.agentSessionId, "second");
		},
	},
	{
		claim: "what it hands out is a copy",
		async check(driver) {
			await driver.updateSession(sessionRecord("one"));
			await driver.insertEvent("one", sessionEvent(1));
			const session = await driver.getSession("one");
			if (session) session.agent = "changed";
			const [event] = (await driver.listEvents({ sessionId: "one" })).items;
			if (event) Object.assign(event.payload, { method: "changed" });
			assert.equal((await driver.getSession("one"))?.agent, "mock");
			assert.deepEqual((await driver.listEvents({ sessionId: "one" })).items[0]?.payload, sessionEvent(1).payload);
		},
	},
	{
		claim: "sessions are paged by createdAt, then id",
		async check(driver) {
			for (const [id, at] of [
				["d", 3],
				["b", 1],
				["c", 1],
				["a", 2],
			] as const) {
				await driver.updateSession({ ...sessionRecord(id), createdAt: at });
			}
			assert.deepEqual(await all((cursor) => driver.listSessions({ limit: 2, ...cursor }), 2), ["b", "c", "a", "d"]);
		},
	},
	{
		claim: "events are paged by eventIndex, whatever order they came in, and whole",
		async check(driver) {
			for (const index of [3, 1, 2, 5, 4]) await driver.insertEvent("one", sessionEvent(index));
			await driver.insertEvent("other", { ...sessionEvent(1), id: "foreign", sessionId: "other" });
			const ids = await all((cursor) => driver.listEvents({ sessionId: "one", limit: 2, ...cursor }), 3);
			assert.deepEqual(ids, ["e1", "e2", "e3", "e4", "e5"]);
			assert.deepEqual((await driver.listEvents({ sessionId: "one", limit: 1 })).items, [sessionEvent(1)]);
		},
	},
	{
		claim: "a page has 100 unless told otherwise, and the last one has no cursor",
		async check(driver) {
			for (let index = 1; index <= 250; index++) await driver.insertEvent("one", sessionEvent(index));
			const first = await driver.listEvents({ sessionId: "one" });
			assert.equal(first.items.length, 100);
			assert.ok(first.nextCursor);
			for (const limit of [0, -5, Number.NaN]) {
				assert.equal((await driver.listEvents({ sessionId: "one", limit })).items.length, 100);
			}
			const rest = await driver.listEvents({ sessionId: "one", cursor: first.nextCursor, limit: 150 });
			assert.equal(rest.items.length, 150);
			assert.equal(rest.nextCursor, undefined);
		},
	},
	{
		claim: "what is inserted between two pages is found at the end",
		async check(driver) {
			for (const index of [1, 2, 3]) await driver.insertEvent("one", sessionEvent(index));
			const first = await driver.listEvents({ sessionId: "one", limit: 2 });
			await driver.insertEvent("one", sessionEvent(4));
			assert.ok(first.nextCursor);
			const rest = await driver.listEvents({ sessionId: "one", limit: 2, cursor: first.nextCursor });
			assert.deepEqual(
				rest.items.map((event) => event.id),
				["e3", "e4"],
			);
		},
	},
	{
		claim: "a session without events has an empty page, and a foreign cursor starts at the beginning",
		async check(driver) {
			assert.deepEqual((await driver.listEvents({ sessionId: "nobody" })).items, []);
			await driver.insertEvent("one", sessionEvent(1));
			assert.equal((await driver.listEvents({ sessionId: "one", cursor: "nonsense" })).items.length, 1);
			assert.deepEqual((await driver.listSessions({ cursor: "nonsense" })).items, []);
		},
	},
];

/** The claims that do not hold, each with its reason: for where no test runner is. `open` gives an empty driver each time. */
export async function brokenClaims(open: () => Promise<SessionPersistDriver>): Promise<string[]> {
	const broken: string[] = [];
	for (const { claim, check } of persistContract) {
		try {
			await check(await open());
		} catch (error) {
			broken.push(`${claim}: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return broken;
}

export function sessionRecord(id: string): SessionRecord {
	return { id, agent: "mock", agentSessionId: `agent-${id}`, lastConnectionId: "connection", createdAt: 1 };
}

export function sessionEvent(eventIndex: number): SessionEvent {
	return {
		id: `e${eventIndex}`,
		eventIndex,
		sessionId: "one",
		createdAt: 1_000 + eventIndex,
		connectionId: "connection",
		sender: eventIndex % 2 === 0 ? "agent" : "client",
		payload: { jsonrpc: "2.0", method: "session/update", params: { text: `“${eventIndex}” \u0000\u{1F600}` } },
	};
}

async function all(
	next: (cursor: { cursor?: string }) => Promise<{ items: { id: string }[]; nextCursor?: string }>,
	pagesMax: number,
): Promise<string[]> {
	const ids: string[] = [];
	let cursor: string | undefined;
	for (let pages = 0; pages < pagesMax; pages++) {
		const page = await next(cursor === undefined ? {} : { cursor });
		ids.push(...page.items.map((item) => item.id));
		cursor = page.nextCursor;
		if (cursor === undefined) return ids;
	}
	throw new Error(`More than ${pagesMax} pages.`);
}

/** Without the fields that are there but undefined. */
function plain(value: unknown): unknown {
	return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
