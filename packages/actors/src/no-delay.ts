import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Socket } from "node:net";

const LOOK_EVERY_MS = 1_000;
/** Reading every connection of the machine costs 10 ms: while the runner's is there, it is only read now and then. */
const SCAN_EVERY_MS = 30_000;
const ESTABLISHED = "01";
const LOOPBACK = "0100007F"; // 127.0.0.1, as /proc prints it on little-endian machines

/**
 * One handle per descriptor number, kept for as long as the process lives: a handle that is collected closes its
 * descriptor, and these belong to RivetKit's native runner. A number that is used again finds its handle again.
 */
const handles = new Map<number, Socket>();

/**
 * Turns Nagle's algorithm off on the connection by which RivetKit's native runner (2.3.19) talks to the engine, now and
 * after every reconnect; the runner has no option for it, and with it each lone answer waits 40 ms for an
 * acknowledgement. Works on Linux only and does nothing elsewhere.
 * @returns what stops looking for further connections.
 */
export function keepNoDelay(enginePort: number): () => void {
	if (process.platform !== "linux") return () => undefined;
	let known: ReadonlyMap<string, number> = new Map();
	let scannedAt = Number.NEGATIVE_INFINITY;
	const look = () => {
		const isThere = known.size > 0 && [...known].every(([inode, descriptor]) => isOpen(inode, descriptor));
		if (isThere && performance.now() - scannedAt < SCAN_EVERY_MS) return;
		scannedAt = performance.now();
		known = setNoDelayExcept(known, enginePort);
	};
	look();
	const timer = setInterval(look, LOOK_EVERY_MS).unref();
	return () => clearInterval(timer);
}

/** @returns the runner's connections to the engine, by inode: unlike a descriptor, it is never used twice at once. */
function setNoDelayExcept(known: ReadonlyMap<string, number>, enginePort: number): ReadonlyMap<string, number> {
	const current = connectionsTo(enginePort);
	const set = new Map([...known].filter(([inode]) => current.has(inode)));
	if (current.size === set.size) return set;
	for (const [descriptor, inode] of socketsOfThisProcess()) {
		if (current.has(inode) && !set.has(inode) && setNoDelay(descriptor)) set.set(inode, descriptor);
	}
	return set;
}

/** Whether it is none of Node's own. */
function setNoDelay(descriptor: number): boolean {
	try {
		const handle = handles.get(descriptor) ?? new Socket({ fd: descriptor, readable: false, writable: false });
		handles.set(descriptor, handle);
		handle.unref();
		handle.setNoDelay(false); // the handle remembers what it said of the descriptor's previous connection
		handle.setNoDelay(true);
		return true;
	} catch {
		return false; // a connection of Node's own (EEXIST), which sets the option itself, or one that was closed this instant
	}
}

const isOpen = (inode: string, descriptor: number): boolean => targetOf(String(descriptor)) === `socket:[${inode}]`;

/** Inodes of this process's established connections to a port of 127.0.0.1 (columns as in proc(5), /proc/net/tcp). */
function connectionsTo(port: number): ReadonlySet<string> {
	const remote = `${LOOPBACK}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
	const inodes = new Set<string>();
	for (const line of readFileSync("/proc/self/net/tcp", "utf8").split("\n").slice(1)) {
		const columns = line.trim().split(/\s+/);
		const inode = columns[9];
		if (columns[2] === remote && columns[3] === ESTABLISHED && inode) inodes.add(inode);
	}
	return inodes;
}

function* socketsOfThisProcess(): Generator<[descriptor: number, inode: string]> {
	for (const name of readdirSync("/proc/self/fd")) {
		const inode = /^socket:\[(\d+)\]$/.exec(targetOf(name))?.[1];
		if (inode) yield [Number(name), inode];
	}
}

function targetOf(descriptor: string): string {
	try {
		return readlinkSync(`/proc/self/fd/${descriptor}`);
	} catch {
		return ""; // closed since the folder was listed
	}
}
