import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChild } from "./child.ts";
import { beganAt, killLeftovers, readRun, writeRun } from "./run-file.ts";

const nothing = { pid: 1, publicUrl: "", engineUrl: "", ports: {} };

describe("run.json", () => {
	test("is for this user only, and reads as it was written", () => {
		const data = mkdtempSync(join(tmpdir(), "bullpen-run-"));
		expect(readRun(data)).toBeUndefined();
		const record = { ...nothing, parts: { engine: { pid: 2, state: "ready" as const } } };
		writeRun(data, record);
		expect(readRun(data)).toEqual(record);
		expect(statSync(join(data, "run.json")).mode & 0o777).toBe(0o600);
		rmSync(data, { recursive: true });
	});

	test.runIf(process.platform === "linux")(
		"leftovers are killed, but not a process that got their number",
		async () => {
			const sleeper = () => startChild({ file: "/bin/sh", args: ["-c", "exec sleep 60"], env: {} });
			const leftover = sleeper();
			const stranger = sleeper();
			const state = "ready" as const;
			killLeftovers({
				...nothing,
				parts: {
					engine: { pid: leftover.pid, state, began: beganAt(leftover.pid)! },
					web: { pid: stranger.pid, state, began: "1" },
					edge: { pid: 999_999_999, state, began: "1" },
				},
			});
			expect((await leftover.exited).signal).toBe("SIGKILL");
			expect(stranger.isRunning()).toBe(true);
			await stranger.stop(1_000);
		},
	);
});
