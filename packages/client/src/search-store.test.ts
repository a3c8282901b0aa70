import { Problem } from "@bullpen/domain/problem";
import type { SearchHits } from "@bullpen/domain/search";
import { describe, expect, test } from "vitest";
import { type Answers, FakeConnection, never } from "../test/fake-connection.ts";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { ConnectionLost } from "./refusal.ts";
import { SearchStore } from "./search-store.ts";

const page = (ids: number[], next: number | null = null): SearchHits => ({
	hits: ids.map((id) => ({
		...{ roomId: "r-1", roomName: "general", id, sender: "ada", timestamp: id },
		...{ snippet: `hit ${id}`, ranges: [{ start: 0, length: 3 }] },
	})),
	next: next === null ? null : String(next),
	scannedBackTo: next,
});

type Search = NonNullable<Answers<"search">["search"]>;

const start = (search: Search, isFilling = false) => {
	const clock = new ManualClock();
	const limits = { ...CLIENT_LIMITS, searchHitsMax: 5, searchEmptyPagesMax: 3, searchRefusalsMax: 2 };
	const store = new SearchStore({ clock, limits });
	const connect = async () => {
		const connection = new FakeConnection<"search">({ search, getIndexState: () => ({ isFilling }) });
		store.attach(connection);
		connection.open();
		await settled();
		return connection;
	};
	const shown = () => {
		const { hits, ...rest } = store.getSnapshot();
		return { ...rest, ids: hits.map(({ id }) => id) };
	};
	return { clock, store, connect, shown };
};

describe("a search over any number of connections", () => {
	test("it waits for a connection, asks, and goes on page by page", async () => {
		const { store, connect, shown } = start(({ before }) => (before === undefined ? page([9, 8], 70) : page([3])));
		expect(shown()).toMatchObject({ state: "idle", query: "" });
		store.ask("tea");
		expect(shown()).toMatchObject({ state: "waiting", ids: [] });
		const connection = await connect();
		expect(shown()).toMatchObject({ state: "ready", ids: [9, 8], more: "near", scannedBackTo: 70 });
		store.loadMore();
		expect(shown().state).toBe("asking");
		store.loadMore();
		await settled();
		expect(shown()).toMatchObject({ state: "ready", ids: [9, 8, 3], more: "none", scannedBackTo: null });
		store.loadMore();
		store.ask("tea");
		await settled();
		expect(connection.callsOf("search")).toEqual([{ query: "tea" }, { query: "tea", before: "70" }]);
	});

	test("the newest question wins, whichever is answered first", async () => {
		const late = Promise.withResolvers<SearchHits>();
		const { store, connect, shown } = start(({ query }) => (query === "slow" ? late.promise : page([1])));
		await connect();
		store.ask("slow");
		await settled();
		store.ask("quick");
		await settled();
		late.resolve(page([2]));
		await settled();
		expect(shown()).toMatchObject({ query: "quick", ids: [1], state: "ready" });
		store.ask("");
		expect(shown()).toMatchObject({ query: "", ids: [], state: "idle" });
	});

	test("empty pages are gone through by itself, but not for ever", async () => {
		const { store, connect, shown } = start(({ before }) => page([], Number(before ?? 100) - 10));
		const connection = await connect();
		store.ask("rare");
		await settled();
		await settled();
		expect(shown()).toMatchObject({ state: "ready", more: "far", ids: [], scannedBackTo: 70 });
		store.loadMore();
		await settled();
		await settled();
		expect(shown()).toMatchObject({ state: "ready", more: "far", scannedBackTo: 40 });
		expect(connection.callsOf("search")).toHaveLength(6);
	});

	test("what was lost is asked again on the next connection, from the same place", async () => {
		let isLost = false;
		const { store, connect, shown } = start(({ before }) => {
			if (isLost) return never();
			return before === undefined ? page([9], 50) : page([2]);
		});
		const first = await connect();
		store.ask("tea");
		await settled();
		isLost = true;
		store.loadMore();
		await settled();
		first.close();
		await settled();
		expect(shown()).toMatchObject({ state: "waiting", ids: [9] });
		isLost = false;
		const second = await connect();
		expect(second.callsOf("search")).toEqual([{ query: "tea", before: "50" }]);
		expect(shown()).toMatchObject({ state: "ready", ids: [9, 2] });
	});

	test("a refusal that passes is waited for, another one is told and can be tried again", async () => {
		const busy = new Problem("busy", "wait", { waitMs: 500 });
		const answers = [busy, busy, new Problem("text_too_long", "long"), page([4])];
		const { clock, store, connect, shown } = start(() => {
			const answer = answers.shift();
			return answer instanceof Problem ? Promise.reject(answer) : (answer ?? never());
		});
		const connection = await connect();
		store.ask("tea");
		await clock.pass(499);
		expect(connection.callsOf("search")).toHaveLength(1);
		await clock.pass(501);
		expect(shown()).toMatchObject({ state: "failed", failure: { code: "text_too_long" } });
		store.retry();
		await settled();
		expect(shown()).toMatchObject({ state: "ready", ids: [4], failure: null });
	});

	test("a call that is cut off on an open connection is not asked for ever", async () => {
		const { clock, store, connect, shown } = start(() => Promise.reject(new ConnectionLost("cut")));
		const connection = await connect();
		store.ask("tea");
		await clock.pass(CLIENT_LIMITS.readRetryMinMs * 10);
		expect(shown().state).toBe("failed");
		expect(connection.callsOf("search")).toHaveLength(3);
	});

	test("no more is held than can be shown", async () => {
		const { store, connect, shown } = start(({ before }) => page([9, 8, 7], Number(before ?? 99) - 1));
		await connect();
		store.ask("the");
		await settled();
		store.loadMore();
		await settled();
		expect(shown()).toMatchObject({ more: "full", state: "ready" });
		expect(shown().ids).toHaveLength(5);
	});

	test("it says when the index does not know everything yet", async () => {
		const { clock, connect, shown } = start(() => page([]), true);
		await connect();
		await clock.pass(CLIENT_LIMITS.notifyMs);
		expect(shown().isFilling).toBe(true);
	});
});
