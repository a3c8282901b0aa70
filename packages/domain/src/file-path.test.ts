import { describe, expect, test } from "vitest";
import { folderOfPath, isFilePath, nameOfPath, pathIn } from "./file-path.ts";

describe("[FIL1] a path stays inside the workspace", () => {
	test.each(["", "a", "a/b.txt", ".env", "a b/ü.md", "…", "a/.gitignore", "a\nb", "C:\\x", "~", "x".repeat(255)])(
		"%j is one",
		(path) => expect(isFilePath(path)).toBe(true),
	);
	test.each([
		"/etc/passwd",
		"..",
		"a/../../b",
		"a/./b",
		"a//b",
		"a/",
		"a\0b",
		"\ud800",
		"x".repeat(256),
		"ü".repeat(128),
		`${"a/".repeat(64)}a`,
		`${"a".repeat(200)}/`.repeat(6),
	])("%j is none", (path) => expect(isFilePath(path)).toBe(false));
});

test.each([".git", ".git/config", "a/.git/hooks/pre-commit", ".GIT/config"])(
	"[FIL2] %s is git's own, and nobody's to open or change",
	(path) => expect(isFilePath(path)).toBe(false),
);

test("a path has a folder and a name", () => {
	expect([folderOfPath("a/b/c"), nameOfPath("a/b/c")]).toEqual(["a/b", "c"]);
	expect([folderOfPath("c"), nameOfPath("c")]).toEqual(["", "c"]);
	expect([pathIn("", "c"), pathIn("a/b", "c")]).toEqual(["c", "a/b/c"]);
});
