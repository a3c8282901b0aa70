import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "rivetkit/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FIXTURE_ACTORS } from "../test/fixture/actors.ts";
import type { FixtureRegistry } from "../test/fixture/server.ts";
import { isAlive } from "../test/processes.ts";
import { readRun } from "./run-file.ts";
import type { Stack } from "./stack.ts";
import { startTestStack } from "./test.ts";

const PARTS = ["engine", "rooms", "workspaces"] as const;

describe("a running stack", () => {
	let stack: Stack;
	let client: ReturnType<typeof createClient<FixtureRegistry>>;
	beforeAll(async () => {
		stack = await startTestStack({ actors: FIXTURE_ACTORS, timing: { engineLostMs: 2_000, engineAskMs: 250 } });
		client = createClient<FixtureRegistry>({
			endpoint: stack.engineUrl,
			encoding: "json",
			disableMetadataLookup: true,
		});
	}, 60_000);
	afterAll(async () => {
		await client.dispose();
		await stack.stop();
	});

	const room = (name: string) => client.room.getOrCreate([name], { poolName: "rooms" });
	const workspace = (name: string) => client.workspace.getOrCreate([name], { poolName: "workspaces" });
	/** Asks until it is answered; every question gives up after a second. */
	const answer = <T>(ask: () => Promise<T>, timeout: number) => {
		const once = () => Promise.race([ask(), new Promise<never>((_, no) => setTimeout(no, 1_000, new Error("late")))]);
		return expect.poll(() => once().catch(() => undefined), { timeout, interval: 100 });
	};

	test("rooms and workspaces run in processes of their own", async () => {
		const { rooms, workspaces } = stack.pids();
		expect(await room("a").pid()).toBe(rooms);
		expect(await workspace("a").pid()).toBe(workspaces);
	});

	test("run.json tells the truth", () => {
		const record = readRun(stack.dataFolder);
		expect(record).toMatchObject({ pid: process.pid, engineUrl: stack.engineUrl, ports: stack.ports });
		for (const part of PARTS) {
			expect(record?.parts[part]).toMatchObject({ pid: stack.pids()[part], state: "ready" });
		}
	});

	test("a second start on the same data is refused while it runs", async () => {
		const { dataFolder } = stack;
		await expect(startTestStack({ dataFolder, actors: FIXTURE_ACTORS })).rejects.toThrow(
			`Bullpen is already running on ${dataFolder} (process ${process.pid}, ${stack.publicUrl})`,
		);
		expect(await room("a").pid()).toBe(stack.pids().rooms);
	});

	test("a killed or busy workspaces process leaves rooms alone", async () => {
		const connection = room("calm").connect();
		await connection.add();
		const times: number[] = [];
		const talk = async (count: number) => {
			for (let i = 0; i < count; i++) {
				const start = performance.now();
				await connection.add();
				times.push(performance.now() - start);
			}
		};
		const spinning = workspace("a").spin(2_000);
		await talk(20);
		await spinning;
		stack.kill("workspaces");
		await talk(20);
		expect(await connection.read()).toBe(41);
		expect(Math.max(...times)).toBeLessThan(1_000);
		await connection.dispose();
		await answer(() => workspace("new").pid(), 20_000).toBe(stack.pids().workspaces);
	}, 30_000);

	test("a killed rooms process is replaced, and what was said to it is still there", async () => {
		await room("kept").add();
		const before = stack.pids().rooms;
		stack.kill("rooms");
		await answer(() => room("kept").read(), 20_000).toBe(1);
		expect(stack.pids().rooms).not.toBe(before);
	}, 30_000);

	test("a killed engine is replaced, and the actors answer again soon", async () => {
		await room("survivor").add();
		const { engine } = stack.pids();
		stack.kill("engine");
		await answer(() => room("survivor").read(), 40_000).toBe(1);
		expect(stack.pids().engine).not.toBe(engine);
		await answer(() => room("born after").add(), 15_000).toBe(1);
		await stack.whenReady();
	}, 60_000);

	test("engine and actors killed together are back before the 30 s that an engine waits for a dead worker", async () => {
		await room("both").add();
		stack.kill("engine");
		stack.kill("rooms");
		await answer(() => room("both").read(), 25_000).toBe(1);
		await stack.whenReady();
	}, 60_000);

	test("an engine that was away too long gets new actor processes", async () => {
		const { engine, rooms, workspaces } = stack.pids();
		const isReplaced = new Promise<void>((resolve) => {
			const left = new Set(["rooms", "workspaces"]);
			stack.onPart(({ part, state }) => {
				if (state === "ready") left.delete(part);
				if (left.size === 0) resolve();
			});
		});
		stack.kill("engine", "SIGSTOP");
		const back = setTimeout(() => stack.kill("engine", "SIGCONT"), 4_000);
		await isReplaced;
		clearTimeout(back);
		expect(stack.pids().engine).toBe(engine);
		expect(stack.pids().rooms).not.toBe(rooms);
		expect(stack.pids().workspaces).not.toBe(workspaces);
		await answer(() => room("survivor").read(), 30_000).toBe(1);
	}, 60_000);

	test("stop ends every process within three seconds and gives the folder free", async () => {
		const data = mkdtempSync(join(tmpdir(), "bullpen-stop-"));
		const first = await startTestStack({ dataFolder: data, actors: FIXTURE_ACTORS });
		const pids = Object.values(first.pids());
		const began = performance.now();
		await first.stop();
		expect(performance.now() - began).toBeLessThan(3_000);
		expect(pids.filter(isAlive)).toEqual([]);
		expect(readRun(data)).toBeUndefined();
		const second = await startTestStack({ dataFolder: data, actors: FIXTURE_ACTORS });
		await second.stop();
		rmSync(data, { recursive: true });
	}, 60_000);
});

describe("a killed supervisor", () => {
	test("leaves no process, and the next start goes on at once", async () => {
		const data = mkdtempSync(join(tmpdir(), "bullpen-killed-"));
		const supervisor = spawn(process.execPath, [join(import.meta.dirname, "../test/fixture/supervisor.ts"), data], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await once(supervisor.stdout, "data");
		const pids = Object.values(readRun(data)!.parts).map(({ pid }) => pid);
		expect(pids.filter(isAlive)).toHaveLength(3);
		supervisor.kill("SIGKILL");
		await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
		const stack = await startTestStack({ dataFolder: data, actors: FIXTURE_ACTORS });
		await stack.stop();
		rmSync(data, { recursive: true });
	}, 60_000);

	test("a start that cannot succeed leaves no process and no lock", async () => {
		const data = mkdtempSync(join(tmpdir(), "bullpen-broken-"));
		const pids: number[] = [];
		const broken = { file: "/nowhere/server.ts", known: FIXTURE_ACTORS.known };
		const timing = { backoffMs: 10 };
		const attempt = startTestStack({ dataFolder: data, actors: broken, timing });
		await expect(attempt).rejects.toThrow(/(rooms|workspaces) ended with code 1.*Cannot find module/s);
		pids.push(...Object.values(readRun(data)?.parts ?? {}).map(({ pid }) => pid));
		expect(pids).toEqual([]);
		const stack = await startTestStack({ dataFolder: data, actors: FIXTURE_ACTORS });
		await stack.stop();
		rmSync(data, { recursive: true });
	}, 60_000);
});
