import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { inLanes, runStep } from "./step.ts";

const folder = mkdtempSync(join(tmpdir(), "bullpen-step-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (code: string, timeoutMs = 20_000) =>
	runStep({ name: "step", command: [process.execPath, "-e", code], cwd: folder, timeoutMs });

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		// A killed orphan stays listed until its new parent reaps it.
		return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
};
const orphan = (path: string): string =>
	`const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
	require("node:fs").writeFileSync(${JSON.stringify(path)}, String(child.pid));`;

test("a step that ends with 0 is good and its words are kept", async () => {
	const outcome = await node("console.log('out'); console.error('err')");
	expect(outcome).not.toHaveProperty("failure");
	expect(outcome.log).toMatch(/out[\s\S]*err|err[\s\S]*out/);
});

test("a failure says how it ended", async () => {
	expect(await node("process.exit(3)")).toMatchObject({ failure: "ended with 3" });
	expect(await node("process.kill(process.pid, 'SIGTERM')")).toMatchObject({ failure: "was ended by SIGTERM" });
	expect(
		(await runStep({ name: "x", command: ["no-such-command-here"], cwd: folder, timeoutMs: 1000 })).failure,
	).toContain("ENOENT");
});

test("a step that hangs is ended with its children", async () => {
	const path = join(folder, "hung");
	const outcome = await node(`${orphan(path)} setInterval(() => {}, 1000);`, 1500);
	expect(outcome).toMatchObject({ failure: "did not end within 1.5 s" });
	await expect.poll(() => isAlive(Number(readFileSync(path, "utf8")))).toBe(false);
});

test("a child left behind by a good step is ended and does not hold us up", async () => {
	const path = join(folder, "left");
	const outcome = await node(`${orphan(path)} setTimeout(() => process.exit(0), 100);`);
	expect(outcome).not.toHaveProperty("failure");
	await expect.poll(() => isAlive(Number(readFileSync(path, "utf8")))).toBe(false);
});

/** A program that runs two steps, each with a child of its own, and then does as `then` says. */
async function twoSteps(then: string): Promise<{ runner: ChildProcess; pids: () => number[] }> {
	const paths = ["a", "b"].map((each) => join(mkdtempSync(join(folder, "two-")), each));
	const code = `import { runStep } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "step.ts")).href)};
		const run = (code) => runStep({ name: "step", command: [process.execPath, "-e", code], cwd: ".", timeoutMs: 60_000 });
		const steps = ${JSON.stringify(paths.map((path) => `${orphan(path)} setInterval(() => {}, 1000);`))}.map(run);
		${then}`;
	const runner = spawn(process.execPath, ["--input-type=module", "-e", code], {
		cwd: folder,
		stdio: ["pipe", "ignore", "ignore"],
	});
	await expect
		.poll(() => paths.every((path) => existsSync(path) && readFileSync(path, "utf8") !== ""), { timeout: 20_000 })
		.toBe(true);
	return { runner, pids: () => paths.map((path) => Number(readFileSync(path, "utf8"))) };
}
const ended = (runner: ChildProcess): Promise<number | null> => new Promise((done) => runner.once("exit", done));

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s leaves nothing of the steps that run", async (signal) => {
	const { runner, pids } = await twoSteps("await Promise.all(steps);");
	const end = ended(runner);
	runner.kill(signal);
	expect(await end).toBe(130);
	await expect.poll(() => pids().some(isAlive)).toBe(false);
});

test("an error beside the steps leaves nothing of them", async () => {
	const wait = "await new Promise((done) => process.stdin.once('data', done));";
	const { runner, pids } = await twoSteps(
		`${wait} await Promise.all([...steps, Promise.reject(new Error("not read"))]);`,
	);
	const end = ended(runner);
	runner.stdin?.write("go");
	expect(await end).toBe(1);
	await expect.poll(() => pids().some(isAlive)).toBe(false);
});

test("a step has no input to wait for", async () => {
	expect(await node("process.stdin.on('data', () => {}).on('end', () => process.exit(0))")).not.toHaveProperty(
		"failure",
	);
});

test("lanes keep the order of results and their width", async () => {
	let running = 0;
	let most = 0;
	const results = await inLanes([30, 10, 20, 5], 2, async (ms) => {
		most = Math.max(most, ++running);
		await new Promise((done) => setTimeout(done, ms));
		running--;
		return ms * 2;
	});
	expect(results).toEqual([60, 20, 40, 10]);
	expect(most).toBe(2);
});
