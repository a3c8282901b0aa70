import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { isFilePath } from "@bullpen/domain/file-path";
import type { Limits } from "@bullpen/domain/limits";
import type { SandboxAgent } from "sandbox-agent";
import type { AttachedFile } from "./attached-file.ts";

/** The files of a workspace, relative to its folder, sorted. `isPartial`: there are more than are listed. */
export interface KnownPaths {
	readonly paths: readonly string[];
	readonly isPartial: boolean;
}

/** One program of a sandbox, as its server is asked for it. */
export interface ProgramCall {
	readonly command: string;
	readonly args: string[];
	readonly cwd: string;
	readonly timeoutMs: number;
	readonly maxOutputBytes: number;
}

const PATH_BYTES = 200;
/** Nobody writes a prompt about what is in these. */
const UNASKED = [".git", "node_modules", ".venv", "__pycache__", ".attachments"];

/** The plain files below `folder`, as the sandbox sees them; links are not followed. */
export async function listPaths(
	run: (program: ProgramCall) => Promise<{ stdout: string; stdoutTruncated: boolean; timedOut: boolean }>,
	folder: string,
	{ pathsMax, pathsListMs }: Pick<Limits, "pathsMax" | "pathsListMs">,
): Promise<KnownPaths> {
	const pruned = UNASKED.flatMap((name, i) => [...(i === 0 ? [] : ["-o"]), "-name", name]);
	const { stdout, stdoutTruncated, timedOut } = await run({
		command: "/usr/bin/find",
		args: [".", "-xdev", "(", ...pruned, ")", "-prune", "-o", "-type", "f", "-printf", "%P\\0"],
		cwd: folder,
		timeoutMs: pathsListMs,
		maxOutputBytes: Math.min(pathsMax * PATH_BYTES, 4 * 1024 * 1024),
	});
	const whole = stdout.slice(0, stdout.lastIndexOf("\0") + 1).split("\0");
	const paths = whole.filter((path) => path !== "" && isFilePath(path) && !path.includes("\ufffd"));
	return {
		paths: paths.slice(0, pathsMax).sort(),
		isPartial: stdoutTruncated || timedOut || paths.length > pathsMax,
	};
}

const ATTACHED = ".attachments";

/** Keeps a file in the workspace for an agent that takes none with its prompt. @returns its path, relative to `folder` */
export async function saveAttached(
	sdk: Pick<SandboxAgent, "mkdirFs" | "writeFsFile">,
	folder: string,
	file: AttachedFile,
): Promise<string> {
	const path = `${ATTACHED}/${randomUUID().slice(0, 8)}/${file.name}`;
	await sdk.mkdirFs({ path: posix.join(folder, posix.dirname(path)) });
	// No file of a prompt is to end up in a commit by itself.
	await sdk.writeFsFile({ path: posix.join(folder, ATTACHED, ".gitignore") }, "*\n");
	const bytes = file.type === "text" ? Buffer.from(file.text) : Buffer.from(file.data, "base64");
	await sdk.writeFsFile({ path: posix.join(folder, path) }, bytes);
	return path;
}
