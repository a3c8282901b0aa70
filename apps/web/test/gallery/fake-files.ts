import { Line } from "@bullpen/client/line";
import { WorkspaceTree } from "@bullpen/client/workspace-tree";
import { Problem } from "@bullpen/domain/problem";
import { fakeConnection } from "./fake-connection.ts";

const NEW_CENTS = `import { parse } from "./parse.ts";

/** Exact cents: "1.10" is 110. */
export function toCents(amount: string): number {
	const [whole = "0", part = ""] = amount.split(".");
	return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

export const zero = toCents("0");
`;
const OLD_CENTS = NEW_CENTS.replace(/\tconst \[whole[\s\S]*?;\n\treturn .*;/, "\treturn parse(amount) * 100;");

const files = new Map<string, string>([
	["README.md", "# Cents\n\nAmounts of money, *exactly*.\n"],
	["src/cents.ts", NEW_CENTS],
	["src/parse.ts", "export const parse = Number;\n"],
	["src/deep/in/a/tree.json", '{ "levels": 4, "isDeep": true }\n'],
	["picture.png", "\0"],
	["a-rather-long-name-for-a-file-that-somebody-made-by-hand.config.json", "{}\n"],
	[".env", "SECRET=1\n"],
	[".git/config", ""],
]);
const versionOf = (text: string) => `v${text.length}-${text.charCodeAt(0)}`.toLowerCase();

function listOf(path: string) {
	const start = path === "" ? "" : `${path}/`;
	const entries = new Map<string, object>();
	for (const [name, text] of files) {
		if (!name.startsWith(start)) continue;
		const [first = "", ...rest] = name.slice(start.length).split("/");
		const type = rest.length > 0 ? "folder" : "file";
		entries.set(first, { name: first, type, bytes: rest.length > 0 ? 0 : text.length * 317, modifiedAt: 0 });
	}
	if (path === "")
		entries.set("latest", { name: "latest", type: "link", bytes: 0, modifiedAt: 0, target: "dist/2026" });
	const sorted = [...entries.entries()].sort(([a, x], [b, y]) => {
		const rank = (one: object) => ("type" in one && one.type === "folder" ? 0 : 1);
		return rank(x) - rank(y) || (a < b ? -1 : 1);
	});
	return { path, entries: sorted.map(([, entry]) => entry), omitted: 0 };
}

/** What a workspace's server would say of its files. */
export function answerOfFiles(name: string, input: Record<string, unknown>): unknown {
	const path = String(input.path ?? "");
	const text = files.get(path);
	switch (name) {
		case "listFiles":
			return listOf(path);
		case "readFile": {
			if (text === undefined) throw new Problem("not_found", "Gone.");
			if (input.known === versionOf(text)) return { type: "same", version: versionOf(text) };
			const isText = !text.includes("\0");
			const content = { type: "content", version: versionOf(text), bytes: isText ? text.length : 48_213 };
			return { ...content, isText, offset: 0, data: btoa(text), isLast: true };
		}
		case "writeFile":
			if ((text === undefined ? null : versionOf(text)) !== input.version) {
				throw new Problem("file_changed", "Changed.", text === undefined ? {} : { version: versionOf(text) });
			}
			files.set(path, atob(String(input.data)));
			return { type: "written", version: versionOf(atob(String(input.data))), bytes: 1 };
		case "listChanges":
			return {
				files: [
					{ path: "README.md", status: "modified", added: 2, removed: 1 },
					{ path: "picture.png", status: "added", added: null, removed: null },
					{ path: "src/cents.ts", status: "modified", added: 2, removed: 1 },
					{ path: "src/deep/in/a/tree.json", from: "src/tree.json", status: "renamed", added: 0, removed: 0 },
					{ path: "src/old-parse.ts", status: "deleted", added: 0, removed: 112 },
				],
				omitted: 0,
				added: 4,
				removed: 114,
				repository: { type: "ready", branch: "main", uncommitted: 3 },
				nested: ["vendor/lib"],
				uncounted: 1,
			};
		case "diff":
			return path === "src/cents.ts"
				? { type: "text", oldText: OLD_CENTS, newText: NEW_CENTS }
				: { type: "binary", oldBytes: null, newBytes: 48_213 };
		case "commit":
			return { commit: "1f0c6a2b".repeat(5), files: 3 };
		default:
			throw new Problem("busy", "Not here.");
	}
}

/** A workspace's files without a server. `window.agentEdits(path, text)` changes one as an agent would. */
export function fakeTree(): WorkspaceTree {
	const line = new Line<"workspace">({ listen: () => [], opened: () => undefined, closed: () => undefined });
	line.attach(fakeConnection<"workspace">(answerOfFiles));
	const tree = new WorkspaceTree(line);
	Object.assign(window, {
		agentEdits: (path: string, text: string) => {
			files.set(path, text);
			tree.heard({ paths: [path], isAll: false });
		},
	});
	return tree;
}
