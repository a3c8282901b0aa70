import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockData } from "./lock.ts";
import { Refusal } from "./refusal.ts";
import { writeRun } from "./run-file.ts";

describe("lockData", () => {
	let data: string;
	beforeEach(() => {
		data = mkdtempSync(join(tmpdir(), "bullpen-lock-"));
	});
	afterEach(() => rmSync(data, { recursive: true }));

	/** Another process that holds the lock until it is killed. */
	async function otherHolder() {
		const source = `import { lockData } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
			lockData(process.argv[1]); process.stdout.write("held"); setInterval(() => {}, 1000);`;
		const child = spawn(process.execPath, ["--input-type=module", "-e", source, data], {
			stdio: ["ignore", "pipe", "ignore"],
		});
		await once(child.stdout, "data");
		return child;
	}

	test("a second start is refused with the process and the address of the first", async () => {
		const other = await otherHolder();
		const nothing = { engineUrl: "", ports: {}, parts: {} };
		writeRun(data, { pid: 4711, publicUrl: "http://127.0.0.1:4040", ...nothing });
		expect(() => lockData(data)).toThrow(Refusal);
		expect(() => lockData(data)).toThrow(/already running.*process 4711.*http:\/\/127\.0\.0\.1:4040/);
		other.kill("SIGKILL");
		await once(other, "exit");
	});

	test("the lock of a killed process is free, whatever its record says", async () => {
		const other = await otherHolder();
		writeRun(data, { pid: process.pid, publicUrl: "", engineUrl: "", ports: {}, parts: {} });
		other.kill("SIGKILL");
		await once(other, "exit");
		lockData(data).release();
	});

	test("is free again after release, even within one process", () => {
		const lock = lockData(data);
		expect(() => lockData(data)).toThrow(Refusal);
		lock.release();
		lock.release();
		lockData(data).release();
	});
});
