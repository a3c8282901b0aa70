import { fileURLToPath } from "node:url";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));
const LIMITS = {
	workspaceAlarmMs: 2_000,
	approvalMs: 4_000,
	promptQueueMax: 5,
	workspaceIdleMs: 300,
	workspaceMembersMax: 6,
};

let house: House;
let actors: ActorsProcess;
let visitors: Visitors;
let made = 0;

beforeAll(async () => {
	house = await openHouse();
	actors = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
	visitors = new Visitors(house);
});
afterEach(() => visitors.leave());
afterAll(async () => {
	await visitors.client.dispose();
	await house.stop();
});

const newWorkspace = async (input: Parameters<Visitors["make"]>[1] = {}): Promise<string> => {
	const id = `w-${++made}`;
	await visitors.make(id, input);
	return id;
};
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, 5_000);
const turnsOf = (watcher: Watcher): TurnRow[] => [...watcher.view.turns.values()];
const ended = (watcher: Watcher, count: number): Promise<void> =>
	eventually(() => expect(turnsOf(watcher).filter(({ status }) => status !== "running")).toHaveLength(count));
const asked = async (watcher: Watcher): Promise<PermissionRow> => {
	await eventually(() => expect(watcher.view.pendingPermissions).toHaveLength(1));
	return watcher.view.pendingPermissions[0]!;
};
const refusal = (call: Promise<unknown>): Promise<{ code: string; metadata?: unknown }> =>
	call.then(
		() => Promise.reject(new Error("nothing was refused")),
		(error: unknown) => error as { code: string; metadata?: unknown },
	);

describe("turns", () => {
	test("[W4] [W8] two people see the same transcript, live and read afresh", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		const script = "think hm\nsay Hello there";
		expect(await ada.connection.prompt({ text: script })).toMatchObject({ position: 0 });
		for (const watcher of [ada, bob]) {
			await ended(watcher, 1);
			expect(watcher.texts).toEqual([script, "hm", "Hello there"]);
			expect(watcher.heard("chat.user")).toEqual([{ userId: "ada", text: script, createdAt: expect.any(Number) }]);
			expect(watcher.heard("session.event")).toHaveLength(3);
		}
		const fresh = await visitors.watch(id, "eve");
		expect(fresh.view).toEqual(bob.view);
	});

	test("prompts run one at a time, first in, first out; each turn ends once", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		const accepted = await Promise.all(
			["say one", "say two\nend refusal", "say three"].map((text) => ada.connection.prompt({ text })),
		);
		expect(accepted.map(({ position }) => position).sort()).toEqual(expect.arrayContaining([0]));
		await ended(ada, 3);
		expect(ada.texts.filter((text) => /^(one|two|three)$/.test(text))).toEqual(["one", "two", "three"]);
		expect(turnsOf(ada).map(({ stopReason }) => stopReason)).toEqual(["end_turn", "refusal", "end_turn"]);
		const endings = ada
			.heard("workspaceChanged")
			.flatMap(({ rows }) => rows.filter((row) => row.kind === "turn" && row.status !== "running"));
		expect(endings).toHaveLength(3);
	});

	test("a prompt sent again with its nonce is the same prompt; with other words it is refused", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		const first = await ada.connection.prompt({ text: "say once", nonce: "n1" });
		const again = await Promise.all([1, 2, 3].map(() => ada.connection.prompt({ text: "say once", nonce: "n1" })));
		expect(again.map(({ promptId }) => promptId)).toEqual([first.promptId, first.promptId, first.promptId]);
		expect(await refusal(ada.connection.prompt({ text: "say other", nonce: "n1" }))).toMatchObject({
			code: "nonce_reused",
		});
		await ended(ada, 1);
		const bob = await visitors.watch(id, "bob");
		await bob.connection.prompt({ text: "say mine", nonce: "n1" });
		await ended(bob, 2);
		expect(bob.heard("chat.user")).toHaveLength(1);
	});

	test("a waiting prompt can be removed; too many are refused with the number", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		await ada.connection.prompt({ text: "wait" });
		await eventually(() => expect(ada.view.runningTurn).not.toBeNull());
		const { promptId, position } = await ada.connection.prompt({ text: "say never" });
		expect(position).toBe(0);
		for (let count = 1; count < LIMITS.promptQueueMax; count++) await ada.connection.prompt({ text: `say ${count}` });
		expect(await refusal(bob.connection.prompt({ text: "say more" }))).toMatchObject({
			code: "queue_full",
			metadata: { queued: LIMITS.promptQueueMax, promptsMax: LIMITS.promptQueueMax },
		});
		await ada.connection.removePrompt({ promptId });
		await bob.connection.cancelTurn();
		await ended(ada, LIMITS.promptQueueMax);
		expect(ada.texts).not.toContain("never");
		expect(await refusal(bob.connection.removePrompt({ promptId: "p-none" }))).toMatchObject({ code: "not_found" });
	});

	test("[P5] anybody who may prompt stops the turn, by name; the next one works", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		await ada.connection.prompt({ text: "run sleep\nwait" });
		await eventually(() => expect(ada.view.runningTurn).not.toBeNull());
		await bob.connection.cancelTurn();
		await ended(ada, 1);
		expect(turnsOf(ada)[0]).toMatchObject({ status: "cancelled", cancelledBy: "bob" });
		expect(ada.view.items.map(({ body }) => body)).toMatchObject([{ type: "user" }, { status: "failed" }]);
		await bob.connection.cancelTurn(); // nothing runs: nothing happens
		await ada.connection.prompt({ text: "say again" });
		await ended(ada, 2);
		expect(ada.texts.at(-1)).toBe("again");
	});

	test("an agent that breaks fails its turn with a sentence, and the next prompt is a new try", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		await ada.connection.prompt({ text: "say half\nbreak" });
		await ada.connection.prompt({ text: "say whole" });
		await ended(ada, 2);
		expect(turnsOf(ada).map(({ status }) => status)).toEqual(["failed", "completed"]);
		expect(turnsOf(ada)[0]?.problem).toBe("The agent stopped unexpectedly.");
	});

	test("long output is shown by its ends and had whole by its line", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		await ada.connection.prompt({ text: "flood 200000" });
		await ended(ada, 1);
		const line = ada.view.items.find(({ body }) => body.type === "tool")!;
		expect(line.body).toMatchObject({ omittedBytes: 200_000 - 16 * 1024 });
		const { text } = await ada.connection.getOutput({ itemId: line.id });
		expect(text).toHaveLength(200_000);
		expect(await refusal(ada.connection.getOutput({ itemId: 1 }))).toMatchObject({ code: "not_found" });
	});

	test("after a while with nothing to do the agent is stopped", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		await ada.connection.prompt({ text: "say hi" });
		await eventually(() => expect(ada.view.session).toMatchObject({ state: "idle", sandboxId: "scripted" }));
		await eventually(() => expect(ada.view.session?.state).toBe("off"));
	});
});

describe("questions", () => {
	test("two answers at once: one has its effect, the other hears whose it was", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		await ada.connection.prompt({ text: "ask" });
		const [{ id: requestId }] = [await asked(ada), await asked(bob)];
		expect(ada.view.session?.state).toBe("waiting_permission");
		const answers = await Promise.allSettled([
			ada.connection.answerPermission({ requestId, optionId: "yes" }),
			bob.connection.answerPermission({ requestId, optionId: "no" }),
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		await ended(ada, 1);
		const stands = ada.view.permissions[0]!;
		const refused = answers.find((answer) => answer.status === "rejected");
		expect(refused?.reason).toMatchObject({
			code: "already_answered",
			metadata: { answeredBy: stands.answeredBy, optionId: stands.optionId },
		});
		expect(ada.texts.at(-1)).toBe(`answer: ${stands.optionId}`);
	});

	test("an answer must be one of the question's; stopping the turn closes the question", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		await ada.connection.prompt({ text: "ask" });
		const { id: requestId } = await asked(ada);
		const wrong = ada.connection.answerPermission({ requestId, optionId: "maybe" });
		expect(await refusal(wrong)).toMatchObject({ code: "bad_input" });
		await ada.connection.cancelTurn();
		await ended(ada, 1);
		expect(ada.view.permissions).toMatchObject([{ status: "cancelled" }]);
		const late = ada.connection.answerPermission({ requestId, optionId: "yes" });
		expect(await refusal(late)).toMatchObject({ code: "already_answered", metadata: { status: "cancelled" } });
	});
});

test("a question nobody answers is denied when its time is over", async () => {
	const id = await newWorkspace();
	const ada = await visitors.watch(id, "ada");
	await ada.connection.prompt({ text: "ask" });
	const { id: requestId } = await asked(ada);
	await vi.waitFor(() => expect(ada.view.permissions).toMatchObject([{ status: "expired" }]), 8_000);
	await ended(ada, 1);
	expect(ada.texts.at(-1)).toBe("answer: no");
	const late = ada.connection.answerPermission({ requestId, optionId: "yes" });
	expect(await refusal(late)).toMatchObject({ code: "already_answered", metadata: { status: "expired" } });
});

test("the persist driver keeps its contract on an actor's own database", async () => {
	const client = visitors.client as unknown as {
		persistProbe: { getOrCreate(key: string[], options: object): { brokenClaims(): Promise<string[]> } };
	};
	expect(await client.persistProbe.getOrCreate(["p"], { poolName: "workspaces" }).brokenClaims()).toEqual([]);
});

describe("who may", () => {
	test("before the directory's word it answers nobody, and only the directory has that word", async () => {
		const options = { params: house.service("workspace", "w-raw", "chatRoom:r-1"), poolName: "workspaces" };
		const raw = visitors.client.workspace.getOrCreate(["w-raw"], options);
		const input = { name: "n", agent: "demo", ownerId: "eve", visibility: "server" } as const;
		expect(await refusal(raw.init(input))).toMatchObject({ code: "forbidden" });
		expect(await refusal(visitors.handle("w-raw", "ada").getSessionInfo())).toMatchObject({ code: "not_found" });
		const person = visitors.client.workspace.get(["w-raw"], {
			params: house.ticket("workspace", "w-raw", { id: "ada" }),
		});
		expect(await refusal(person.init(input))).toMatchObject({ code: "not_found" });
		const wrongKey = { params: house.ticket("workspace", "w-other", { id: "ada" }) };
		expect(await refusal(visitors.client.workspace.get(["w-raw"], wrongKey).getSessionInfo())).toMatchObject({
			code: "unauthenticated",
		});
	});

	test("guests watch and do not prompt; strangers to a private workspace hear that there is none", async () => {
		const open = await newWorkspace();
		const guest = visitors.handle(open, "gus", "guest");
		expect(await guest.getSessionInfo()).toMatchObject({ workspaceId: open, sandboxId: null, role: "viewer" });
		expect(await refusal(guest.prompt({ text: "say hi" }))).toMatchObject({ code: "forbidden" });
		const closed = await newWorkspace({ visibility: "private" });
		expect(await refusal(visitors.handle(closed, "bob").getTranscript())).toMatchObject({ code: "not_found" });
		await visitors.handle(closed, "ada").invite({ userId: "bob" });
		expect(await visitors.handle(closed, "bob").getSessionInfo()).toMatchObject({ role: "prompter" });
	});

	test("a removed person's connection closes within a second and stays out until invited", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		await bob.connection.prompt({ text: "say hi" });
		await ended(bob, 1);
		expect(await refusal(bob.connection.kick({ userId: "ada" }))).toMatchObject({ code: "forbidden" });
		bob.connection.onError(() => undefined);
		const frames = bob.frames.length;
		await ada.connection.kick({ userId: "bob" });
		await vi.waitFor(() => expect(bob.connection.connStatus).not.toBe("connected"), 1_000);
		await ada.connection.prompt({ text: "say secret" });
		await ended(ada, 2);
		expect(JSON.stringify(bob.frames.slice(frames))).not.toContain("secret");
		expect(await refusal(visitors.handle(id, "bob").getTranscript())).toMatchObject({ code: "not_found" });
		await ada.connection.invite({ userId: "bob" });
		expect(await visitors.handle(id, "bob").getTranscript()).toMatchObject({ hasMore: false });
	});

	test("[WS15] only so many people can be invited or removed; whoever may act still may", async () => {
		const id = await newWorkspace();
		const ada = visitors.handle(id, "ada");
		const answers = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				index % 2 === 0 ? ada.invite({ userId: `i${index}` }) : ada.kick({ userId: `k${index}` }),
			),
		);
		expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(LIMITS.workspaceMembersMax - 1);
		expect(await refusal(ada.invite({ userId: "one-more" }))).toMatchObject({
			code: "busy",
			metadata: { membersMax: LIMITS.workspaceMembersMax },
		});
		await visitors.handle(id, "bob").prompt({ text: "say hi" });
		const { rows } = await ada.getTranscript();
		expect(rows.filter(({ kind }) => kind === "member")).toHaveLength(LIMITS.workspaceMembersMax);
	});

	test("whoever acts is a member; who is here and who writes is told", async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		expect(ada.view.members.map((member) => member.id)).toEqual(["ada"]);
		expect((await ada.connection.getSessionInfo()).onlineUserIds.sort()).toEqual(["ada", "bob"]);
		await bob.connection.setTyping({ isTyping: true });
		await eventually(() => expect(ada.heard("typing")).toEqual([{ userId: "bob", isTyping: true }]));
		expect(bob.heard("typing")).toEqual([]);
		await bob.connection.prompt({ text: "say hi" });
		await ended(ada, 1);
		expect(ada.view.members.map(({ id: userId, role }) => [userId, role])).toEqual([
			["ada", "owner"],
			["bob", "prompter"],
		]);
	});

	test.each([
		["prompt", { text: 3 }, "bad_input"],
		["prompt", { text: "x", more: 1 }, "bad_input"],
		["prompt", { text: " \u200b" }, "text_empty"],
		["prompt", { text: "a\u0000b" }, "text_invalid"],
		["prompt", { text: "x".repeat(100_001) }, "text_too_long"],
		["prompt", { text: "x", nonce: "not ok" }, "bad_input"],
		["prompt", null, "bad_input"],
		["getTranscript", { limit: 0 }, "bad_input"],
		["getTranscript", { limit: 1e6 }, "bad_input"],
		["getTranscript", { before: 1.5 }, "bad_input"],
		["changesSince", { version: -1 }, "bad_input"],
		["getOutput", { itemId: "1" }, "bad_input"],
		["answerPermission", { requestId: "q-none", optionId: "yes" }, "not_found"],
	] as const)("%s(%j) is refused as %s and stores nothing", async (action, input, code) => {
		const id = await newWorkspace();
		const ada = visitors.handle(id, "ada");
		const loose = ada as unknown as Record<string, (input: unknown) => Promise<unknown>>;
		expect(await refusal(loose[action]!(input))).toMatchObject({ code });
		expect((await ada.getTranscript()).head.seq).toBe(0);
	});
});

describe("the feed", () => {
	test("pages and changes give what a fresh snapshot gives", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		for (let count = 0; count < 5; count++) await ada.connection.prompt({ text: `think ${count}\nsay ${count}` });
		await ended(ada, 5);
		await eventually(() => expect(ada.view.session?.state).toBe("off")); // the last change by itself
		const whole = await ada.connection.getTranscript();
		const items = whole.rows.filter((row) => row.kind === "item");
		expect(items).toHaveLength(15);
		const page = await ada.connection.getTranscript({ before: 11, limit: 4 });
		expect(page.rows.filter((row) => row.kind === "item").map(({ id: itemId }) => itemId)).toEqual([7, 8, 9, 10]);
		expect(page.hasMore).toBe(true);
		let version = 0;
		const rows = [];
		for (;;) {
			const changes = await ada.connection.changesSince({ version, limit: 7 });
			rows.push(...changes.rows);
			version = changes.to;
			if (changes.caughtUp) break;
		}
		expect(version).toBe(whole.head.version);
		const key = (row: { kind: string; id: unknown }) => `${row.kind} ${row.id}`;
		expect(rows.map(key).sort()).toEqual(whole.rows.map(key).sort());
		expect(await ada.connection.changesSince({ version: version + 1 })).toMatchObject({ reset: true });
		expect(await ada.connection.changesSince({ version: 1, epoch: "other" })).toMatchObject({ reset: true });
		const told = ada.heard("workspaceChanged");
		expect(told.map(({ from }) => from).slice(1)).toEqual(told.map(({ to }) => to).slice(0, -1));
	});

	test("a long answer is few commits, each line whole in the end", async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		const words = Array.from({ length: 3_000 }, (_, index) => `w${index}`).join(" ");
		await ada.connection.prompt({ text: `say ${words}` });
		await ended(ada, 1);
		expect(
			ada.view.items
				.slice(1)
				.map(({ body }) => ("text" in body ? body.text : ""))
				.join(""),
		).toBe(words);
		expect(ada.heard("workspaceChanged").length).toBeLessThan(15);
	});
});

describe("crashes", () => {
	test("kill -9 in a turn, nobody connected, then only wait: interrupted once, its question closed, the queue goes on", async () => {
		const id = await newWorkspace();
		const before = await visitors.watch(id, "ada");
		await before.connection.prompt({ text: "say half a sentence\nask" });
		await asked(before);
		await before.connection.prompt({ text: "say the next one" });
		await visitors.leave();
		await actors.kill("SIGKILL");
		actors = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
		// Nobody calls it: only the engine's alarm wakes the workspace, whose scripted agent then says so.
		await vi.waitFor(() => expect(actors.lines).toContain(`${id} plays say the next one`), 25_000);
		const ada = await visitors.watch(id, "ada");
		await ended(ada, 2);
		expect(
			turnsOf(ada)
				.map(({ status }) => status)
				.sort(),
		).toEqual(["completed", "interrupted"]);
		// Whichever came first: the end of its time while nobody was awake, or the end of its turn.
		const [question] = ada.view.permissions;
		const isLate = question!.answeredAt! >= question!.expiresAt;
		expect(ada.view.permissions).toMatchObject([{ status: isLate ? "expired" : "cancelled" }]);
		expect(turnsOf(ada).map(({ problem }) => problem)).toContainEqual(expect.stringContaining("The server stopped"));
		expect(ada.texts).toContain("half a sentence");
		expect(ada.texts.at(-1)).toBe("the next one");
		await ada.connection.prompt({ text: "say it works" });
		await ended(ada, 3);
	}, 40_000);

	test("SIGTERM in a turn ends it as interrupted, and what waits runs in the next process", async () => {
		const id = await newWorkspace();
		const before = await visitors.watch(id, "ada");
		await before.connection.prompt({ text: "wait" });
		await eventually(() => expect(before.view.runningTurn).not.toBeNull());
		await before.connection.prompt({ text: "say after" });
		await visitors.leave();
		await actors.kill("SIGTERM");
		actors = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
		const ada = await visitors.watch(id, "ada");
		await ended(ada, 2);
		expect(
			turnsOf(ada)
				.map(({ status }) => status)
				.sort(),
		).toEqual(["completed", "interrupted"]);
		expect(ada.texts.at(-1)).toBe("after");
	}, 40_000);

	test("what was found out about the sandbox outlives the process, also when the next one cannot start it", async () => {
		const id = await newWorkspace();
		const before = await visitors.watch(id, "ada");
		await before.connection.prompt({ text: "say hi" });
		await eventually(() => expect(before.view.session).toMatchObject({ sandboxId: "scripted" }));
		await ended(before, 1);
		await visitors.leave();
		await actors.kill("SIGKILL");
		actors = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
		const ada = await visitors.watch(id, "ada");
		expect(ada.view.session).toMatchObject({ sandboxId: "scripted", sandboxKind: "virtual" });
		await ada.connection.prompt({ text: "unstartable" });
		await eventually(() => expect(ada.view.session?.state).toBe("broken"));
		expect(ada.view.session).toMatchObject({ sandboxId: "scripted", sandboxKind: "virtual" });
	}, 40_000);
});
