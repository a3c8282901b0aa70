import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface NpmInstall {
	/** Holds `package.json` and `package-lock.json`; gets `node_modules`. */
	readonly folder: string;
	/** Downloads that are complete; an attempt after a failed one takes them from here. */
	readonly cache: string;
	/** One installation at a time holds it, whichever process started that. Nothing is done once `unless` is there. */
	readonly lock: string;
	readonly unless: string;
	readonly timeoutMs: number;
	readonly progressEveryMs: number;
	/** What was written so far. */
	onProgress(writtenBytes: number): void;
}

/** Why an installation failed; the message is a sentence for people, with what to do about it. */
export class InstallFailed extends Error {
	override readonly name = "InstallFailed";
}

const LOG_CHARS_MAX = 8_000;

/**
 * `npm ci`: exactly what the lock names, each file checked against its SHA-512, no script of any package is run, nothing is
 * kept outside the two folders. Registry, proxy and certificates are those that npm is configured with on this machine.
 * It dies with this process.
 * @throws InstallFailed
 */
export async function npmInstall(options: NpmInstall): Promise<void> {
	const npm = join(dirname(createRequire(import.meta.url).resolve("npm/package.json")), "bin", "npm-cli.js");
	const { folder, cache, lock, unless } = options;
	const flags = [
		"--ignore-scripts",
		"--no-audit",
		"--no-fund",
		"--no-progress",
		"--no-update-notifier",
		"--no-bin-links",
	];
	const line = [
		process.execPath,
		npm,
		"ci",
		...flags,
		"--omit=dev",
		"--loglevel=error",
		"--logs-max=0",
		"--cache",
		cache,
	];
	// Sandboxes run as users of their own, who must be able to read it.
	const once = ["/bin/sh", "-c", 'umask 022; test -e "$0" || exec "$@"', unless, ...line];
	// --no-fork: the process is npm's own, so that what it wrote can be read.
	const args = ["--pdeathsig", "KILL", "--", "flock", "--exclusive", "--no-fork", lock, ...once];
	const child = spawn("setpriv", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: npmEnvironment() });
	const timeout = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
	const ticks = setInterval(() => {
		void writtenBy(child.pid).then((bytes) => child.exitCode === null && options.onProgress(bytes));
	}, options.progressEveryMs);
	try {
		const { code, log } = await ended(child);
		if (code !== 0) throw new InstallFailed(sentenceFor(log, child.signalCode !== null));
	} finally {
		clearTimeout(timeout);
		clearInterval(ticks);
	}
}

/** Without a colour, and not as the person who started us from a script of another package manager. */
function npmEnvironment(): NodeJS.ProcessEnv {
	const isForeign = (name: string) => /^npm_(?:lifecycle|package|execpath|node_execpath|command)/.test(name);
	const kept = Object.entries(process.env).filter(
		([name]) => !isForeign(name) && !/_API_KEY$|^RIVET|^BULLPEN|^DATABASE_URL$/.test(name),
	);
	return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

function ended(child: ChildProcess): Promise<{ code: number | null; log: string }> {
	let log = "";
	child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
		log = (log + chunk).slice(-LOG_CHARS_MAX);
	});
	return new Promise((resolve) => {
		child.once("error", (error) => resolve({ code: null, log: error.message }));
		child.once("close", (code) => resolve({ code, log }));
	});
}

/** What a process wrote, as the kernel counts it (proc_pid_io(5), `wchar`). */
async function writtenBy(pid: number | undefined): Promise<number> {
	const io = await readFile(`/proc/${pid}/io`, "utf8").catch(() => "");
	return Number(/^wchar: (\d+)/m.exec(io)?.[1] ?? 0);
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
	[/\bENOSPC\b|\bEDQUOT\b/, "The disk is full. Free some space, then try again."],
	[
		/\bEINTEGRITY\b/,
		"A downloaded file is not the one that was published; it was thrown away. Try again, or ask who runs the package registry.",
	],
	[/\bEBADPLATFORM\b/, `It is not published for this machine (${process.platform} ${process.arch}).`],
	[/\bE40[13]\b/, "The package registry refused to hand it out. Check npm's settings on the server."],
	[/\bE404\b|\bETARGET\b/, "The package registry does not have it. Check npm's settings on the server."],
	[
		/\bENOTFOUND\b|\bEAI_AGAIN\b|\bECONNREFUSED\b|\bECONNRESET\b|\bETIMEDOUT\b|\bENETUNREACH\b|\bEHOSTUNREACH\b|ERR_SOCKET_TIMEOUT/,
		"The package registry cannot be reached. Check the server's network (npm's settings for registry and proxy are used), then try again.",
	],
	[
		/CERT_|_CERT|UNABLE_TO_VERIFY/,
		"The package registry's certificate is not trusted. Set NODE_EXTRA_CA_CERTS to your network's certificate, then try again.",
	],
];

function sentenceFor(log: string, isKilled: boolean): string {
	const known = CAUSES.find(([pattern]) => pattern.test(log));
	if (known) return known[1];
	if (isKilled) return "It took too long and was ended. Try again: what was downloaded is kept.";
	const line = log.split("\n").find((each) => /^npm error (?!code)/.test(each)) ?? log.trim().split("\n").at(-1);
	return `npm could not install it: ${(line ?? "").replace(/^npm error /, "").slice(0, 300) || "it did not say why"}`;
}
