import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLogFile } from "./log-file.ts";

test("a part that never stops talking fills no disk", () => {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-log-"));
	const log = openLogFile(join(folder, "logs/web.log"));
	const line = "x".repeat(256 * 1024);
	for (let i = 0; i < 100; i++) log(line);
	const files = readdirSync(join(folder, "logs"));
	expect(files.sort()).toEqual(["web.log", "web.log.1"]);
	const bytes = files.reduce((sum, file) => sum + statSync(join(folder, "logs", file)).size, 0);
	expect(bytes).toBeLessThan(12 * 1024 * 1024);
	rmSync(folder, { recursive: true });
});

test("a log that cannot be written ends nothing", () => {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-log-"));
	const log = openLogFile(join(folder, "logs/web.log"));
	rmSync(folder, { recursive: true });
	expect(() => log("nobody reads this")).not.toThrow();
});
