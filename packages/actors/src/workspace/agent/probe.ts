/** Runs inside a sandbox and tells what it can see, as one line of JSON. Arguments: paths that must not be visible. */
import { existsSync, readFileSync, readlinkSync, statfsSync } from "node:fs";
import { getPriority } from "node:os";

const interfaces = readFileSync("/proc/net/dev", "utf8")
	.split("\n")
	.slice(2)
	.map((line) => line.split(":")[0]?.trim())
	.filter((name) => name);

const limits = readFileSync("/proc/self/limits", "utf8");
const limitOf = (name: string) => Number(new RegExp(`^Max ${name}\\s+(\\d+)`, "m").exec(limits)?.[1]);
/** How many processes a group may have, where one bounds them (cgroups v2, then v1). */
const ofGroup = ["/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"]
	.filter((path) => existsSync(path))
	.map((path) => Number(readFileSync(path, "utf8")));
const bytesOf = (path: string) => {
	const { blocks, bsize } = statfsSync(path);
	return blocks * bsize;
};
const NAMESPACES = ["mnt", "pid", "net", "ipc", "uts", "user"];

process.stdout.write(
	`${JSON.stringify({
		uid: process.getuid?.(),
		interfaces,
		namespaces: Object.fromEntries(NAMESPACES.map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)])),
		capabilities: /CapEff:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1],
		visible: process.argv.slice(2).filter((path) => existsSync(path)),
		processes: Math.min(...[limitOf("processes"), ...ofGroup].filter(Number.isFinite)),
		fileBytes: limitOf("file size"),
		openFiles: limitOf("open files"),
		temporaryBytes: bytesOf("/tmp") + bytesOf("/dev/shm") + bytesOf("/run"),
		niceness: getPriority(),
		environment: Object.keys(process.env).sort(),
	})}\n`,
);
