/** Part of `main.ts`: what is asked, and how a failure is told. */
import { type ChangeBounds, diff, listChanges, patchPart, recordStart } from "./changes.ts";
import { codeOf, Refusal } from "./place.ts";
import { write } from "./put.ts";
import { commit } from "./repository.ts";
import { type Bounds, list, makeFolder, read, remove, rename } from "./tree.ts";

interface Folders {
	readonly root: string;
	readonly state: string;
}

/** `data`: base64. */
export function outcomeOf(asked: Asked, data: string, folders: Folders): object {
	try {
		return { answer: answerTo(asked, data, folders) };
	} catch (error) {
		const { code, message, details } = refusalOf(error);
		return { refusal: { code, sentence: message, details } };
	}
}

/** What the host writes, by its own schemas: each request has what it needs of it. */
export interface Asked {
	readonly do: string;
	readonly bounds: Bounds & ChangeBounds;
	readonly path: string;
	readonly base: string;
	readonly from?: string;
	readonly to: string;
	readonly offset?: number;
	readonly version: string | null;
	readonly known?: string;
	readonly upload?: { readonly id: string; readonly offset: number; readonly isLast: boolean };
	readonly patchId?: string;
	readonly message: string;
	readonly name: string;
	readonly email: string;
}

function answerTo(asked: Asked, data: string, { root, state }: Folders): object {
	const { bounds, base, path } = asked;
	const look = { root, state, bounds };
	const seen = { ...asked, version: asked.version ?? undefined };
	switch (asked.do) {
		case "list":
			return list(root, asked, bounds);
		case "read":
			return read(root, seen, bounds);
		case "write":
			return write(look, asked, Buffer.from(data, "base64"));
		case "createFolder":
			return makeFolder(root, asked);
		case "rename":
			return rename(root, asked);
		case "delete":
			return remove(root, seen);
		case "recordStart":
			return recordStart(look);
		case "listChanges":
			return listChanges(look, base);
		case "diff":
			return diff(look, base, path, asked.from);
		case "patch":
			return patchPart(look, base, asked.patchId, asked.offset ?? 0);
		case "commit":
			return commit(look, asked);
		default:
			throw new Error(`There is nothing called ${asked.do}.`);
	}
}

const SENTENCES: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
	ENOENT: ["not_found", "This is not there any more."],
	ENOTDIR: ["not_found", "A file, not a folder, is on the way there."],
	ELOOP: ["bad_input", "A link is on the way there, and links are not followed."],
	EACCES: ["forbidden", "The workspace's own settings do not allow this."],
	EPERM: ["forbidden", "The workspace's own settings do not allow this."],
	EEXIST: ["name_taken", "Something with this name is here already."],
	ENOTEMPTY: ["file_changed", "Something was put into this folder meanwhile."],
	EISDIR: ["bad_input", "This is a folder."],
	ENAMETOOLONG: ["bad_input", "This name is too long."],
	ENOSPC: ["busy", "There is no room left in this workspace."],
	EDQUOT: ["busy", "There is no room left in this workspace."],
	EFBIG: ["bad_input", "This file is too large."],
};

function refusalOf(error: unknown): Refusal {
	if (error instanceof Refusal) return error;
	const code = codeOf(error) ?? "";
	const known = SENTENCES[code];
	if (known !== undefined) return new Refusal(known[0], known[1]);
	return new Refusal("busy", `The files could not be reached (${code || "unknown"}).`);
}
