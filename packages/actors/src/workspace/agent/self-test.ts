import { execFile } from "node:child_process";
import { mkdtemp, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import { Namespace, type SandboxProof } from "@bullpen/domain/sandbox";
import { z } from "zod";
import { NICENESS, type SandboxUser, SYSTEM_PATH, TOOLS_PATH, temporaryBytesOf } from "./bubblewrap.ts";
import { bubblewrap, type Enclosure } from "./enclosure.ts";
import { makeFolders } from "./sandbox-folders.ts";
import type { Toolbox } from "./toolbox.ts";
import { FIRST_UID } from "./uids.ts";

const Seen = z.object({
	uid: z.number(),
	interfaces: z.array(z.string()),
	namespaces: z.record(Namespace, z.string()),
	capabilities: z.string(),
	processes: z.number(),
	fileBytes: z.number(),
	openFiles: z.number(),
	temporaryBytes: z.number(),
	niceness: z.number(),
	visible: z.array(z.string()),
	environment: z.array(z.string()),
});

/** What a probe found: what holds, what a sandbox would let through, or why none began. */
type Tested = { readonly proof: SandboxProof } | { readonly leak: string } | { readonly complaint: string };

/** Starts a probe in a real sandbox, in a folder of its own, and looks at what it saw. */
export async function selfTest(
	dataDir: string,
	toolbox: Toolbox,
	limits: Limits,
	enclosure: Enclosure = bubblewrap,
): Promise<Tested> {
	const folder = await mkdtemp(join(tmpdir(), "bullpen-probe-"));
	try {
		const marker = join(folder, "marker");
		await writeFile(marker, "");
		const seen = await probe(folder, { toolbox, limits, enclosure, hidden: [marker, dataDir, ...enclosure.hidden] });
		if (typeof seen === "string") return { complaint: seen };
		const namespaces = await namespacesApart(seen);
		const leak = leakOf(seen, namespaces) ?? excessOf(seen, limits);
		if (leak !== undefined) return { leak };
		return { proof: { at: Date.now(), namespaces, user: process.getuid?.() === 0 ? "own" : "shared" } };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Those that are not the host's. */
async function namespacesApart(seen: z.infer<typeof Seen>): Promise<Namespace[]> {
	const apart: Namespace[] = [];
	for (const name of Namespace.options) {
		const ofHost = await readlink(`/proc/self/ns/${name}`);
		if (seen.namespaces[name] !== ofHost) apart.push(name);
	}
	return apart;
}

/** Of these no sandbox shares one with the host. Rights as another user are told apart by a user namespace or the user. */
const NEEDED = {
	mnt: "sees the host's files",
	pid: "sees the host's processes",
	net: "has the host's network",
	ipc: "shares memory with the host's programs",
	uts: "knows the host's name",
} as const satisfies Partial<Record<Namespace, string>>;

function leakOf(seen: z.infer<typeof Seen>, apart: readonly Namespace[]): string | undefined {
	if (seen.uid === 0) return "it runs as root";
	if (/[^0]/.test(seen.capabilities)) return "it has capabilities";
	if (seen.visible.length > 0) return `it sees ${seen.visible[0]}`;
	if (seen.interfaces.some((name) => name !== "lo")) return "it has a network";
	for (const [name, leak] of Object.entries(NEEDED)) if (!apart.some((one) => one === name)) return `it ${leak}`;
	const foreign = seen.environment.find((name) => !SANDBOX_VARIABLES.has(name));
	return foreign === undefined ? undefined : `it knows the variable ${foreign}`;
}

/** A limit that the sandbox should have and has not. */
function excessOf(seen: z.infer<typeof Seen>, limits: Limits): string | undefined {
	if (seen.processes > limits.sandboxProcessesMax) return "it may run any number of programs";
	if (seen.openFiles > limits.sandboxOpenFilesMax) return "it may open any number of files";
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

interface Probing {
	readonly toolbox: Toolbox;
	readonly limits: Limits;
	readonly enclosure: Enclosure;
	readonly hidden: readonly string[];
}

/** What the probe saw, or the enclosure's complaint. */
async function probe(
	folder: string,
	{ toolbox, limits, enclosure, hidden }: Probing,
): Promise<z.infer<typeof Seen> | string> {
	const user: SandboxUser = process.getuid?.() === 0 ? { kind: "dropped", uid: FIRST_UID } : { kind: "mapped" };
	const layout = { user, ...(await makeFolders(folder, user, enclosure.idInside(user))) };
	const readOnly = [{ from: toolbox.folder, to: TOOLS_PATH }];
	const inside = ["/opt/node/bin/node", toolbox.probe, ...hidden];
	const run = { stem: "bullpen-probe", name: `bullpen-probe-${crypto.randomUUID().slice(0, 8)}` };
	const [program = "", ...args] = enclosure.enclose({ ...layout, readOnly, environment: {}, limits }, inside, run);
	const { output, complaint } = await new Promise<{ output: string; complaint: string }>((resolve) => {
		const env = { PATH: SYSTEM_PATH, ...enclosure.environment };
		execFile(program, args, { timeout: limits.agentStartMs, env, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
			resolve({ output: error ? "" : stdout, complaint: stderr.trim() || (error?.message ?? "") });
		});
	});
	await enclosure.end(run.name);
	const seen = Seen.safeParse(parsedJson(output));
	return seen.success ? seen.data : complaint.slice(0, 500);
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // nothing was printed: the complaint says why
	}
}
