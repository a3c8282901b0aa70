import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const BINARY = /\.(?:png|jpe?g|gif|ico|woff2?|webp|tgz|gz|db)$/;

/** Places that exist on one machine only, and addresses that only some networks reach. */
const TRACES: readonly { what: string; pattern: RegExp }[] = [
	{ what: "somebody's home folder", pattern: /(?<![\w.~-])\/(?:home|Users)\/[A-Za-z][\w.-]*\// },
	{
		what: "a package registry's address",
		pattern: /https?:\/\/[\w.-]*(?:registry|npmjs|yarnpkg|artifactory|nexus|verdaccio|mirror)[\w.-]*/,
	},
	{ what: "a registry setting", pattern: /^\s*(?:[@\w:/.-]*:)?(?:registry\s*=\s*["']?https?:|_auth(?:Token)?\s*=)/m },
	{ what: "a tarball address in the lockfile", pattern: /\btarball:/ },
	{ what: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}/ },
];

/** Traces of one machine or one network in the tree, as `path:line: sentence`. */
export const treeBreaks = (root: string, files: readonly string[]): string[] =>
	files
		.filter((file) => !BINARY.test(file) && !file.endsWith("tree.test.ts"))
		.flatMap((file) => tracesIn(file, readFileSync(join(root, file), "utf8"), [root, homedir()]));

/** `places`: absolute folders of this machine; a root-level home such as `/root` is too common a word to refuse. */
export function tracesIn(file: string, text: string, places: readonly string[]): string[] {
	const own = places
		.filter((place) => place.split("/").length > 2)
		.map((place) => ({ what: "a path of this machine", at: text.indexOf(place) }));
	const others = TRACES.filter(({ what }) => file === "pnpm-lock.yaml" || !what.includes("lockfile")).map((trace) => ({
		what: trace.what,
		at: text.search(trace.pattern),
	}));
	return [...own, ...others]
		.filter(({ at }) => at >= 0)
		.map(({ what, at }) => `${file}:${text.slice(0, at).split("\n").length}: holds ${what}`);
}
