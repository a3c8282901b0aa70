/** Part of `main.ts`: what is put into files. */
import { randomBytes } from "node:crypto";
import {
	chmodSync,
	closeSync,
	constants,
	fstatSync,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	writeSync,
} from "node:fs";
import {
	at,
	bytesAt,
	codeOf,
	type Place,
	Refusal,
	refuseUnlessSeen,
	statOf,
	tooLarge,
	versionOf,
	withFile,
} from "./place.ts";
import type { Bounds } from "./tree.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_WRONLY } = constants;

interface Write {
	readonly path: string;
	readonly version: string | null;
	readonly upload?: { readonly id: string; readonly offset: number; readonly isLast: boolean };
}

interface Folders {
	readonly root: string;
	readonly state: string;
	readonly bounds: Bounds;
}

export function write({ root, state, bounds }: Folders, request: Write, data: Buffer): object {
	const { path, version, upload } = request;
	if (upload === undefined) return put(root, path, version, (fd) => void writeAll(fd, data));
	const staged = stage(state, upload, data, bounds);
	if (!upload.isLast) return { type: "staged", bytes: upload.offset + data.length };
	try {
		return put(root, path, version, (fd) =>
			withFile(staged, (from, { size }) => {
				for (let offset = 0; offset < Number(size); offset += bounds.chunkBytes) {
					writeAll(fd, bytesAt(from, offset, bounds.chunkBytes));
				}
			}),
		);
	} finally {
		rmSync(staged, { force: true });
	}
}

const UPLOAD_KEPT_MS = 60 * 60_000;

/** Parts of a file that is not complete, beside the workspace. Begun ones that nobody goes on with are removed. */
function stage(state: string, { id, offset }: { id: string; offset: number }, data: Buffer, bounds: Bounds): string {
	const folder = `${state}/uploads`;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	for (const name of offset === 0 ? readdirSync(folder) : []) {
		const path = `${folder}/${name}`;
		const stat = statOf(path);
		if (stat !== undefined && Date.now() - Number(stat.mtimeMs) > UPLOAD_KEPT_MS) rmSync(path, { force: true });
	}
	if (offset + data.length > bounds.uploadBytes) throw tooLarge(offset + data.length, bounds.uploadBytes);
	const path = `${folder}/${id}`;
	if (offset === 0) rmSync(path, { force: true });
	const fd = openSync(path, (offset === 0 ? O_CREAT | O_EXCL : 0) | O_RDWR | O_NOFOLLOW, 0o600);
	try {
		const stat = fstatSync(fd);
		// The same part again is the same; a gap is not.
		if (!stat.isFile() || stat.size < offset) throw new Refusal("bad_input", "A part before this one is missing.");
		writeAll(fd, data, offset);
	} finally {
		closeSync(fd);
	}
	return path;
}

function writeAll(fd: number, data: Buffer, position: number | null = null): void {
	for (let done = 0; done < data.length; ) {
		done += writeSync(fd, data, done, data.length - done, position === null ? null : position + done);
	}
}

/** Puts a whole file in the place of the one that its writer saw, at once. */
function put(root: string, path: string, version: string | null, fill: (fd: number) => void): object {
	return at(
		root,
		path,
		(place) => {
			refuseUnlessSeen(place, version);
			const half = `${place.folder}/.${place.name.slice(0, 40)}.${randomBytes(6).toString("hex")}.tmp`;
			const fd = openSync(half, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, 0o644);
			try {
				fill(fd);
				fsyncSync(fd);
				// Again, as late as can be: an agent works on the same files.
				const before = refuseUnlessSeen(place, version);
				if (before !== undefined) chmodSync(half, before & 0o777);
				if (version === null) linkNew(half, place);
				else renameSync(half, place.path);
				const stat = fstatSync(fd, { bigint: true });
				return { type: "written", version: versionOf(fd, stat), bytes: Number(stat.size) };
			} finally {
				closeSync(fd);
				rmSync(half, { force: true });
			}
		},
		version === null,
	);
}

/** Fails where something is by now, which a rename would replace. */
function linkNew(half: string, place: Place): void {
	try {
		linkSync(half, place.path);
	} catch (error) {
		if (codeOf(error) !== "EEXIST") throw error;
		refuseUnlessSeen(place, null);
		throw error;
	}
}

/** Keeps a file of ours beside the workspace. */
export function keep(path: string, data: Buffer): void {
	rmSync(path, { force: true });
	const fd = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
	try {
		writeAll(fd, data);
	} finally {
		closeSync(fd);
	}
}
