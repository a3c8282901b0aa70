import { randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TOOLS_PATH } from "./bubblewrap.ts";

/** The programs every sandbox is shown read-only at `/opt/bullpen`. */
export interface Toolbox {
	readonly folder: string;
	readonly server: string;
	readonly bridge: string;
	readonly probe: string;
}

/** Why a program cannot be had here; the message is a sentence for people. */
export class ToolMissing extends Error {
	override readonly name = "ToolMissing";
}

/**
 * Makes the folder once per data folder and version. The server binary is copied: package managers install it without its
 * execute bit.
 * @throws ToolMissing
 */
export async function makeToolbox(dataDir: string): Promise<Toolbox> {
	const { path, version } = await serverBinary();
	const folder = join(dataDir, "sandbox", `tools-${version}`);
	await mkdir(folder, { recursive: true, mode: 0o755 });
	const bytes = (await stat(path)).size;
	const server = join(folder, "sandbox-agent");
	if ((await stat(server).catch(() => undefined))?.size !== bytes) {
		await replace(server, 0o755, (half) => copyFile(path, half));
	}
	await mkdir(join(folder, "files"), { recursive: true, mode: 0o755 });
	await mkdir(join(folder, "origin"), { recursive: true, mode: 0o755 });
	const own = ["bridge.ts", "bridge-stdio.ts", "carry.ts", "probe.ts"].map((name) => [name, name] as const);
	for (const [from, to] of [...own, ...FILES_PROGRAM, ...ORIGIN_PROGRAMS]) {
		const text = await readFile(fileURLToPath(new URL(from, import.meta.url)));
		await replace(join(folder, to), 0o644, (half) => writeFile(half, text));
	}
	await replace(join(folder, "package.json"), 0o644, (half) => writeFile(half, '{"type":"module"}\n'));
	const at = (name: string) => `${TOOLS_PATH}/${name}`;
	return { folder, server: at("sandbox-agent"), bridge: at("bridge.ts"), probe: at("probe.ts") };
}

/** The program that looks at files, which has no module from outside of its folder. */
const FILES_PROGRAM = ["main", "outcome", "changes", "git", "place", "put", "repository", "snapshot", "tree"].map(
	(name) => [`inside/${name}.ts`, `files/${name}.ts`] as const,
);

/** The programs that bring files in. */
const ORIGIN_PROGRAMS = ["bytes", "clone", "entry", "put-entries", "refused", "tar", "unpack", "zip"].map(
	(name) => [`origin-inside/${name}.ts`, `origin/${name}.ts`] as const,
);

/** All at once: another process may be reading or running the file. */
async function replace(path: string, mode: number, write: (half: string) => Promise<void>): Promise<void> {
	const half = `${path}.${randomUUID()}`;
	try {
		await write(half);
		await chmod(half, mode);
		await rename(half, path);
	} finally {
		await rm(half, { force: true });
	}
}

async function serverBinary(): Promise<{ path: string; version: string }> {
	const name = `@sandbox-agent/cli-${process.platform}-${process.arch}`;
	try {
		const cli = await realpath(createRequire(import.meta.url).resolve("@sandbox-agent/cli/package.json"));
		const manifest = createRequire(cli).resolve(`${name}/package.json`);
		const found: unknown = JSON.parse(await readFile(manifest, "utf8"));
		const version = typeof found === "object" && found !== null && "version" in found ? String(found.version) : "0";
		return { path: join(dirname(manifest), "bin", "sandbox-agent"), version };
	} catch (error) {
		throw new ToolMissing(`Sandbox Agent has no program for this machine (${name} is not installed).`, {
			cause: error,
		});
	}
}
