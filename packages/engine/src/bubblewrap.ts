import { spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";

const INSTALL_MS = 60_000;

/**
 * Agents are confined with bubblewrap. On Debian and its kin as root it is installed; elsewhere the person is told how.
 * Never a reason not to start: without it only the demo agent works, on files that are not real.
 */
export async function ensureBubblewrap(report: (line: string) => void): Promise<void> {
	if (process.platform !== "linux" || isInstalled("bwrap")) return;
	const mayInstall = process.getuid?.() === 0 && existsSync("/etc/debian_version") && isInstalled("apt-get");
	if (!mayInstall) return report(`${NAME}is missing, ${MEANS}: ${howTo()}`);
	report(`${NAME}installing, to confine agents`);
	const began = performance.now();
	const isDone = (await install()) || ((await aptGet("update")) && (await install()));
	const tookS = ((performance.now() - began) / 1_000).toFixed(1);
	report(isDone ? `${NAME}ready in ${tookS} s` : `${NAME}could not be installed, ${MEANS}: ${howTo()}`);
}

const NAME = "bubblewrap".padEnd(12);
const MEANS = "so only the demo agent works, without running anything";

const howTo = (): string =>
	isInstalled("apt-get")
		? "sudo apt-get install bubblewrap"
		: "install the package `bubblewrap` (dnf, pacman, apk or zypper)";

const install = (): Promise<boolean> => aptGet("install", "--yes", "--no-install-recommends", "bubblewrap");

function aptGet(...args: string[]): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn("apt-get", ["--quiet", ...args], {
			stdio: "ignore",
			env: { PATH: process.env.PATH ?? "", DEBIAN_FRONTEND: "noninteractive" },
			timeout: INSTALL_MS,
		});
		child.once("error", () => resolve(false));
		child.once("exit", (code) => resolve(code === 0));
	});
}

function isInstalled(program: string): boolean {
	const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
	return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false; // not there, or not for us
	}
}
