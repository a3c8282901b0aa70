import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chown, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import { z } from "zod";
import {
	bubblewrapArguments,
	HOME_PATH,
	NICENESS,
	type SandboxUser,
	TOOLS_PATH,
	temporaryBytesOf,
} from "./bubblewrap.ts";
import { type CgroupBase, findCgroups, provenCgroups } from "./cgroup.ts";
import { makeToolbox, type Toolbox, ToolMissing } from "./toolbox.ts";
import { FIRST_UID } from "./uids.ts";

/** Whether programs can be confined on this machine: proven, or why not and what to do about it. */
export type Confinement =
	| { readonly kind: "confined"; readonly toolbox: Toolbox; readonly cgroups?: CgroupBase | undefined }
	| { readonly kind: "virtual"; readonly reason: string; readonly fix: string };

const proven = new Map<string, Promise<Confinement>>();

/**
 * Starts a probe in a real sandbox and believes only what it saw: no file of the host, no network but its own loopback,
 * other processes invisible, not root, no capability, no environment. A success is remembered, a failure is tried again.
 */
export function confinement(dataDir: string, limits: Limits): Promise<Confinement> {
	const known = proven.get(dataDir);
	if (known) return known;
	const result = prove(dataDir, limits);
	proven.set(dataDir, result);
	const forget = () => proven.delete(dataDir);
	result.then(({ kind }) => kind === "virtual" && forget(), forget);
	return result;
}

/** What a person reads where the sandbox would be. */
export function confinementNote({ reason, fix }: { readonly reason: string; readonly fix: string }): string {
	return `Nothing can be run in this workspace, and its files are only simulated: ${reason} ${fix}`;
}

export interface Machine {
	readonly platform: string;
	readonly programFolders: readonly string[];
}

const thisMachine: Machine = { platform: process.platform, programFolders: ["/usr/bin", "/bin", "/usr/local/bin"] };

/** The test itself, made anew. */
export async function prove(dataDir: string, limits: Limits, machine = thisMachine): Promise<Confinement> {
	if (machine.platform !== "linux") {
		const fix = "Run the server on Linux to use real sandboxes.";
		return { kind: "virtual", reason: `Sandboxes need Linux, and this is ${machine.platform}.`, fix };
	}
	for (const [program, name] of PROGRAMS) {
		if (!(await isProgram(program, machine))) {
			return { kind: "virtual", reason: `${name} is not installed.`, fix: await installFix(name, machine) };
		}
	}
	let toolbox: Toolbox;
	try {
		toolbox = await makeToolbox(dataDir);
	} catch (error) {
		if (!(error instanceof ToolMissing)) throw error;
		return { kind: "virtual", reason: error.message, fix: "Install the project's dependencies again on this machine." };
	}
	const refuted = await refute(dataDir, toolbox, limits);
	if (refuted) return refuted;
	return {
		kind: "confined",
		toolbox,
		cgroups: await provenCgroups(await findCgroups(), `bullpen-probe-${process.pid}`),
	};
}

const PROGRAMS = [
	["bwrap", "bubblewrap"],
	["flock", "util-linux"],
	["prlimit", "util-linux"],
	["setpriv", "util-linux"],
] as const;

async function isProgram(name: string, { programFolders }: Machine): Promise<boolean> {
	for (const folder of programFolders) {
		if (await access(join(folder, name), constants.X_OK).then(yes, no)) return true;
	}
	return false;
}
const yes = () => true;
const no = () => false;

async function installFix(name: string, machine: Machine): Promise<string> {
	const sudo = process.getuid?.() === 0 ? "" : "sudo ";
	for (const [program, command] of [
		["apt-get", `apt-get install -y ${name}`],
		["dnf", `dnf install -y ${name}`],
		["pacman", `pacman -S --noconfirm ${name}`],
		["zypper", `zypper install -y ${name}`],
		["apk", `apk add ${name}`],
	] as const) {
		if (await isProgram(program, machine)) return `Run: ${sudo}${command}`;
	}
	return `Install ${name} with the system's package manager.`;
}

const Seen = z.object({
	uid: z.number(),
	interfaces: z.array(z.string()),
	pidNamespace: z.string(),
	capabilities: z.string(),
	processes: z.number(),
	fileBytes: z.number(),
	temporaryBytes: z.number(),
	niceness: z.number(),
	visible: z.array(z.string()),
	environment: z.array(z.string()),
});

/** Undefined when the probe found the sandbox tight. */
async function refute(dataDir: string, toolbox: Toolbox, limits: Limits): Promise<Confinement | undefined> {
	const folder = await mkdtemp(join(tmpdir(), "bullpen-probe-"));
	try {
		const marker = join(folder, "marker");
		await writeFile(marker, "");
		const seen = await probe(folder, toolbox, limits, [
			marker,
			dataDir,
			"/etc/shadow",
			"/etc/hostname",
			"/root",
			"/sys",
			"/var",
		]);
		if (typeof seen === "string") return { kind: "virtual", ...(await whyNot(seen)) };
		const leak = leakOf(seen, await readlink("/proc/self/ns/pid")) ?? excessOf(seen, limits);
		if (leak === undefined) return undefined;
		return {
			kind: "virtual",
			reason: `The sandbox is not tight here: ${leak}.`,
			fix: "Please report this with your system's name.",
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function leakOf(seen: z.infer<typeof Seen>, hostPidNamespace: string): string | undefined {
	if (seen.uid === 0) return "it runs as root";
	if (/[^0]/.test(seen.capabilities)) return "it has capabilities";
	if (seen.visible.length > 0) return `it sees ${seen.visible[0]}`;
	if (seen.interfaces.some((name) => name !== "lo")) return "it has a network";
	if (seen.pidNamespace === hostPidNamespace) return "it sees the host's processes";
	const foreign = seen.environment.find((name) => !SANDBOX_VARIABLES.has(name));
	return foreign === undefined ? undefined : `it knows the variable ${foreign}`;
}

/** A limit that the sandbox should have and has not. */
function excessOf(seen: z.infer<typeof Seen>, limits: Limits): string | undefined {
	if (seen.processes > limits.sandboxProcessesMax) return "it may run any number of programs";
	if (seen.fileBytes > limits.sandboxFileBytesMax) return "its files may have any size";
	if (seen.temporaryBytes > temporaryBytesOf(limits)) return "its temporary files may take all memory";
	return seen.niceness < NICENESS ? "it may keep others from the processor" : undefined;
}

const SANDBOX_VARIABLES = new Set([
	"HOME",
	"LANG",
	"PATH",
	"PWD",
	"SHELL",
	"TERM",
	"TMPDIR",
	"USER",
	"_",
	"OLDPWD",
	"SHLVL",
]);

/** What the probe saw, or bubblewrap's complaint. */
async function probe(
	folder: string,
	toolbox: Toolbox,
	limits: Limits,
	hidden: readonly string[],
): Promise<z.infer<typeof Seen> | string> {
	const user: SandboxUser = process.getuid?.() === 0 ? { kind: "dropped", uid: FIRST_UID } : { kind: "mapped" };
	const layout = await makeFolders(folder, user);
	const readOnly = [{ from: toolbox.folder, to: TOOLS_PATH }];
	const command = ["/opt/node/bin/node", toolbox.probe, ...hidden];
	const args = bubblewrapArguments({ ...layout, user, readOnly, environment: {}, limits }, command);
	const { output, complaint } = await new Promise<{ output: string; complaint: string }>((resolve) => {
		const options = { timeout: limits.agentStartMs, env: { PATH: SYSTEM_PATH }, killSignal: "SIGKILL" } as const;
		execFile("bwrap", args, options, (error, stdout, stderr) => {
			resolve({ output: error ? "" : stdout, complaint: stderr.trim() || (error?.message ?? "") });
		});
	});
	const seen = Seen.safeParse(parsedJson(output));
	return seen.success ? seen.data : complaint.slice(0, 500);
}

export const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // nothing was printed: the complaint says why
	}
}

/** The host folders of one sandbox, owned by its user. Their parent is ours alone. */
export async function makeFolders(
	folder: string,
	user: SandboxUser,
): Promise<{ files: string; home: string; etc: string }> {
	const made = { files: join(folder, "files"), home: join(folder, "home"), etc: join(folder, "etc") };
	for (const path of [made.files, made.home]) {
		await mkdir(path, { recursive: true, mode: 0o700 });
		if (user.kind === "dropped") await chown(path, user.uid, user.uid);
	}
	await mkdir(made.etc, { recursive: true, mode: 0o755 });
	const id = user.kind === "dropped" ? user.uid : 1000;
	await writeFile(join(made.etc, "passwd"), `agent:x:${id}:${id}::${HOME_PATH}:/bin/sh\n`, { mode: 0o644 });
	await writeFile(join(made.etc, "group"), `agent:x:${id}:\n`, { mode: 0o644 });
	return made;
}

const NAMESPACE_SWITCHES = [
	["kernel.apparmor_restrict_unprivileged_userns", "1", "0"],
	["kernel.unprivileged_userns_clone", "0", "1"],
	["user.max_user_namespaces", "0", "15000"],
] as const;

async function whyNot(complaint: string): Promise<{ reason: string; fix: string }> {
	if (/unknown option/i.test(complaint)) {
		return { reason: "bubblewrap is too old.", fix: await installFix("bubblewrap", thisMachine) };
	}
	const isRoot = process.getuid?.() === 0;
	if (/namespace|uid map|RTM_NEWADDR/i.test(complaint)) {
		for (const [name, forbidding, allowing] of isRoot ? [] : NAMESPACE_SWITCHES) {
			const value = await readFile(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").catch(() => "");
			if (value.trim() !== forbidding) continue;
			return { reason: "The system forbids user namespaces.", fix: `Run: sudo sysctl -w ${name}=${allowing}` };
		}
		const fix = isRoot
			? "If this is a container, start it with --privileged (or --cap-add SYS_ADMIN with seccomp and AppArmor unconfined)."
			: "Run the server as root, or allow unprivileged user namespaces.";
		return { reason: `The system forbids new namespaces (${complaint}).`, fix };
	}
	return {
		reason: `A test sandbox did not start (${complaint || "no output"}).`,
		fix: `Try it by hand: bwrap --ro-bind / / true`,
	};
}
