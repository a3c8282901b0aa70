/**
 * Part of a program of ours that runs inside the sandbox (`main.ts`): built-in modules only. Everything it meets may be made
 * by an agent that wants something from whoever looks at it.
 */
import { createHash } from "node:crypto";
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readSync } from "node:fs";

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** What the caller is told instead of an answer. */
export class Refusal extends Error {
	readonly code: string;
	readonly details: Readonly<Record<string, string | number>>;

	constructor(code: string, sentence: string, details: Readonly<Record<string, string | number>> = {}) {
		super(sentence);
		this.code = code;
		this.details = details;
	}
}

/** A name in a folder that is held open: whatever is renamed meanwhile, it is the same folder. */
export interface Place {
	/** For any call that takes a path; only its last name can be a link. */
	readonly path: string;
	readonly name: string;
	/** The folder, as a path. */
	readonly folder: string;
}

/** Does something at a path below `root`. Links are not followed on the way, nor is anything outside ever opened. */
export function at<Result>(root: string, path: string, work: (place: Place) => Result, makeFolders = false): Result {
	const names = namesOf(path);
	const name = names.pop();
	if (name === undefined) throw new Refusal("bad_input", "This is the folder itself.");
	const fd = open(root, names, makeFolders);
	try {
		const folder = `/proc/self/fd/${fd}`;
		return work({ path: `${folder}/${name}`, name, folder });
	} finally {
		closeSync(fd);
	}
}

/** The same for a folder, `root` itself included. */
export function inFolder<Result>(root: string, path: string, work: (folder: string) => Result): Result {
	const fd = open(root, namesOf(path), false);
	try {
		return work(`/proc/self/fd/${fd}`);
	} finally {
		closeSync(fd);
	}
}

/** The host has asked the same of it; here nobody else is believed. */
function namesOf(path: string): string[] {
	const names = path === "" ? [] : path.split("/");
	const isWrong = (name: string) => name === "" || name === "." || name === ".." || name.toLowerCase() === ".git";
	if (path.includes("\0") || names.some(isWrong)) throw new Refusal("bad_input", "This is not a path inside here.");
	return names;
}

function open(root: string, names: readonly string[], makeFolders: boolean): number {
	let fd = openSync(root, O_RDONLY | O_DIRECTORY);
	for (const name of names) {
		const next = `/proc/self/fd/${fd}/${name}`;
		try {
			if (makeFolders) made(next);
			const inner = openSync(next, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
			closeSync(fd);
			fd = inner;
		} catch (error) {
			closeSync(fd);
			throw error;
		}
	}
	return fd;
}

function made(path: string): void {
	try {
		mkdirSync(path);
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
	}
}

/** What is at a place, or undefined. Never looks behind a link. */
export const statOf = (path: string): BigIntStats | undefined =>
	lstatSync(path, { bigint: true, throwIfNoEntry: false });

/** A plain file, open. Pipes and devices are refused without waiting for them. */
export function withFile<Result>(path: string, work: (fd: number, stat: BigIntStats) => Result): Result {
	const before = statOf(path);
	if (before === undefined) throw new Refusal("not_found", "This file is not there.");
	if (!before.isFile()) throw new Refusal("bad_input", "This is not a file that can be opened.");
	const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	try {
		const stat = fstatSync(fd, { bigint: true });
		if (!stat.isFile()) throw new Refusal("bad_input", "This is not a file that can be opened.");
		return work(fd, stat);
	} finally {
		closeSync(fd);
	}
}

/** As many bytes as there are, up to `length`. */
export function bytesAt(fd: number, offset: number, length: number): Buffer {
	const bytes = Buffer.allocUnsafe(length);
	let read = 0;
	while (read < length) {
		const more = readSync(fd, bytes, read, length - read, offset + read);
		if (more === 0) break;
		read += more;
	}
	return bytes.subarray(0, read);
}

const PART_BYTES = 1024 * 1024;
/** Larger files are known by what the file system says of them. */
const HASHED_BYTES_MAX = 32 * 1024 * 1024;

/** Another word whenever the file says something else (`FileVersion`). */
export function versionOf(fd: number, stat: BigIntStats): string {
	const bytes = Number(stat.size);
	if (bytes > HASHED_BYTES_MAX) return `t-${stat.mtimeNs}-${stat.ctimeNs}-${bytes}`;
	const hash = createHash("sha256");
	for (let offset = 0; ; offset += PART_BYTES) {
		const part = bytesAt(fd, offset, PART_BYTES);
		hash.update(part);
		if (part.length < PART_BYTES) return hash.digest("hex");
	}
}

/** The mode of what is there, which is what the caller saw. */
export function refuseUnlessSeen(place: Place, version: string | null): number | undefined {
	const stat = statOf(place.path);
	if (stat === undefined) {
		if (version === null) return undefined;
		throw new Refusal("file_changed", "Somebody removed this file meanwhile.");
	}
	if (!stat.isFile()) throw new Refusal("name_taken", "Something else with this name is here.");
	return withFile(place.path, (fd, now) => {
		const found = versionOf(fd, now);
		if (found !== version) throw changed(found, Number(now.size));
		return Number(now.mode);
	});
}

export const changed = (version: string, bytes: number): Refusal =>
	new Refusal("file_changed", "Somebody changed this file meanwhile.", { version, bytes });
export const tooLarge = (bytes: number, bytesMax: number): Refusal =>
	new Refusal("bad_input", "This file is too large.", { bytes, bytesMax });

export function codeOf(error: unknown): string | undefined {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
