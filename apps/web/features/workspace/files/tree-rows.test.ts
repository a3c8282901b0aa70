import { expect, test } from "vitest";
import type { Folder } from "./file-desk.ts";
import { treeRows } from "./tree-rows.ts";

const file = (name: string, type: "file" | "folder" = "file") => ({ name, type, bytes: 1, modifiedAt: 0 });
const folder = (...entries: ReturnType<typeof file>[]): Folder => ({
	entries,
	omitted: 0,
	problem: null,
	isLoaded: true,
});
const words = (row: ReturnType<typeof treeRows>[number]) =>
	`${"  ".repeat(row.level - 1)}${row.type === "entry" ? row.path : `(${row.text})`}`;

test("what is unfolded stands below its folder; the rest says what it is", () => {
	const folders = new Map([
		["", folder(file(".git", "folder"), file("a", "folder"), file("b", "folder"), file("c.txt"))],
		["a", folder(file("x.txt"), file("deep", "folder"))],
		["a/deep", folder()],
		["b", { ...folder(), problem: "No." }],
	]);
	const expanded = new Set(["a", "a/deep", "b", ".git"]);
	expect(treeRows({ folders, expanded }).map(words)).toEqual([
		".git",
		"a",
		"  a/x.txt",
		"  a/deep",
		"    (Empty)",
		"b",
		"  (No.)",
		"c.txt",
	]);
	expect(treeRows({ folders: new Map(), expanded }).map(words)).toEqual(["(Loading…)"]);
	const many = new Map([["", { ...folder(file("a")), omitted: 1_200 }]]);
	expect(treeRows({ folders: many, expanded }).map(words)).toEqual(["a", "(1,200 more are not shown)"]);
});
