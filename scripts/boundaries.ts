import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { isSource, isTestCode } from "./repository.ts";
import { type Import, readSource } from "./source.ts";

/**
 * The walls of ARCHITECTURE.md. A target is a path of this repository (`packages/domain/src/id.ts`) or, for what lies in
 * another package or comes from outside, the name as written (`@bullpen/domain/id`, `node:fs`, `zod`).
 */
interface Wall {
	readonly rule: string;
	readonly within: (file: string) => boolean;
	readonly refuses: (target: string, each: Import, file: string) => boolean;
}

const under =
	(...folders: string[]) =>
	(file: string): boolean =>
		folders.some((folder) => file.startsWith(`${folder}/`));
const shipped = (folder: string) => (file: string) => under(folder)(file) && !isTestCode(file);
const isOurs = (target: string): boolean => target.startsWith("@bullpen/");
const isPackage = (target: string, name: string): boolean => target === name || target.startsWith(`${name}/`);
const isRelative = (target: string): boolean => /^(?:apps|packages|bench|examples|scripts)\//.test(target);
const anyOf =
	(...names: string[]) =>
	(target: string): boolean =>
		names.some((name) => isPackage(target, name));

/** Of ours, `folder` may ask for these alone. Types of actors have their own wall. */
const oursOnly = (folder: string, ...names: string[]): Wall => ({
	rule: `${folder} imports ${names.length === 0 ? "no other package of ours" : `of ours only ${names.join(" and ")}`}`,
	within: shipped(folder),
	refuses: (target) => isOurs(target) && !anyOf(...names, "@bullpen/actors")(target),
});

/** Real actors on a real engine for tests: what tests of other packages may share. */
const isHouse = under("packages/actors/test");
const feature = (path: string): string | undefined => /^apps\/web\/(?:src\/)?features\/([^/]+)\//.exec(path)?.[1];
const isUi = (path: string): boolean => /^apps\/web\/(?:src\/)?ui\//.test(path);
const actorFolder = (path: string): string | undefined =>
	/^packages\/actors\/src\/(chat-room|user-inbox|workspace|directory|search)\//.exec(path)?.[1];

export const WALLS: readonly Wall[] = [
	{
		rule: "a relative import stays inside its package",
		within: () => true,
		refuses: (target, _, file) =>
			isRelative(target) && packageOf(target) !== packageOf(file) && !(isTestCode(file) && isHouse(target)),
	},
	{
		rule: "domain imports zod alone",
		within: shipped("packages/domain"),
		refuses: (target) => !isRelative(target) && target !== "zod",
	},
	{
		rule: "domain's tests know no framework either",
		within: (file) => under("packages/domain")(file) && isTestCode(file),
		refuses: (target) => !isRelative(target) && !/^(?:zod|vitest|fast-check|node:.*)(?:$|\/)/.test(target),
	},
	{
		rule: "outside packages/actors only `import type { Registry }` of it",
		within: (file) => !under("packages/actors")(file),
		refuses: (target, { typeOnly, names }) =>
			isPackage(target, "@bullpen/actors") && !(target === "@bullpen/actors" && typeOnly && `${names}` === "Registry"),
	},
	oursOnly("packages/demo-agent"),
	oursOnly("packages/client", "@bullpen/domain"),
	oursOnly("packages/engine"),
	oursOnly("packages/scripted-model"),
	oursOnly("packages/credentials", "@bullpen/domain"),
	oursOnly("packages/files", "@bullpen/domain"),
	oursOnly("packages/actors", "@bullpen/domain", "@bullpen/demo-agent", "@bullpen/credentials", "@bullpen/files"),
	oursOnly("apps/edge", "@bullpen/domain"),
	oursOnly("apps/web", "@bullpen/domain", "@bullpen/client", "@bullpen/credentials", "@bullpen/files"),
	oursOnly("apps/e2e", "@bullpen/domain", "@bullpen/client", "@bullpen/engine", "@bullpen/scripted-model"),
	oursOnly("bench", "@bullpen/domain", "@bullpen/client", "@bullpen/engine"),
	oursOnly("examples", "@bullpen/domain", "@bullpen/client"),
	{
		rule: "keys of providers stay on the server: of the web only lib/ knows credentials",
		within: (file) => under("apps/web")(file) && !under("apps/web/lib")(file) && !isTestCode(file),
		refuses: anyOf("@bullpen/credentials"),
	},
	{
		rule: "bytes of files stay on the server: of the web only lib/ knows where",
		within: (file) => under("apps/web")(file) && !under("apps/web/lib")(file) && !isTestCode(file),
		refuses: anyOf("@bullpen/files"),
	},
	{
		rule: "only workspace/ knows credentials, but for what an IP address is",
		within: (file) => shipped("packages/actors")(file) && actorFolder(file) !== "workspace",
		refuses: (target) => isPackage(target, "@bullpen/credentials") && target !== "@bullpen/credentials/network-address",
	},
	{
		rule: "client runs in a browser: no node: module",
		within: shipped("packages/client/src"),
		refuses: (target, { typeOnly }) => target.startsWith("node:") && !typeOnly,
	},
	{
		rule: "a feature never imports a feature",
		within: (file) => feature(file) !== undefined,
		refuses: (target, _, file) => feature(target) !== undefined && feature(target) !== feature(file),
	},
	{
		rule: "ui/ knows neither domain nor actors nor features",
		within: isUi,
		refuses: (target) =>
			isOurs(target) || anyOf("rivetkit", "@rivetkit/react")(target) || feature(target) !== undefined,
	},
	{
		rule: "an actor never imports another actor's folder",
		within: (file) => actorFolder(file) !== undefined && !isTestCode(file),
		refuses: (target, _, file) => actorFolder(target) !== undefined && actorFolder(target) !== actorFolder(file),
	},
	{
		rule: "only workspace/ knows Sandbox Agent",
		within: (file) => shipped("packages/actors")(file) && actorFolder(file) !== "workspace",
		refuses: anyOf("sandbox-agent", "@sandbox-agent/cli", "@bullpen/demo-agent"),
	},
	{
		rule: "only actors, client, web and bench know RivetKit",
		within: (file) =>
			!isTestCode(file) && !under("packages/actors", "packages/client", "packages/engine", "apps/web", "bench")(file),
		refuses: anyOf("rivetkit", "@rivetkit/react"),
	},
];

/** What `domain` may not see: time, chance, the network, the process, a screen. `new Date(at)` is arithmetic and stays. */
const IMPURE = new RegExp(
	`^(?:${[
		"Date|Math\\.random|Math\\.\\*|performance|crypto|import\\.meta|require|eval|Function|globalThis|global|self|window",
		"fetch|WebSocket|EventSource|XMLHttpRequest|navigator|document|location|localStorage|sessionStorage|indexedDB",
		"process|console|Buffer|setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|clearImmediate",
		"queueMicrotask|requestAnimationFrame|alert|WeakRef|FinalizationRegistry|Worker|SharedArrayBuffer|Atomics",
	].join("|")})(?:\\.|$)`,
);

/** Every break of a wall under `root`, as `path:line: sentence`. Unreadable sources are breaks too. */
export function boundaryBreaks(root: string, files: readonly string[]): string[] {
	return files.filter(isSource).flatMap((file) => breaksOf(file, readFileSync(join(root, file), "utf8")));
}

export function breaksOf(file: string, text: string): string[] {
	const { imports, globals } = readSource(file, text);
	const breaks = imports.flatMap((each) => {
		const target = targetOf(file, each.from);
		return WALLS.filter((wall) => wall.within(file) && wall.refuses(target, each, file)).map(
			(wall) => `${file}:${each.line}: ${wall.rule}; this asks for ${each.from}`,
		);
	});
	const impure = shipped("packages/domain")(file)
		? globals
				.filter(({ name }) => IMPURE.test(name) || name === "Math")
				.map(({ name, line }) => `${file}:${line}: domain is pure; this sees ${name}`)
		: [];
	return [...breaks, ...impure];
}

function targetOf(file: string, from: string): string {
	if (from.startsWith(".")) return posix.join(posix.dirname(file), from);
	return from.startsWith("@/") ? posix.join(packageOf(file), from.slice(2)) : from;
}

const packageOf = (path: string): string =>
	/^(?:apps\/[^/]+|packages\/[^/]+|bench|examples|scripts)/.exec(path)?.[0] ?? "";
