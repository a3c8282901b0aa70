import { dirname } from "node:path";
import {
	baseEnvironment,
	HOME_PATH,
	NICENESS,
	NODE_PATH,
	RUN_BYTES,
	type SandboxLayout,
	sharedBytes,
	WORKSPACE_PATH,
} from "./bubblewrap.ts";
import type { EnclosedRun } from "./enclosure.ts";
import { coresOfSandbox } from "./sandbox-limits.ts";

export interface DockerRun extends EnclosedRun {
	readonly image: string;
	/** The user and group that runs inside; on the host it is the same. */
	readonly user: number;
	readonly group: number;
}

/** Marks the containers of a workspace: `docker ps --filter label=…` finds them. */
export const LABEL = "bullpen.workspace";

/**
 * Docker's arguments (docs.docker.com/reference/cli/docker/container/run) for a container that has no network, no capability
 * and no way to more rights, can write to the workspace's files and home and to sized memory, and ends with its input.
 * It sees the image's programs, and of the host what bubblewrap's sandboxes see in the same places.
 */
export function dockerArguments(layout: SandboxLayout, run: DockerRun, command: readonly string[]): string[] {
	const { limits, environment } = layout;
	const bytes = String(limits.sandboxMemoryBytesMax);
	const open = limits.sandboxOpenFilesMax;
	const mounts = [
		...["passwd", "group"].map((name) => readOnly(`${layout.etc}/${name}`, `/etc/${name}`)),
		readOnly(dirname(process.execPath), NODE_PATH),
		...layout.readOnly.map(({ from, to }) => readOnly(from, to)),
		bound(layout.home, HOME_PATH),
		bound(layout.files, WORKSPACE_PATH),
	];
	return [
		// What it prints is how it is reached, and in no log; --init ends orphans and takes signals.
		...["run", "--interactive", "--rm", "--init", "--pull", "never", "--log-driver", "none"],
		...["--name", run.name, "--label", `${LABEL}=${run.stem}`, "--hostname", "workspace"],
		...["--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
		...["--user", `${run.user}:${run.group}`],
		// The second is memory and swap together: there is no swap.
		...["--memory", bytes, "--memory-swap", bytes, "--cpus", String(coresOfSandbox()), "--cpu-shares", "256"],
		...["--pids-limit", String(limits.sandboxProcessesMax)],
		...["--ulimit", "core=0:0", "--ulimit", `nofile=${open}:${open}`],
		...["--ulimit", `fsize=${limits.sandboxFileBytesMax}:${limits.sandboxFileBytesMax}`],
		...["--shm-size", String(sharedBytes(limits))],
		...["--tmpfs", `/tmp:rw,exec,nosuid,nodev,mode=1777,size=${limits.sandboxTemporaryBytesMax}`],
		...["--tmpfs", `/run:rw,nosuid,nodev,mode=0755,size=${RUN_BYTES}`],
		...mounts.flatMap((mount) => ["--mount", mount]),
		// Docker's own settings can have proxies, with passwords, that it tells every container of which nobody says otherwise.
		...PROXY_VARIABLES.flatMap((name) => ["--env", `${name}=`]),
		"--no-healthcheck",
		...["--workdir", WORKSPACE_PATH, "--entrypoint", "/usr/bin/env", run.image],
		// Nothing of the image's environment.
		...["-i", ...Object.entries({ ...baseEnvironment, ...environment }).map(([name, value]) => `${name}=${value}`)],
		...["/usr/bin/nice", "-n", String(NICENESS)],
		...command,
	];
}

const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
	name,
	name.toLowerCase(),
]);

const readOnly = (from: string, to: string): string => `${bound(from, to)},readonly`;

/** A line of comma-separated values, as Docker reads it. */
const bound = (from: string, to: string): string =>
	["type=bind", `source=${from}`, `target=${to}`].map(quoted).join(",");

const quoted = (value: string): string => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
