import type { ChildProcess } from "node:child_process";
import { bubblewrapArguments, type SandboxLayout, type SandboxUser } from "./bubblewrap.ts";
import type { CgroupBase } from "./cgroup.ts";
import { inheritedSocket } from "./inherited-socket.ts";

/** What keeps a sandbox apart from its machine: a program that runs another one confined. */
export interface Enclosure {
	/** Names its sandboxes for people. */
	readonly name: string;
	/** What the kernel bounds because the enclosure says so, beside what every sandbox has. */
	readonly bounds?: Pick<CgroupBase, "controllers">;
	/** What its own program is told on the host, beside `PATH`. None of it is known inside. */
	readonly environment: Readonly<Record<string, string>>;
	/** Paths of the host that a sandbox must not see, whatever they hold. */
	readonly hidden: readonly string[];
	/** The id of the sandbox's user as the sandbox sees it. */
	idInside(user: SandboxUser): number;
	/** The command line that runs `command` in it. */
	enclose(layout: SandboxLayout, command: readonly string[], run: EnclosedRun): string[];
	/** A way in for one sandbox in this folder, which is ours alone. */
	enter(folder: string): Promise<Entrance>;
	/** Ends what is left of all runs of a workspace that do not end with their process. Never fails. */
	clear(stem: string): Promise<void>;
	/** The same for one run. */
	end(name: string): Promise<void>;
}

/** One run in an enclosure: its own name, and the workspace's, on this machine. */
export interface EnclosedRun {
	readonly stem: string;
	readonly name: string;
}

/** Where the host reaches a sandbox's server. */
export interface Entrance {
	/** A socket that only we can reach. */
	readonly path: string;
	/** What the sandbox's process inherits, from 3 on. */
	readonly descriptors: readonly number[];
	/** What the bridge inside is told. */
	readonly options: readonly string[];
	/** Leads to the process from now on. Resolves when its server answers, and never when it does not. */
	attach(child: ChildProcess, secrets: Readonly<Record<string, string>>): Promise<void>;
	release(): Promise<void>;
}

/** The default. The host listens, and the sandbox inherits what it listens on. */
export const bubblewrap: Enclosure = {
	name: "confined",
	environment: {},
	hidden: ["/etc/shadow", "/etc/hostname", "/root", "/sys", "/var"],
	idInside: (user) => (user.kind === "dropped" ? user.uid : 1000),
	enclose: (layout, command) => ["bwrap", ...bubblewrapArguments(layout, command)],
	async enter(folder) {
		const { path, release, descriptor, handOver } = await inheritedSocket(folder);
		return {
			path,
			release,
			descriptors: [descriptor],
			options: [],
			attach(child, secrets) {
				handOver();
				child.stdin?.write(`${JSON.stringify(secrets)}\n`);
				return saidReady(child);
			},
		};
	},
	// It dies with its process.
	clear: async () => undefined,
	end: async () => undefined,
};

const LINE_CHARS_MAX = 100;

function saidReady({ stdout }: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		let text = "";
		stdout?.setEncoding("utf8").on("data", (chunk: string) => {
			text = (text + chunk).slice(-LINE_CHARS_MAX);
			if (/^ready$/m.test(text)) resolve();
		});
	});
}
