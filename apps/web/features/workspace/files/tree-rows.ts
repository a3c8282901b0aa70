import { isGitFolder, pathIn } from "@bullpen/domain/file-path";
import type { FileEntry } from "@bullpen/domain/files";
import type { DeskShown } from "./file-desk.ts";

/** A line of the tree as it is drawn: an entry, or a word about its folder. */
export type TreeRow =
	| {
			readonly type: "entry";
			readonly path: string;
			readonly level: number;
			readonly entry: FileEntry;
			/** Undefined for what cannot be opened up. */
			readonly isExpanded: boolean | undefined;
			/** Its name begins with a dot: there, and seldom looked for. */
			readonly isFaint: boolean;
	  }
	| {
			readonly type: "note";
			readonly path: string;
			readonly level: number;
			readonly text: string;
			readonly isProblem: boolean;
	  };

/** What of the tree is unfolded, from top to bottom. */
export function treeRows(
	{ folders, expanded }: Pick<DeskShown, "folders" | "expanded">,
	path = "",
	level = 1,
): TreeRow[] {
	const folder = folders.get(path);
	const note = (text: string, isProblem = false): TreeRow => ({ type: "note", path, level, text, isProblem });
	if (folder?.problem) return [note(folder.problem, true)];
	if (!folder?.isLoaded) return [note("Loading…")];
	if (folder.entries.length === 0) return level === 1 ? [] : [note("Empty")];
	const rows = folder.entries.flatMap((entry): TreeRow[] => {
		const inner = pathIn(path, entry.name);
		const canExpand = entry.type === "folder" && !isGitFolder(entry.name);
		const isExpanded = canExpand ? expanded.has(inner) : undefined;
		const isFaint = entry.name.startsWith(".");
		const row: TreeRow = { type: "entry", path: inner, level, entry, isExpanded, isFaint };
		return isExpanded ? [row, ...treeRows({ folders, expanded }, inner, level + 1)] : [row];
	});
	return folder.omitted > 0 ? [...rows, note(`${folder.omitted.toLocaleString()} more are not shown`)] : rows;
}
