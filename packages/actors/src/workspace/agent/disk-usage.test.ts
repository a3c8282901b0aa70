import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, expect, test } from "vitest";
import { confinement } from "./confinement.ts";
import { diskUsage } from "./disk-usage.ts";

const MIB = 1024 * 1024;
const root = mkdtempSync(join(tmpdir(), "bullpen-disk-"));
const isConfined = (await confinement(root, LIMITS)).kind === "confined";
const isRoot = process.getuid?.() === 0;
const OTHER = 12_345;
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** 3 MiB that count and 20 MiB that do not, behind links; half of it in a folder that nobody may read. */
function folderOf(name: string): string {
	const [folder, outside] = [join(root, name), join(root, `${name}-outside`)];
	for (const path of [folder, outside, join(folder, "closed")]) mkdirSync(path);
	writeFileSync(join(outside, "large"), Buffer.alloc(20 * MIB, 1));
	writeFileSync(join(folder, "one"), Buffer.alloc(MIB, 1));
	writeFileSync(join(folder, "closed", "two"), Buffer.alloc(2 * MIB, 1));
	symlinkSync(outside, join(folder, "far"));
	symlinkSync(join(outside, "large"), join(folder, "file"));
	return folder;
}

test.skipIf(!isConfined)("counts what is there, behind every mode, and nothing behind a link", async () => {
	const folder = folderOf("mine");
	chmodSync(join(folder, "closed"), 0);
	const user = isRoot ? ({ kind: "dropped", uid: OTHER } as const) : ({ kind: "mapped" } as const);
	const bytes = await diskUsage([folder, folder], user, 20_000);
	expect(bytes).toBeGreaterThanOrEqual(3 * MIB);
	expect(bytes).toBeLessThan(4 * MIB);
});

test.runIf(isConfined && isRoot)("counts the same without root (where tests run as root)", () => {
	const folder = folderOf("theirs");
	chmodSync(root, 0o755);
	for (const path of ["", "one", "closed", "closed/two"]) chownSync(join(folder, path), OTHER, OTHER);
	chmodSync(join(folder, "closed"), 0);
	const script = `import { diskUsage } from ${JSON.stringify(join(import.meta.dirname, "disk-usage.ts"))};
		console.log(await diskUsage([${JSON.stringify(folder)}], { kind: "mapped" }, 20_000));`;
	const args = ["--input-type=module", "-e", script];
	const bytes = Number(execFileSync(process.execPath, args, { uid: OTHER, gid: OTHER, encoding: "utf8" }));
	expect(bytes).toBeGreaterThanOrEqual(3 * MIB);
	expect(bytes).toBeLessThan(4 * MIB);
});
