import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TurnRow } from "@bullpen/domain/workspace";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));
const isNightly = process.env.NIGHTLY === "1";
const SEEDS = isNightly ? 200 : 10;
/** One kill hits this many workspaces, each wherever its own seed has brought it. */
const TOGETHER = 10;
const PROMPTS = 3;
const MINUTE = 60_000;
const LIMITS = { workspaceAlarmMs: 2_000, workspaceSleepAfterMs: 3_000 };

let house: House;
let visitors: Visitors;
let actors: ActorsProcess;

beforeAll(async () => {
	house = await openHouse();
	visitors = new Visitors(house);
});
afterEach(() => visitors.leave());
afterAll(async () => {
	await visitors.client.dispose();
	await house.stop();
});

const turnsOf = ({ view }: Watcher): TurnRow[] => [...view.turns.values()];
const endedOf = (watcher: Watcher): TurnRow[] => turnsOf(watcher).filter(({ status }) => status !== "running");

/** xorshift32: the same seed gives the same run, as far as the clocks allow. */
const chance = (seed: number): (() => number) => {
	let state = seed * 2_654_435_761 || 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
};

const STEPS = [
	(n: number) => `write f${n}.txt with hello ${n}`,
	(n: number) => `run \`for i in 1 2 3 4 5 6; do echo ${n} $i; sleep 0.05; done\``,
	() => "list",
	(n: number) => `create g${n}.txt with a then edit it replace a with b and read it`,
	() => "history",
];

/** Processes whose command line names this workspace's folder: its sandbox, as long as it lives (proc(5)). */
const sandboxes = (workspaceId: string): number[] =>
	readdirSync("/proc").flatMap((name) => {
		if (!/^\d+$/.test(name)) return [];
		try {
			const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
			return words.some((word) => word.includes(`/workspaces/${workspaceId}/`)) ? [Number(name)] : [];
		} catch {
			return []; // ended since the folder was listed
		}
	});

/** Answers every question with yes until it is stopped. */
const approve = (watcher: Watcher): (() => void) => {
	const answered = new Set<string>();
	const timer = setInterval(() => {
		for (const { id, options } of watcher.view.pendingPermissions) {
			const yes = options.find(({ kind }) => kind === "allow_once");
			if (yes === undefined || answered.has(id)) continue;
			answered.add(id);
			watcher.connection.answerPermission({ requestId: id, optionId: yes.optionId }).catch(() => answered.delete(id));
		}
	}, 20);
	return () => clearInterval(timer);
};

/** Every line of a transcript, page by page. */
const wholeOf = async (watcher: Watcher): Promise<{ ids: number[]; turns: TurnRow[] }> => {
	const [ids, turns]: [number[], Map<string, TurnRow>] = [[], new Map()];
	let before: number | undefined;
	for (;;) {
		const page = await watcher.connection.getTranscript({ limit: 50, ...(before !== undefined && { before }) });
		const lines = page.rows.flatMap((row) => (row.kind === "item" ? [row.id] : []));
		for (const row of page.rows) if (row.kind === "turn") turns.set(row.id, row);
		ids.unshift(...lines);
		if (!page.hasMore || lines[0] === undefined) return { ids, turns: [...turns.values()] };
		before = lines[0];
	}
};

describe("an actor's process is killed at a random event of a real agent", () => {
	beforeAll(async () => {
		actors = await house.startActors("workspaces", { limits: LIMITS });
		await visitors.makeInbox("ada");
	});
	afterAll(() => actors.kill("SIGTERM"), MINUTE);

	const batches = Array.from({ length: SEEDS / TOGETHER }, (_, batch) =>
		Array.from({ length: TOGETHER }, (_, index) => 1 + batch * TOGETHER + index),
	);
	test.each(batches)(
		"seeds from %d: every turn ends once, no line is lost or twice, no process is left, it works on",
		async (...seeds) => {
			const ids = seeds.map((seed) => `w-seed-${seed}`);
			const before = await Promise.all(
				seeds.map(async (seed, index) => {
					const [id, random] = [ids[index]!, chance(seed)];
					await visitors.make(id);
					const watcher = await visitors.watch(id, "ada");
					for (let n = 0; n < PROMPTS; n++) {
						const step = STEPS[Math.floor(random() * STEPS.length)]!;
						await watcher.connection.prompt({ text: step(n), nonce: `n${n}` });
					}
					return { watcher, stop: approve(watcher), killAfter: 8 + Math.floor(random() * 60) };
				}),
			);
			const [lead] = before;
			const isReached = () =>
				lead!.watcher.frames.length >= lead!.killAfter || endedOf(lead!.watcher).length === PROMPTS;
			await vi.waitFor(() => expect(isReached()).toBe(true), { timeout: MINUTE, interval: 5 });
			const orphans = ids.flatMap(sandboxes);
			const told = before.map(({ watcher }) => endedOf(watcher));
			for (const { stop } of before) stop();
			await visitors.leave();
			await actors.kill("SIGKILL");
			const isAlive = (pid: number): boolean => ids.flatMap(sandboxes).includes(pid);
			await vi.waitFor(() => expect(orphans.filter(isAlive)).toEqual([]), { timeout: 10_000, interval: 20 });
			actors = await house.startActors("workspaces", { limits: LIMITS });
			await Promise.all(ids.map((id, index) => recovered(id, told[index]!)));
		},
		4 * MINUTE,
	);

	async function recovered(id: string, told: readonly TurnRow[]): Promise<void> {
		const watcher = await visitors.watch(id, "ada");
		const stop = approve(watcher);
		await vi.waitFor(() => expect([id, endedOf(watcher).length]).toEqual([id, PROMPTS]), 2 * MINUTE);
		expect(endedOf(watcher).filter(({ status }) => status === "interrupted").length).toBeLessThanOrEqual(1);
		const { promptId } = await watcher.connection.prompt({ text: "list", nonce: "after" });
		await vi.waitFor(() => expect([id, endedOf(watcher).length]).toEqual([id, PROMPTS + 1]), MINUTE);
		stop();
		const { ids, turns } = await wholeOf(watcher);
		expect(ids).toEqual(ids.map((_, index) => index + 1));
		expect(watcher.view.items.map((item) => item.id)).toEqual(ids.slice(-watcher.view.items.length));
		expect(new Set(turns.map((turn) => turn.promptId)).size).toBe(PROMPTS + 1);
		expect(turns).toHaveLength(PROMPTS + 1);
		// What somebody was told of a turn's end before the kill stands.
		for (const end of told) expect(turns.find((turn) => turn.id === end.id)).toMatchObject({ status: end.status });
		for (const { id: turnId } of turns) expect(new Set(endsTold(watcher, turnId)).size).toBeLessThanOrEqual(1);
		expect(turns.find((turn) => turn.promptId === promptId)?.status).toBe("completed");
		// bubblewrap and its first process carry the same command line.
		expect(sandboxes(id).length).toBeLessThanOrEqual(2);
	}
});

const endsTold = (watcher: Watcher, turnId: string): string[] =>
	watcher
		.heard("workspaceChanged")
		.flatMap(({ rows }) => rows)
		.flatMap((row) =>
			row.kind === "turn" && row.id === turnId && row.status !== "running" ? [`${row.status} ${row.endedAt}`] : [],
		);

describe("an agent that is too quiet or too loud", () => {
	beforeAll(async () => {
		actors = await house.startActors("workspaces", { entry: SCRIPTED, limits: { ...LIMITS, agentSilentMs: 400 } });
	});
	let made = 0;
	const newWatcher = async (): Promise<Watcher> => {
		const id = `w-loud-${++made}`;
		await visitors.make(id);
		return visitors.watch(id, "ada");
	};
	const notices = ({ view }: Watcher): string[] =>
		view.items.flatMap(({ body }) => (body.type === "notice" ? [body.text] : []));

	test("one that says nothing for long is noticed, and can be cancelled", async () => {
		const ada = await newWatcher();
		await ada.connection.prompt({ text: "say one\nwait" });
		await vi.waitFor(() => expect(notices(ada)).toHaveLength(1), 5_000);
		expect(notices(ada)[0]).toMatch(/^The agent has said nothing for \d seconds\. .* can be cancelled\.$/);
		await ada.connection.cancelTurn();
		await vi.waitFor(() => expect(endedOf(ada)).toMatchObject([{ status: "cancelled" }]), 5_000);
		await ada.connection.prompt({ text: "say it works" });
		await vi.waitFor(() => expect(ada.texts.at(-1)).toBe("it works"), 5_000);
	});

	test("20,000 pieces of an answer are all there, in order", async () => {
		// Nobody listens to the raw events, as in our own client: each of them would be a frame.
		const id = `w-loud-${++made}`;
		await visitors.make(id);
		const ada = visitors.handle(id, "ada");
		const words = Array.from({ length: 20_000 }, (_, index) => (index % 1_000).toString(36)).join(" ");
		await ada.prompt({ text: `say ${words}` });
		const turns = async () => (await ada.getTranscript()).rows.filter(({ kind }) => kind === "turn");
		await vi.waitFor(async () => expect(await turns()).toMatchObject([{ status: "completed" }]), 20_000);
		const watcher = await visitors.watch(id, "ada");
		const said = watcher.view.items.slice(1).map(({ body }) => ("text" in body ? body.text : ""));
		expect(said.join("")).toBe(words);
		expect((await wholeOf(watcher)).ids).toEqual(watcher.view.items.map((item) => item.id));
	});

	test("5 MB of output are shown by their ends, and the next prompt works", async () => {
		const ada = await newWatcher();
		await ada.connection.prompt({ text: `flood ${5 * 1024 * 1024}` });
		await vi.waitFor(() => expect(endedOf(ada)).toMatchObject([{ status: "completed" }]), 20_000);
		const line = ada.view.items.find(({ body }) => body.type === "tool")!;
		expect(line.body).toMatchObject({ omittedBytes: 5 * 1024 * 1024 - 16 * 1024 });
		expect(Buffer.byteLength(JSON.stringify(ada.frames))).toBeLessThan(1024 * 1024);
		await ada.connection.prompt({ text: "say it works" });
		await vi.waitFor(() => expect(ada.texts.at(-1)).toBe("it works"), 5_000);
	});
});
