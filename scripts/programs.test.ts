import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { typeChecks } from "./checks.ts";
import { programs } from "./programs.ts";
import { packageFolders, ROOT, repositoryFiles } from "./repository.ts";

const root = mkdtempSync(join(tmpdir(), "bullpen-programs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: unknown): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
}

const plain = { extends: "../tsconfig.base.json", compilerOptions: { types: [] }, include: ["src"] };
put("tsconfig.base.json", readFileSync(join(ROOT, "tsconfig.base.json"), "utf8"));
for (const name of ["a", "b"]) {
	put(`${name}/tsconfig.json`, plain);
	put(`${name}/src/fine.ts`, "export const one = 1;");
}
put("c/tsconfig.json", { ...plain, compilerOptions: { types: [], lib: ["es2024", "dom"] } });
put("c/src/page.ts", "export const title = document.title;");
put("d/tsconfig.json", { ...plain, exclude: ["src/not-this.ts"] });
put("d/src/not-this.ts", "export const two: string = 2;");
put("d/src/fine.ts", "export {};");
put("package.json", { type: "module" });

test("folders with the same rules are one program, and others are not", () => {
	expect(programs(root, ["a", "b", "c", "d"]).map(({ folders }) => folders)).toEqual([["a", "b"], ["c"], ["d"]]);
});

test("every configuration of this repository is in a program", () => {
	const folders = ["scripts", ...packageFolders(repositoryFiles(ROOT))];
	const configs = folders.flatMap((each) =>
		readdirSync(join(ROOT, each)).filter((file) => /^tsconfig.*\.json$/.test(file)),
	);
	expect(programs(ROOT, folders).flatMap((each) => each.folders)).toHaveLength(configs.length);
	expect(configs.length).toBeGreaterThan(folders.length);
});

test("a mistake in any of them is found, with its place", async () => {
	const run = async (): Promise<(string | undefined)[]> => {
		const outcomes = [];
		for (const check of typeChecks(root, ["a", "b", "c", "d"])) outcomes.push(await check.run());
		return outcomes.map(({ failure, log }) => failure && log);
	};
	expect(await run()).toEqual([undefined, undefined, undefined]);
	put("b/src/wrong.ts", "export const title = document.title;");
	expect(await run()).toEqual([expect.stringContaining("b/src/wrong.ts"), undefined, undefined]);
	put("c/src/wrong.ts", "export const two: string = 2;");
	expect(await run()).toEqual([
		expect.stringContaining("b/src/wrong.ts"),
		expect.stringContaining("c/src/wrong.ts"),
		undefined,
	]);
}, 60_000);
