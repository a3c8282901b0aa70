import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bubblewrapArguments } from "./bubblewrap.ts";
import { confinementNote, prove } from "./confinement.ts";
import { uidOf } from "./uids.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "bullpen-confinement-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function machineWith(...programs: string[]) {
	const bin = await mkdtemp(join(folder, "bin-"));
	for (const name of programs) {
		await writeFile(join(bin, name), "");
		await chmod(join(bin, name), 0o755);
	}
	return { platform: "linux", programFolders: [bin] };
}
const sudo = process.getuid?.() === 0 ? "" : "sudo ";

test.each([
	["apt-get", `Run: ${sudo}apt-get install -y bubblewrap`],
	["dnf", `Run: ${sudo}dnf install -y bubblewrap`],
	["nothing-known", "Install bubblewrap with the system's package manager."],
])("without bubblewrap, with %s, it says the command that installs it", async (manager, fix) => {
	const machine = await machineWith("flock", "prlimit", "setpriv", manager);
	expect(await prove(folder, LIMITS, machine)).toEqual({
		kind: "virtual",
		reason: "bubblewrap is not installed.",
		fix,
	});
});

test("on another system it says so", async () => {
	const found = await prove(folder, LIMITS, { platform: "darwin", programFolders: [] });
	expect(found).toMatchObject({ kind: "virtual", reason: "Sandboxes need Linux, and this is darwin." });
});

test("the note for people has the reason and the fix", () => {
	expect(confinementNote({ reason: "Because.", fix: "Run: this" })).toMatch(/only simulated: Because\. Run: this$/);
});

test("nothing is mounted below a folder the agent can write", async () => {
	const layout = { files: "/d/files", home: "/d/home", etc: "/d/etc", limits: LIMITS, environment: {} };
	const args = bubblewrapArguments({ ...layout, user: { kind: "mapped" }, readOnly: [{ from: "/a", to: "/opt/a" }] }, [
		"x",
	]);
	const writable = args.flatMap((arg, at) => (arg === "--bind" ? [args[at + 2]] : []));
	expect(writable).toEqual(["/home/agent", "/workspace"]);
	const targets = args
		.slice(0, args.indexOf("--"))
		.filter((arg) => writable.some((path) => arg.startsWith(`${path}/`)));
	expect(targets).toEqual([]);
});

test("every workspace has its own user for ever, also when two start at once", async () => {
	await mkdir(join(folder, "uids"));
	const names = Array.from({ length: 50 }, (_, i) => `w-${i}`);
	const uids = await Promise.all(names.map((name) => uidOf(join(folder, "uids"), name)));
	expect(new Set(uids).size).toBe(50);
	expect(await Promise.all(names.map((name) => uidOf(join(folder, "uids"), name)))).toEqual(uids);
});
