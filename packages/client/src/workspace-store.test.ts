import type { ItemRow } from "@bullpen/domain/transcript/item";
import type { PromptRow, SessionRow, TurnRow, WorkspaceFeedRow } from "@bullpen/domain/workspace";
import { describe, expect, test } from "vitest";
import { FakeConnection } from "../test/fake-connection.ts";
import { ManualClock } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { WorkspaceStore } from "./workspace-store.ts";

const LIMITS = { ...CLIENT_LIMITS, transcriptPage: 3 };
const session: SessionRow = {
	kind: "session",
	id: "default",
	version: 1,
	workspaceId: "w-1",
	sandboxId: null,
	sandboxKind: "virtual",
	name: "demo",
	agent: "demo",
	state: "idle",
	visibility: "server",
	ownerId: "bob",
	createdAt: 1,
};
const turn: TurnRow = { kind: "turn", id: "t1", version: 2, promptId: "p1", status: "running", startedAt: 1 };
const text = (id: number, version: number, words: string, isSealed = true): ItemRow => {
	return { kind: "item", id, version, turnId: "t1", at: 1, body: { type: "text", text: words, isSealed } };
};

/** A workspace that accepts prompts, and tells of them or not. */
const start = (items = 0) => {
	const clock = new ManualClock();
	let version = 2;
	let prompts = 0;
	const rows = new Map<string, WorkspaceFeedRow>();
	const put = (row: WorkspaceFeedRow, isTold = true): void => {
		const from = version;
		const stored = { ...row, version: ++version };
		rows.set(`${row.kind}:${row.id}`, stored);
		if (isTold) connection.emit("workspaceChanged", { from, to: version, rows: [stored], floorSeq: 1 });
	};
	let isTold = true;
	const connection = new FakeConnection<"workspace">({
		getTranscript: (input) => {
			const all = [...rows.values()];
			const older = all.filter((row) => row.kind === "item" && row.id < (input?.before ?? 1_000));
			const page = older.slice(-(input?.limit ?? 100));
			const others = input?.before === undefined ? all.filter((row) => row.kind !== "item") : [];
			const head = { seq: items, version, epoch: "e1" };
			return { rows: [...others, ...page], head, hasMore: older.length > page.length };
		},
		changesSince: (input) => {
			const missed = [...rows.values()].filter((row) => row.version > input.version);
			return { rows: missed, to: version, caughtUp: true, floorSeq: 1 };
		},
		getSessionInfo: () => {
			const info = { workspaceId: "w-1", sandboxId: null, agent: "demo", state: "idle", role: "prompter" } as const;
			return { ...info, session, onlineUserIds: ["bob"] };
		},
		prompt: ({ text: words, nonce }) => {
			const id = `p${++prompts}`;
			const row = { kind: "prompt", id, version: 0, userId: "ada", text: words, createdAt: prompts } as const;
			put({ ...row, status: "queued", ...(nonce ? { nonce } : {}) } satisfies PromptRow, isTold);
			return { promptId: id, position: prompts - 1 };
		},
		getOutput: ({ itemId }) => ({ text: `whole ${itemId}` }),
	});
	rows.set("session:default", session);
	rows.set("turn:t1", turn);
	for (let id = 1; id <= items; id++) put(text(id, 0, `item ${id}`), false);
	const store = new WorkspaceStore({ workspaceId: "w-1", userId: "ada", limits: LIMITS, clock });
	const frame = (): Promise<void> => clock.pass(LIMITS.notifyMs);
	const open = async (): Promise<void> => {
		store.attach(connection);
		connection.open();
		await frame();
	};
	const losePrompts = (): void => {
		isTold = false;
	};
	return { clock, store, connection, open, frame, put, losePrompts };
};
const words = (store: WorkspaceStore): string[] =>
	store.getSnapshot().transcript.items.map(({ body }) => (body.type === "text" ? body.text : body.type));

describe("a workspace over any number of connections", () => {
	test("it shows the newest page of the transcript, the session and who is here", async () => {
		const { store, open } = start(5);
		await open();
		expect(words(store)).toEqual(["item 3", "item 4", "item 5"]);
		expect(store.getSnapshot()).toMatchObject({ isLoaded: true, hasOlder: true, transcript: { session } });
		expect([...store.getSnapshot().onlineUserIds]).toEqual(["bob"]);
	});

	test("a prompt is shown as outgoing at once, then in the queue", async () => {
		const { store, open, frame } = start();
		await open();
		store.prompt("write a file");
		expect(store.getSnapshot().outgoing).toMatchObject([
			{ input: { text: "write a file" }, state: { type: "sending" } },
		]);
		await frame();
		expect(store.getSnapshot()).toMatchObject({ outgoing: [], transcript: { queue: [{ text: "write a file" }] } });
	});

	test("a prompt that was taken but whose row was lost on its way is asked for", async () => {
		const { store, open, clock, connection, losePrompts } = start();
		await open();
		losePrompts();
		store.prompt("write a file");
		await clock.pass(LIMITS.arrivalMs + LIMITS.notifyMs);
		expect(store.getSnapshot()).toMatchObject({ outgoing: [], transcript: { queue: [{ text: "write a file" }] } });
		expect(connection.callsOf("changesSince").length).toBe(1);
	});

	test("words are shown as they stream, and superseded by their commit", async () => {
		const { store, open, frame, connection, put } = start(1);
		await open();
		connection.emit("tail", { turnId: "t1", type: "text", itemId: 2, offset: 0, append: "Hel" });
		connection.emit("tail", { turnId: "t1", type: "text", itemId: 2, offset: 3, append: "lo" });
		await frame();
		expect(words(store)).toEqual(["item 1", "Hello"]);
		put(text(2, 0, "Hello, world"));
		await frame();
		expect(words(store)).toEqual(["item 1", "Hello, world"]);
	});

	test("older pages go in front, with what changed in them while they were read, and without a hole", async () => {
		const { store, open, frame, put } = start(7);
		await open();
		put(text(1, 0, "changed unseen"));
		const loading = store.loadOlder();
		put(text(3, 0, "changed meanwhile"));
		await loading;
		await frame();
		expect(words(store)).toEqual(["item 2", "changed meanwhile", "item 4", "item 5", "item 6", "item 7"]);
		await store.loadOlder();
		expect(words(store)[0]).toBe("changed unseen");
		expect(store.getSnapshot().hasOlder).toBe(false);
	});

	test("the whole output of a tool is had by its line", async () => {
		const { store, open } = start();
		await open();
		expect(await store.getOutput(4)).toBe("whole 4");
	});
});
