import type { ModelSpending } from "@bullpen/domain/spending";
import type { SessionRow, TurnRow, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import { expect, test, vi } from "vitest";
import { OpenDraft } from "../feed-draft.ts";
import type { ModelUsage } from "./model-proxy/model-usage.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { Session } from "./session.ts";
import { Spending } from "./spending.ts";
import type { Extra } from "./store/feed.ts";

const turn = (id: string): TurnRow => ({
	kind: "turn",
	id,
	version: 1,
	promptId: "p-1",
	status: "running",
	startedAt: 1,
});
const session: SessionRow = {
	kind: "session",
	id: "default",
	version: 1,
	workspaceId: "w-1",
	sandboxId: null,
	sandboxKind: "virtual",
	name: "n",
	agent: "demo",
	state: "idle",
	visibility: "server",
	ownerId: "ada",
	createdAt: 1,
};
const usage = (more: Partial<ModelUsage>): ModelUsage =>
	({
		tokens: { input: 10, cacheRead: 5, cacheWrite: 1, cacheWriteLong: 0, output: 3 },
		costMicros: 7,
		isEstimated: false,
		...more,
	}) as ModelUsage;

/** A workspace of two turns whose writer keeps rows in memory, and fails while `isFull`. */
function makeWorld() {
	const world: { rows: WorkspaceFeedRow[]; isFull: boolean } = {
		rows: [session, turn("t-1"), turn("t-2")],
		isFull: false,
	};
	const error = vi.fn();
	const write = async (mutation: (draft: WorkspaceDraft) => Promise<void>): Promise<void> => {
		if (world.isFull) throw new Error("disk full");
		const draft = new OpenDraft<WorkspaceFeedRow, Extra>({ seq: 0, version: 1, floorSeq: 1 }, new Map());
		draft.restore(world.rows, draft.counters);
		await mutation(draft);
		world.rows = [...draft.rows];
	};
	const frame = { keepAwake: <Result>(work: Promise<Result>) => work, log: { error } };
	const scope = { frame, writer: { write } } as unknown as Scope;
	const spending = new Spending(scope, new Session(scope));
	const spent = (id: string): ModelSpending | undefined => {
		const row = world.rows.find((each) => each.id === id);
		return row && "spending" in row ? row.spending : undefined;
	};
	return { world, spending, spent, error };
}

const one = {
	requests: 1,
	inputTokens: 16,
	cachedTokens: 5,
	outputTokens: 3,
	costMicros: 7,
	unpriced: 0,
	estimated: 0,
};

test("[PAY4] requests count for their turn and for the workspace, what has no price or was estimated by itself", async () => {
	const { spending, spent } = makeWorld();
	spending.add(usage({}), "t-1");
	await vi.waitFor(() => expect(spent("t-1")).toEqual(one));
	spending.add(usage({ costMicros: undefined, isEstimated: true }), "t-2");
	await vi.waitFor(() => expect(spent("t-2")).toEqual({ ...one, costMicros: 0, unpriced: 1, estimated: 1 }));
	spending.add(usage({}), undefined);
	await vi.waitFor(() => expect(spent("default")?.requests).toBe(3));
	expect(spent("default")).toEqual({
		requests: 3,
		inputTokens: 48,
		cachedTokens: 15,
		outputTokens: 9,
		costMicros: 14,
		unpriced: 1,
		estimated: 1,
	});
	expect(spent("t-1")).toEqual(one);
});

test("[PAY4] what could not be stored is counted with the next request", async () => {
	const { world, spending, spent, error } = makeWorld();
	world.isFull = true;
	spending.add(usage({}), "t-1");
	await vi.waitFor(() => expect(error).toHaveBeenCalledOnce());
	world.isFull = false;
	spending.add(usage({}), "t-1");
	await vi.waitFor(() => expect(spent("default")).toMatchObject({ requests: 2, costMicros: 14 }));
});
