import { Refused } from "./refused.ts";

/** One file or folder of an archive. */
export interface Entry {
	/** Below the workspace: never empty, no part of it leads elsewhere. */
	readonly parts: readonly string[];
	readonly isFolder: boolean;
	readonly isExecutable: boolean;
	/** As the archive says. */
	readonly bytes: number;
	/** In pieces. */
	read(): AsyncIterable<Uint8Array>;
}

const PART_BYTES_MAX = 255;
const PATH_BYTES_MAX = 2_000;
const PARTS_MAX = 64;

/**
 * The parts of a name; undefined for the folder everything is in.
 * @throws Refused `bad_name` for what is absolute, leads upwards or could not be made
 */
export function partsOf(raw: string): readonly string[] | undefined {
	const bytes = Buffer.byteLength(raw);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what no name may have
	const isOdd = bytes > PATH_BYTES_MAX || raw.startsWith("/") || /^[a-zA-Z]:/.test(raw) || /[\x00-\x1f\x7f]/.test(raw);
	if (raw === "" || isOdd || raw.includes("\ufffd")) throw new Refused("bad_name", raw);
	const parts = raw.split("/").filter((part) => part !== "" && part !== ".");
	const isWrong = parts.some((part) => part === ".." || Buffer.byteLength(part) > PART_BYTES_MAX);
	if (isWrong || parts.length > PARTS_MAX) throw new Refused("bad_name", raw);
	return parts.length === 0 ? undefined : parts;
}
