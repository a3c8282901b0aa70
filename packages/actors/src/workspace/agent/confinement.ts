import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import type { SandboxProof } from "@bullpen/domain/sandbox";
import { type CgroupBase, findCgroups, provenCgroups } from "./cgroup.ts";
import type { Enclosure } from "./enclosure.ts";
import { selfTest } from "./self-test.ts";
import { makeToolbox, type Toolbox, ToolMissing } from "./toolbox.ts";

/** Whether programs can be confined on this machine: proven, or why not and what to do about it. */
export type Confinement =
	| {
			readonly kind: "confined";
			readonly toolbox: Toolbox;
			/** What the test saw, for people. */
			readonly proof: SandboxProof;
			readonly cgroups?: CgroupBase | undefined;
			/** What agents are kept apart by, where it is not bubblewrap. */
			readonly enclosure?: Enclosure | undefined;
	  }
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
	const tested = await selfTest(dataDir, toolbox, limits);
	if ("complaint" in tested) return { kind: "virtual", ...(await whyNot(tested.complaint)) };
	if ("leak" in tested) {
		const fix = "Please report this with your system's name.";
		return { kind: "virtual", reason: `The sandbox is not tight here: ${tested.leak}.`, fix };
	}
	return {
		kind: "confined",
		toolbox,
		proof: tested.proof,
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
