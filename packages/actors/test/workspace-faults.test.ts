import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TurnRow } from "@bullpen/domain/workspace";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { isRunning, sandboxProcesses } from "./agents/processes.ts";
import { approve, chance, endedOf, endsTold, STEPS, sandboxes, wholeOf } from "./fault-world.ts";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));
const CUTTING = fileURLToPath(new URL("./fixture/cutting-server.ts", import.meta.url));
const isNightly = process.env.NIGHTLY === "1";
const SEEDS = isNightly ? 200 : 10;
/** One kill hits this many workspaces, each wherever its own seed has brought it. */
const TOGETHER = 10;
/** Fewer where every run has them: each seed starts its agents anew. */
const SANDBOX_SEEDS = 3;
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

describe("an actor's process is killed at a random event of a real agent", () => {
	beforeAll(async () => {
		actors = await house.startActors("workspaces", { limits: LIMITS });
		await visitors.makeInbox("ada");
	});
	afterAll(() => actors.kill("SIGTERM"), MINUTE);

	const batches = Array.from({ length: SEEDS / TOGETHER }, (_, batch) =>
		Array.from({ length: TOGETHER }, (_, index) => 1 + batch * TOGETHER + index),
	);
	/** What one seed asks for, and after how many events it strikes. */
	const begun = async (id: string, seed: number) => {
		const random = chance(seed);
		await visitors.make(id);
		const watcher = await visitors.watch(id, "ada");
		for (let n = 0; n < PROMPTS; n++) {
			const step = STEPS[Math.floor(random() * STEPS.length)]!;
			await watcher.connection.prompt({ text: step(n), nonce: `n${n}` });
		}
		return { id, watcher, stop: approve(watcher), killAfter: 8 + Math.floor(random() * 60), random };
	};
	type Begun = Awaited<ReturnType<typeof begun>>;
	const reached = ({ watcher, killAfter }: Begun) =>
		vi.waitFor(() => expect(watcher.frames.length >= killAfter || endedOf(watcher).length === PROMPTS).toBe(true), {
			timeout: MINUTE,
			interval: 5,
		});

	test.each(isNightly ? batches : [batches[0]!.slice(0, SANDBOX_SEEDS)])(
		"part of a sandbox killed, seeds from %d: one turn fails at most, each ends once, the rest goes on",
		async (...seeds) => {
			const strike = async (seed: number): Promise<void> => {
				const site = await begun(`w-part-${seed}`, seed);
				await reached(site);
				const parts = sandboxProcesses(`${join(house.dataFolder, "workspaces", site.id)}/`);
				const victim = parts[Math.floor(site.random() * parts.length)];
				if (victim !== undefined && isRunning(victim.pid)) process.kill(victim.pid, "SIGKILL");
				await vi.waitFor(() => expect([site.id, endedOf(site.watcher).length]).toEqual([site.id, PROMPTS]), 2 * MINUTE);
				site.stop();
				const failures = endedOf(site.watcher).filter(({ status }) => status !== "completed");
				expect(failures.slice(1).map(({ problem }) => [site.id, problem])).toEqual([]);
				await recovered(site.id, endedOf(site.watcher));
			};
			await Promise.all(seeds.map(strike));
		},
		4 * MINUTE,
	);

	test.each(batches)(
		"seeds from %d: every turn ends once, no line is lost or twice, no process is left, it works on",
		async (...seeds) => {
			const ids = seeds.map((seed) => `w-seed-${seed}`);
			const before = await Promise.all(seeds.map((seed, index) => begun(ids[index]!, seed)));
			await reached(before[0]!);
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

describe("connections to a sandbox are reset in a turn", () => {
	beforeAll(async () => {
		const env = { BULLPEN_TEST_CUT_MS: "120" };
		actors = await house.startActors("workspaces", { entry: CUTTING, limits: LIMITS, env });
	});
	afterAll(() => actors.kill("SIGTERM"), MINUTE);

	test(
		"its events are all there, once, in order; a turn that is cut off ends once, and the next one knows of it",
		async () => {
			await visitors.make("w-cut");
			const watcher = await visitors.watch("w-cut", "ada");
			const stop = approve(watcher);
			const ask = async (text: string): Promise<TurnRow> => {
				const { promptId } = await watcher.connection.prompt({ text });
				const end = () => endedOf(watcher).find((turn) => turn.promptId === promptId);
				await vi.waitFor(() => expect(end()).toBeDefined(), { timeout: MINUTE, interval: 20 });
				return end()!;
			};
			const words = Array.from({ length: 300 }, (_, index) => `w${index}`).join(" ");
			expect(await ask(`write long.txt with ${words}`)).toMatchObject({ status: "completed" });
			// Where nothing can be confined there is no connection that could break.
			if (watcher.view.session?.sandboxKind !== "confined") return stop();
			const read = await ask("read long.txt\nread long.txt\nread long.txt");
			expect(read.status).toBe("completed");
			const lines = watcher.view.items.filter(({ turnId }) => turnId === read.id);
			const said = lines.flatMap(({ body }) => (body.type === "text" ? [body.text.trim()] : []));
			expect(said).toEqual(Array(3).fill(`long.txt has 1 line.\n\n\`\`\`\n${words}\n\`\`\``));
			const calls = lines.flatMap(({ body }) => (body.type === "tool" ? [body.status] : []));
			expect(calls).toEqual(Array(3).fill("completed"));
			expect(actors.lines.filter((line) => line === "cut stream").length).toBeGreaterThan(3);

			const cut = await ask("read long.txt\nread long.txt\ncut this turn");
			expect(cut).toMatchObject({ status: "failed", problem: "The connection to the sandbox was lost." });
			expect(actors.lines.filter((line) => line === "cut turn")).toHaveLength(1);
			const after = await ask("what did I ask before?");
			stop();
			expect(after.status).toBe("completed");
			const answer = watcher.view.items.filter(({ turnId }) => turnId === after.id);
			expect(JSON.stringify(answer)).toContain("cut this turn");
			const { ids, turns } = await wholeOf(watcher);
			expect(ids).toEqual(ids.map((_, index) => index + 1));
			expect(watcher.view.items.map(({ id }) => id)).toEqual(ids);
			expect(turns).toHaveLength(4);
			for (const { id } of turns) expect(new Set(endsTold(watcher, id)).size).toBe(1);
			expect(sandboxes("w-cut").length).toBeLessThanOrEqual(2);
		},
		2 * MINUTE,
	);
});

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

	// The longest wait that a transport of ours had by itself was 300 s; this one is real.
	test.runIf(isNightly)(
		"a turn over six minutes, in which little is said, ends as it ends (NIGHTLY=1)",
		async () => {
			const ada = await newWatcher();
			await ada.connection.prompt({ text: `stream 370 1` });
			await vi.waitFor(() => expect(endedOf(ada)).toMatchObject([{ status: "completed" }]), 8 * MINUTE);
			const [turn] = endedOf(ada);
			expect(turn!.endedAt! - turn!.startedAt).toBeGreaterThan(6 * MINUTE);
			expect(ada.texts.slice(1).join("").match(/@/g)).toHaveLength(370);
		},
		10 * MINUTE,
	);

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
