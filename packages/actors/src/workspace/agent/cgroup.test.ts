import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findCgroups, openCgroup, provenCgroups } from "./cgroup.ts";
import { activeLimits } from "./sandbox-limits.ts";

const real = await findCgroups();
const limits = { sandboxMemoryBytesMax: 64 * 1024 * 1024, sandboxProcessesMax: 20 };

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-cgroup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder that looks like the unified hierarchy, in which everything can be enabled. */
async function hierarchy(own: string, controllers: string): Promise<[string, string]> {
	await mkdir(join(folder, own), { recursive: true });
	writeFileSync(join(folder, "mounts"), `proc /proc proc rw 0 0\ncgroup2 ${folder} cgroup2 rw 0 0\n`);
	writeFileSync(join(folder, "own"), `3:cpu:/elsewhere\n0::${own}\n`);
	writeFileSync(join(folder, own, "cgroup.controllers"), `${controllers}\n`);
	return [join(folder, "mounts"), join(folder, "own")];
}

test("groups are made where this process may, for what can be limited there", async () => {
	const places = await hierarchy("/slice/service", "cpuset cpu io memory pids");
	const control = (own: string) => join(folder, own, "cgroup.subtree_control");
	writeFileSync(control("slice"), "memory\n");
	// A real one refuses to enable anything in a group that has processes.
	expect(await findCgroups(...places)).toEqual({ folder: join(folder, "slice"), controllers: new Set(["memory"]) });
	writeFileSync(control("slice/service"), "cpu memory pids\n");
	const own = { folder: join(folder, "slice/service"), controllers: new Set(["memory", "pids", "cpu"]) };
	expect(await findCgroups(...places)).toEqual(own);
	expect(readFileSync(control("slice"), "utf8")).toBe("memory\n");
});

test.each([
	["nothing can be limited", "/service", "io hugetlb"],
	["only the old hierarchy is mounted", undefined, ""],
])("where %s there are none", async (_, own, controllers) => {
	if (own === undefined) {
		writeFileSync(join(folder, "mounts"), "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n");
		writeFileSync(join(folder, "own"), "4:memory:/x\n");
		expect(await findCgroups(join(folder, "mounts"), join(folder, "own"))).toBeUndefined();
	} else expect(await findCgroups(...(await hierarchy(own, controllers)))).toBeUndefined();
});

test("a group has the limits of its sandbox, and is entered before anything else happens", async () => {
	const base = { folder, controllers: new Set(["memory", "pids", "cpu"] as const) };
	const group = await openCgroup(base, { stem: "bullpen-x", limits });
	const [name = ""] = readdirSync(folder);
	const setting = (file: string) => readFileSync(join(folder, name, file), "utf8");
	expect([setting("memory.max"), setting("pids.max"), setting("cpu.weight")]).toEqual(["67108864", "20", "20"]);
	expect(setting("cpu.max")).toMatch(/^\d+ 100000$/);
	const [file = "", ...args] = group.entering(["sh", "-c", "echo $$"]);
	const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
	const [said] = await once(child.stdout, "data");
	expect(String(said).trim()).toBe(String(child.pid));
	expect(setting("cgroup.procs").trim()).toBe(String(child.pid));
});

test("a base whose limits do not hold is not believed", async () => {
	const base = { folder, controllers: new Set(["memory", "pids"] as const) };
	expect(await provenCgroups({ ...base, folder: join(folder, "missing") }, "bullpen-x")).toBeUndefined();
	expect([...((await provenCgroups(base, "bullpen-x"))?.controllers ?? [])]).toEqual(["pids"]);
}, 20_000);

test("what bounds a sandbox says who does it", () => {
	const all = activeLimits(LIMITS, { folder, controllers: new Set(["memory", "pids", "cpu"]) });
	expect(all.memory).toEqual({ bytes: LIMITS.sandboxMemoryBytesMax, by: "kernel" });
	expect(all.processor).toMatchObject({ by: "kernel", cores: expect.any(Number) });
	const none = activeLimits(LIMITS, undefined);
	expect(none.memory).toEqual({ bytes: LIMITS.sandboxMemoryBytesMax, by: "watch" });
	expect(none.processor).toEqual({ by: "share" });
});

test.runIf(real)("a real group ends all that is in it, and is gone (where groups can be made)", async () => {
	const group = await openCgroup(real!, { stem: "bullpen-test", limits });
	const [file = "", ...args] = group.entering(["sh", "-c", "sleep 1000 & sleep 1000"]);
	const child = spawn(file, args, { stdio: "ignore" });
	const gone = once(child, "exit");
	await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/cgroup`, "utf8")).toContain("bullpen-test"));
	await group.close();
	await gone;
	expect(readdirSync(real!.folder).filter((name) => name.startsWith("bullpen-test"))).toEqual([]);
});
