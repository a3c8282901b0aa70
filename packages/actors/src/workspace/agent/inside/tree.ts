/** Part of `main.ts`: what is done to files and folders. */
import {
	linkSync,
	lstatSync,
	mkdirSync,
	opendirSync,
	readdirSync,
	readlinkSync,
	renameSync,
	rmdirSync,
	rmSync,
	unlinkSync,
} from "node:fs";
import {
	at,
	bytesAt,
	changed,
	inFolder,
	Refusal,
	refuseUnlessSeen,
	statOf,
	tooLarge,
	versionOf,
	withFile,
} from "./place.ts";

export interface Bounds {
	readonly listMax: number;
	readonly scanMax: number;
	readonly chunkBytes: number;
	readonly textBytes: number;
	readonly uploadBytes: number;
	readonly downloadBytes: number;
}

export function list(root: string, { path }: { path: string }, bounds: Bounds): object {
	return inFolder(root, path, (folder) => {
		const names: string[] = [];
		let omitted = 0;
		const entries = opendirSync(folder, { bufferSize: 256 });
		try {
			for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
				if (names.length < bounds.scanMax) names.push(entry.name);
				else if (++omitted >= bounds.scanMax) break;
			}
		} finally {
			entries.closeSync();
		}
		const found = names.flatMap((name) => described(folder, name) ?? []);
		found.sort((a, b) => rank(a.type) - rank(b.type) || (a.name < b.name ? -1 : 1));
		return {
			path,
			entries: found.slice(0, bounds.listMax),
			omitted: omitted + Math.max(0, found.length - bounds.listMax),
		};
	});
}

const rank = (type: string): number => (type === "folder" ? 0 : 1);

interface Described {
	name: string;
	type: "file" | "folder" | "link" | "other";
	bytes: number;
	modifiedAt: number;
	target?: string;
}

/** Undefined for what is gone by now, and for names that are no text. */
function described(folder: string, name: string): Described | undefined {
	const stat = lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
	if (stat === undefined) return undefined;
	const type = stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other";
	const target = type === "link" ? linkText(`${folder}/${name}`) : undefined;
	return {
		name,
		type,
		bytes: type === "file" ? stat.size : 0,
		modifiedAt: Math.max(0, Math.round(stat.mtimeMs)),
		...(target === undefined ? {} : { target }),
	};
}

const LINK_CHARS_MAX = 300;

function linkText(path: string): string | undefined {
	try {
		return readlinkSync(path).slice(0, LINK_CHARS_MAX);
	} catch {
		return undefined; // gone, or another thing by now
	}
}

interface Read {
	readonly path: string;
	readonly offset?: number;
	readonly version?: string | undefined;
	readonly known?: string;
}

export function read(root: string, { path, offset = 0, version: wanted, known }: Read, bounds: Bounds): object {
	return at(root, path, (place) =>
		withFile(place.path, (fd, stat) => {
			const bytes = Number(stat.size);
			const version = versionOf(fd, stat);
			if (known === version) return { type: "same", version };
			if (wanted !== undefined && wanted !== version) throw changed(version, bytes);
			if (bytes > bounds.downloadBytes) throw tooLarge(bytes, bounds.downloadBytes);
			const isText = offset === 0 && bytes <= bounds.textBytes && isUtf8(bytesAt(fd, 0, bytes));
			const data = bytesAt(fd, offset, bounds.chunkBytes);
			return {
				type: "content",
				version,
				bytes,
				isText,
				offset,
				data: data.toString("base64"),
				isLast: offset + data.length >= bytes,
			};
		}),
	);
}

export function isUtf8(bytes: Buffer): boolean {
	if (bytes.includes(0)) return false;
	try {
		new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

export function makeFolder(root: string, { path }: { path: string }): object {
	return at(
		root,
		path,
		(place) => {
			if (statOf(place.path) !== undefined) throw taken();
			mkdirSync(place.path);
			return { ok: true };
		},
		true,
	);
}

export function rename(root: string, { path, to }: { path: string; to: string }): object {
	if (to === path || to.startsWith(`${path}/`)) throw new Refusal("bad_input", "A folder cannot be moved into itself.");
	return at(root, path, (from) => {
		const stat = statOf(from.path);
		if (stat === undefined) throw new Refusal("not_found", "This is not there any more.");
		return at(
			root,
			to,
			(target) => {
				if (statOf(target.path) !== undefined) throw taken();
				if (!stat.isFile()) {
					renameSync(from.path, target.path);
					return { ok: true };
				}
				// A rename would replace what appears there meanwhile.
				linkSync(from.path, target.path);
				unlinkSync(from.path);
				return { ok: true };
			},
			true,
		);
	});
}

export function remove(root: string, { path, version }: { path: string; version?: string | undefined }): object {
	return at(root, path, (place) => {
		const stat = statOf(place.path);
		if (stat === undefined) throw new Refusal("not_found", "This is not there any more.");
		if (version !== undefined && stat.isFile()) refuseUnlessSeen(place, version);
		if (stat.isDirectory()) {
			inFolder(root, path, empty);
			rmdirSync(place.path);
		} else {
			unlinkSync(place.path);
		}
		return { ok: true };
	});
}

function empty(folder: string): void {
	for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`, { recursive: true, force: true });
}

const taken = () => new Refusal("name_taken", "Something with this name is here already.");
