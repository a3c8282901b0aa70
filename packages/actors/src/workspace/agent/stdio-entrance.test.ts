import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Entrance } from "./enclosure.ts";
import { stdioEntrance } from "./stdio-entrance.ts";

const folder = mkdtempSync(join(tmpdir(), "bullpen-entrance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let entrance: Entrance;
let inside: ChildProcess;
beforeEach(async () => {
	entrance = await stdioEntrance(folder);
});
afterEach(async () => {
	inside.kill("SIGKILL");
	await entrance.release();
	expect(readdirSync(folder)).toEqual([]);
});

/** More than every buffer on the way holds, for a far side that reads nothing. */
async function full(script: string): Promise<{ readonly closed: Promise<unknown> }> {
	inside = spawn(process.execPath, ["--eval", `${script}; console.error("up"); ${WAIT}`], { stdio: "pipe" });
	void entrance.attach(inside, { token: "x".repeat(4_000_000) });
	const socket = createConnection(entrance.path).on("error", () => undefined);
	const closed = new Promise((resolve) => socket.once("close", resolve));
	socket.write(Buffer.alloc(4_000_000));
	await once(inside.stderr ?? inside, "data");
	return { closed };
}

const WAIT = "setInterval(() => {}, 1e6)";
const SILENT = "process.stdin.pause()";

test("who waits for a far side that reads nothing is let go with the entrance", async () => {
	const { closed } = await full(SILENT);
	await entrance.release();
	await closed;
});

test("a far side that is killed while it is written to takes its connections with it", async () => {
	const { closed } = await full(SILENT);
	inside.kill("SIGKILL");
	await closed;
});

test("a far side that reads nothing and speaks nonsense loses its connections", async () => {
	const { closed } = await full("process.stdout.write(Buffer.alloc(100_000, 1))");
	await closed;
});

test.each(Array.from({ length: 24 }, (_, turns) => turns))(
	"a far side that speaks nonsense without end hurts nobody else, let go %i turns later",
	async (turns) => {
		const nonsense = ["exec cat /dev/zero", "exec yes", "exec cat /dev/urandom"][turns % 3] ?? "";
		inside = spawn("sh", ["-c", nonsense], { stdio: ["pipe", "pipe", "ignore"] });
		const ended = once(inside, "exit");
		void entrance.attach(inside, { token: "x".repeat(turns % 2 ? 10 : 3_000_000) });
		if (inside.stdout) await once(inside.stdout, "data");
		for (let turn = 0; turn < turns / 2; turn++) await new Promise(setImmediate);
		await entrance.release();
		for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
		inside.kill("SIGKILL");
		await ended;
	},
);

test.each(Array.from({ length: 8 }, (_, turns) => turns))(
	"a far side that says no more is let go with the entrance, %i turns later",
	async (turns) => {
		inside = spawn("sh", ["-c", "sleep 0.05; exec >&-; sleep 100"], { stdio: ["pipe", "pipe", "ignore"] });
		void entrance.attach(inside, { token: "x" });
		if (inside.stdout?.readableEnded === false) await once(inside.stdout, "end");
		for (let turn = 0; turn < turns; turn++)
			await (turn % 2 ? new Promise(setImmediate) : new Promise(process.nextTick));
		await entrance.release();
	},
);
