import type { Connection } from "@bullpen/client/connection";
import { Line } from "@bullpen/client/line";
import { WorkspaceTree } from "@bullpen/client/workspace-tree";
import { Problem } from "@bullpen/domain/problem";
import { beforeEach, expect, test, vi } from "vitest";
import { FileDesk } from "./file-desk.ts";

/** The files as the workspace has them; a version is the text itself. */
let files: Map<string, string>;
let tree: WorkspaceTree;
let desk: FileDesk;

const version = (text: string): string => `v-${text}`;
const answers: Record<
	string,
	(input: { path: string; known?: string; version: string | null; data: string }) => unknown
> = {
	readFile: ({ path, known }) => {
		const text = files.get(path);
		if (text === undefined) throw new Problem("not_found", "");
		if (known === version(text)) return { type: "same", version: known };
		const data = btoa(text);
		return { type: "content", version: version(text), bytes: text.length, isText: true, offset: 0, data, isLast: true };
	},
	writeFile: ({ path, version: seen, data }) => {
		const text = files.get(path);
		if ((text === undefined ? null : version(text)) !== seen) throw new Problem("file_changed", "");
		files.set(path, atob(data));
		return { type: "written", version: version(atob(data)), bytes: 1 };
	},
	listFiles: ({ path }) => ({
		path,
		entries: [...files.keys()].map((name) => ({ name, type: "file", bytes: 1, modifiedAt: 0 })),
		omitted: 0,
	}),
};

beforeEach(async () => {
	files = new Map([["a.txt", "one"]]);
	const line = new Line<"workspace">({ listen: () => [], opened: () => undefined, closed: () => undefined });
	const call = async (name: string, input: never) => answers[name]!(input);
	const connection = { isOpen: true, onOpenChange: () => () => undefined, on: () => () => undefined, call };
	line.attach(connection as unknown as Connection<"workspace">);
	tree = new WorkspaceTree(line);
	desk = new FileDesk(tree);
	await desk.open("a.txt");
});

const file = () => desk.getSnapshot().file!;
const agentWrites = (text: string | null): void => {
	if (text === null) files.delete("a.txt");
	else files.set("a.txt", text);
	tree.heard({ paths: ["a.txt"], isAll: false });
};

test("what the agent writes appears in a file that nobody edits", async () => {
	agentWrites("two");
	await vi.waitFor(() => expect(file().opened?.text).toBe("two"));
	expect(file()).toMatchObject({ draft: null, collision: null });
});

test("[FIL3] what is typed stays when the agent writes, and both are there to choose from", async () => {
	desk.edit("mine");
	agentWrites("two");
	await vi.waitFor(() => expect(file().collision?.theirs?.text).toBe("two"));
	expect(file().draft).toBe("mine");
	expect(files.get("a.txt")).toBe("two");
	await desk.keepOurs();
	expect(files.get("a.txt")).toBe("mine");
	expect(file()).toMatchObject({ draft: null, collision: null, opened: { text: "mine" } });
});

test("[FIL3] a save that comes too late is a collision too, and theirs can be taken", async () => {
	desk.edit("mine");
	files.set("a.txt", "two");
	await desk.save();
	expect(files.get("a.txt")).toBe("two");
	expect(file()).toMatchObject({ draft: "mine", isSaving: false, collision: { theirs: { text: "two" } } });
	desk.takeTheirs();
	expect(file()).toMatchObject({ draft: null, collision: null, opened: { text: "two" } });
});

test("a file that is removed under its editor can be saved again", async () => {
	desk.edit("mine");
	agentWrites(null);
	await vi.waitFor(() => expect(file().collision).toEqual({ theirs: null }));
	await desk.keepOurs();
	expect(files.get("a.txt")).toBe("mine");
});

test("the same words from both are no collision", async () => {
	desk.edit("two");
	agentWrites("two");
	await vi.waitFor(() => expect(file()).toMatchObject({ draft: null, collision: null, opened: { text: "two" } }));
});

test("folders that are shown are read again when something in them changed", async () => {
	await desk.load("");
	files.set("b.txt", "");
	tree.heard({ paths: ["b.txt"], isAll: false });
	await vi.waitFor(() => expect(desk.getSnapshot().folders.get("")?.entries).toHaveLength(2));
});
