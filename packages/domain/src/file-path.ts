import { measure } from "./text.ts";

/** As Linux has them; a path of more could not be opened by every program. */
const NAME_BYTES_MAX = 255;
const PATH_BYTES_MAX = 1_024;
const NAMES_MAX = 64;

/**
 * Whether this names something inside a workspace: relative to its folder, names joined by `/`, nothing that leads out of it
 * or into the folder that git keeps for itself. The empty path is the folder itself.
 */
export function isFilePath(path: string): boolean {
	if (path === "") return true;
	if (path.length > PATH_BYTES_MAX || !path.isWellFormed() || measure(path).bytes > PATH_BYTES_MAX) return false;
	const names = path.split("/");
	return names.length <= NAMES_MAX && names.every(isFileName);
}

/** One name of a path. Git keeps its own folder: whatever is changed there is changed by git. */
export function isFileName(name: string): boolean {
	if (name === "" || name === "." || name === ".." || isGitFolder(name)) return false;
	return !name.includes("\0") && !name.includes("/") && measure(name).bytes <= NAME_BYTES_MAX;
}

/** Whatever the case: some file systems do not tell it apart. */
export const isGitFolder = (name: string): boolean => name.toLowerCase() === ".git";

/** The last name of a path. */
export const nameOfPath = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder that a path is in; empty for the workspace's own. */
export const folderOfPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** A name in a folder, as a path. */
export const pathIn = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
