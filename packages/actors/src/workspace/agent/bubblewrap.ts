import { lstatSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { Limits } from "@bullpen/domain/limits";

/** Who the sandboxed side is on the host: a reserved user of its own when we are root, else our own user behind a namespace. */
export type SandboxUser = { readonly kind: "dropped"; readonly uid: number } | { readonly kind: "mapped" };

/** How programs are found that start sandboxes. */
export const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
export const WORKSPACE_PATH = "/workspace";
export const HOME_PATH = "/home/agent";
export const TOOLS_PATH = "/opt/bullpen";
export const NODE_PATH = "/opt/node/bin";

export interface SandboxLayout {
	readonly user: SandboxUser;
	/** Host folders, owned by the sandbox's user. */
	readonly files: string;
	readonly home: string;
	/** Host folder with `passwd` and `group`. */
	readonly etc: string;
	readonly readOnly: readonly { readonly from: string; readonly to: string }[];
	readonly environment: Readonly<Record<string, string>>;
	readonly limits: Limits;
}

const SYSTEM_FILES = [
	"/etc/alternatives",
	"/etc/ca-certificates",
	"/etc/crypto-policies",
	"/etc/ld.so.cache",
	"/etc/localtime",
	"/etc/pki",
	"/etc/ssl",
];

/**
 * bubblewrap's arguments for a sandbox that sees the system's programs, its own files and nothing else of the host, with
 * namespaces of its own for mounts, processes, IPC, host name and network (only `lo`), and no capability.
 * Nothing is mounted below a folder the agent can write: it could lead the mount elsewhere with a link.
 */
export function bubblewrapArguments(layout: SandboxLayout, command: readonly string[]): string[] {
	const { user, environment, readOnly, limits } = layout;
	return [
		...(user.kind === "dropped"
			? ["--cap-drop", "ALL", ...["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name])]
			: ["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]),
		...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
		...["--die-with-parent", "--new-session", "--hostname", "workspace"],
		...parentsOf([...SYSTEM_FILES, NODE_PATH, HOME_PATH, ...readOnly.map(({ to }) => to)]),
		...systemFolders(),
		...SYSTEM_FILES.flatMap((path) => ["--ro-bind-try", path, path]),
		...["passwd", "group"].flatMap((name) => ["--ro-bind", `${layout.etc}/${name}`, `/etc/${name}`]),
		...["--proc", "/proc", "--dev", "/dev"],
		// What is written here is memory: without a size, half of the machine's.
		...temporaryFolder("/dev/shm", "1777", sharedBytes(limits)),
		...["--remount-ro", "/dev", ...temporaryFolder("/run", "0755", RUN_BYTES)],
		...temporaryFolder("/tmp", "1777", limits.sandboxTemporaryBytesMax),
		...["--ro-bind", dirname(process.execPath), NODE_PATH],
		...readOnly.flatMap(({ from, to }) => ["--ro-bind", from, to]),
		...["--bind", layout.home, HOME_PATH, "--bind", layout.files, WORKSPACE_PATH, "--chdir", "/"],
		...["--remount-ro", "/", "--clearenv"],
		...Object.entries({ ...baseEnvironment, ...environment }).flatMap(([name, value]) => ["--setenv", name, value]),
		"--",
		...dropTo(user),
		...limitsOf(limits),
		// Not bubblewrap's --chdir: as root without capabilities it may not enter a folder of the dropped user.
		...["/usr/bin/env", `--chdir=${WORKSPACE_PATH}`, "--"],
		...command,
	];
}

/** What every sandbox knows. */
export const baseEnvironment = {
	HOME: HOME_PATH,
	LANG: "C.UTF-8",
	PATH: `${NODE_PATH}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
	SHELL: "/bin/sh",
	TERM: "xterm-256color",
	TMPDIR: "/tmp",
	USER: "agent",
};

/** The folders above mount points: bubblewrap would make them for root alone. */
function parentsOf(paths: readonly string[]): string[] {
	const parents = new Set<string>();
	for (const path of paths) for (let at = dirname(path); at !== "/"; at = dirname(at)) parents.add(at);
	return [...parents].sort().flatMap((path) => ["--perms", "0755", "--dir", path]);
}

export const RUN_BYTES = 16 * 1024 * 1024;
export const sharedBytes = (limits: Limits): number => Math.floor(limits.sandboxTemporaryBytesMax / 4);

/** All that a sandbox can write to folders that are in memory. */
export const temporaryBytesOf = (limits: Limits): number =>
	limits.sandboxTemporaryBytesMax + sharedBytes(limits) + RUN_BYTES;

function temporaryFolder(path: string, mode: string, bytes: number): string[] {
	return ["--perms", mode, "--size", String(bytes), "--tmpfs", path];
}

/** The system's programs, read-only. */
export function systemFolders(): string[] {
	return ["--ro-bind", "/usr", "/usr", ...["bin", "sbin", "lib", "lib32", "lib64"].flatMap(systemFolder)];
}

/** Old and new systems: `/bin` is a link into `/usr`, or a folder of its own. */
function systemFolder(name: string): string[] {
	const path = `/${name}`;
	const info = lstatSync(path, { throwIfNoEntry: false });
	if (info?.isSymbolicLink()) return ["--symlink", readlinkSync(path), path];
	return info?.isDirectory() ? ["--ro-bind", path, path] : [];
}

/** As root, bubblewrap sets up the mounts (it may read what the dropped user may not) and this gives every right away. */
function dropTo(user: SandboxUser): string[] {
	if (user.kind === "mapped") return [];
	const id = String(user.uid);
	const nothing = ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs"];
	return ["/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups", ...nothing, "--"];
}

/** A third of what others get, when they want it at the same time. */
export const NICENESS = 5;

function limitsOf(limits: Limits): string[] {
	return [
		"/usr/bin/prlimit",
		"--core=0",
		`--nproc=${limits.sandboxProcessesMax}`,
		`--nofile=${limits.sandboxOpenFilesMax}`,
		`--fsize=${limits.sandboxFileBytesMax}`,
		"--",
		// Whoever answers people goes first.
		...["/usr/bin/nice", "-n", String(NICENESS)],
	];
}
