import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");

export interface Manifest {
	name: string;
	private?: boolean;
	license?: string;
	type?: string;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	scripts?: Record<string, string>;
}

export const readManifest = (folder: string): Manifest =>
	JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** Every file that git knows or would add, relative to `root`, with `/`. A file deleted but not yet committed is left out. */
export function repositoryFiles(root: string): string[] {
	const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
		cwd: root,
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	return [...new Set(listed.split("\0"))].filter((file) => file !== "" && existsSync(join(root, file))).sort();
}

/** Folders (relative) of the workspace's packages, by the manifests among `files`. */
export const packageFolders = (files: readonly string[]): string[] =>
	files
		.filter((file) => /^(?:apps\/[^/]+|packages\/[^/]+|bench|examples)\/package\.json$/.test(file))
		.map((file) => file.slice(0, -"/package.json".length));

export const isSource = (file: string): boolean => /\.(?:ts|tsx|mts)$/.test(file) && !file.endsWith(".d.ts");

/** Code that only tests run: it may see more than the code it tests. */
export const isTestCode = (file: string): boolean =>
	/\.(?:test|spec)\.tsx?$|(?:^|\/)(?:test|tests|__fixtures__)\/|vitest\.config\.ts$/.test(file);
