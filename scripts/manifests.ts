import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSource, isTestCode, type Manifest, packageFolders, readManifest } from "./repository.ts";
import { type Import, readSource } from "./source.ts";

/** Packages of which a second copy on disk breaks things: two registries, two Reacts, two schema identities. */
const ONE_COPY = ["rivetkit", "react", "react-dom", "zod"];
const EXACT = /^(?:workspace:\*|catalog:|\d+\.\d+\.\d+(?:-[\w.]+)?)$/;

/** What is wrong with manifests and lockfile, as sentences. */
export function manifestBreaks(root: string, files: readonly string[]): string[] {
	const folders = packageFolders(files);
	return [
		...["", ...folders].flatMap((folder) => pinBreaks(folder, readManifest(join(root, folder)))),
		...folders.flatMap((folder) => undeclared(root, folder, files)),
		...copyBreaks(readFileSync(join(root, "pnpm-lock.yaml"), "utf8")),
		...catalogBreaks(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8")),
	];
}

export function pinBreaks(folder: string, manifest: Manifest): string[] {
	const where = folder === "" ? "package.json" : `${folder}/package.json`;
	const asked = Object.entries({
		...manifest.dependencies,
		...manifest.devDependencies,
		...manifest.optionalDependencies,
	});
	return [
		...(manifest.private ? [] : [`${where}: private must be true`]),
		...(manifest.license === "Apache-2.0" ? [] : [`${where}: license must be Apache-2.0`]),
		...(manifest.type === "module" ? [] : [`${where}: type must be module`]),
		...(folder === "" || manifest.name.startsWith("@bullpen/") ? [] : [`${where}: the name starts with @bullpen/`]),
		...asked
			.filter(([, version]) => !EXACT.test(version))
			.map(([name, version]) => `${where}: ${name} is ${version}; pin it exactly, or use catalog: or workspace:*`),
		...asked
			.filter(([name, version]) => name.startsWith("@bullpen/") && version !== "workspace:*")
			.map(([name]) => `${where}: ${name} must be workspace:*`),
	];
}

function undeclared(root: string, folder: string, files: readonly string[]): string[] {
	const manifest = readManifest(join(root, folder));
	return files
		.filter((file) => file.startsWith(`${folder}/`) && isSource(file))
		.flatMap((file) => undeclaredIn(file, readFileSync(join(root, file), "utf8"), manifest));
}

/** What ships runs without the development dependencies, so those serve types, tests and configuration only. */
export function undeclaredIn(file: string, text: string, manifest: Manifest): string[] {
	const shipped = new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
	const all = new Set([...shipped, ...Object.keys(manifest.devDependencies ?? {})]);
	const isLenient = isTestCode(file) || /\.config\.m?ts$/.test(file) || /^(?:apps\/e2e|bench)\//.test(file);
	const lacks = (each: Import, name: string): boolean => !(isLenient || each.typeOnly ? all : shipped).has(name);
	return readSource(file, text)
		.imports.map((each) => ({ each, name: packageName(each.from) }))
		.filter(({ each, name }) => name !== undefined && name !== manifest.name && lacks(each, name))
		.map(({ each, name }) => `${file}:${each.line}: ${name} is not among the dependencies of ${manifest.name}`);
}

/** undefined for what needs no declaration: relative, built in, an alias, an address. */
const packageName = (from: string): string | undefined =>
	/^(?:\.|node:|#|@\/|\(|[a-z]+:\/\/)/.test(from) ? undefined : /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0];

/** A version with two sets of peers is two copies on disk, so the lockfile's snapshots are counted. */
export function copyBreaks(lockfile: string): string[] {
	const snapshots = lockfile.slice(lockfile.indexOf("\nsnapshots:"));
	return ONE_COPY.flatMap((name) => {
		const copies = [...snapshots.matchAll(new RegExp(`^ {2}'?${name}@([^\\s']+?)'?:`, "gm"))].map((match) => match[1]);
		return copies.length === 1
			? []
			: [`pnpm-lock.yaml: one copy of ${name} wanted, ${copies.join(" and ") || "none"} found`];
	});
}

function catalogBreaks(workspace: string): string[] {
	const catalog = /^catalog:\n((?: {2}.*\n)+)/m.exec(workspace)?.[1] ?? "";
	return catalog
		.split("\n")
		.filter((line) => line !== "" && !/: \d+\.\d+\.\d+\S*$/.test(line) && !/"@types\//.test(line))
		.map((line) => `pnpm-workspace.yaml: pin exactly:${line}`);
}
