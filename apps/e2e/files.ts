import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "./stack.ts";

/** What a file of this name in a workspace's own folder really holds on disk; undefined when there is none. */
export function fileOf(workspaceId: string, name: string, of = dataFolder()): string | undefined {
	const folder = join(of, "workspaces", workspaceId);
	const found = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
		(entry) => entry.isFile() && entry.name === name,
	);
	return found && readFileSync(join(found.parentPath, found.name), "utf8");
}
