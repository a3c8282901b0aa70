import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureBubblewrap } from "./bubblewrap.ts";

const mayInstall = process.getuid?.() === 0 && existsSync("/etc/debian_version");

describe.runIf(process.platform === "linux")("ensureBubblewrap", () => {
	let programs: string;
	beforeEach(() => {
		programs = mkdtempSync(join(tmpdir(), "bullpen-programs-"));
		vi.stubEnv("PATH", programs);
	});
	afterEach(() => {
		vi.unstubAllEnvs();
		rmSync(programs, { recursive: true });
	});
	const program = (name: string, script: string) =>
		writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	const told = async () => {
		const lines: string[] = [];
		await ensureBubblewrap((line) => lines.push(line));
		return lines.map((line) => line.replace(/\d+\.\d s/, "0.0 s"));
	};

	test("says nothing when it is there", async () => {
		program("bwrap", "exit 0");
		expect(await told()).toEqual([]);
	});

	test("says how to get it where we cannot install it", async () => {
		expect(await told()).toEqual([
			"bubblewrap  is missing, so only the demo agent works, without running anything: " +
				"install the package `bubblewrap` (dnf, pacman, apk or zypper)",
		]);
	});

	test.runIf(mayInstall)("installs it as root on Debian, after fetching the lists if that is needed", async () => {
		program("apt-get", `case "$*" in *update*) : > ${programs}/lists ;; *) [ -e ${programs}/lists ] ;; esac`);
		expect(await told()).toEqual(["bubblewrap  installing, to confine agents", "bubblewrap  ready in 0.0 s"]);
	});

	test.runIf(mayInstall)("a failed installation is a message and no more", async () => {
		program("apt-get", "exit 100");
		expect(await told()).toEqual([
			"bubblewrap  installing, to confine agents",
			"bubblewrap  could not be installed, so only the demo agent works, without running anything: " +
				"sudo apt-get install bubblewrap",
		]);
	});
});
