import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll } from "vitest";
import { sandboxContract } from "../../../test/sandbox-contract.ts";
import { confinedSandbox } from "./confined-sandbox.ts";
import { confinement } from "./confinement.ts";
import { below, hostProcesses } from "./process-table.ts";
import { activeLimits } from "./sandbox-limits.ts";

const root = mkdtempSync(join(tmpdir(), "bullpen-confined-"));
const possible = await confinement(root, LIMITS);
afterAll(() => rmSync(root, { recursive: true, force: true }));

sandboxContract("confined by bubblewrap", {
	obstacle: possible.kind === "virtual" ? possible.reason : undefined,
	make(wish) {
		if (possible.kind === "virtual") throw new Error(possible.reason);
		const { toolbox, cgroups } = possible;
		return confinedSandbox({ ...wish, toolbox, cgroups });
	},
	limits: (limits) => activeLimits(limits, possible.kind === "confined" ? possible.cgroups : undefined),
	async running(folder) {
		const all = await hostProcesses();
		const roots: typeof all = [];
		for (const each of all) {
			const command = await readFile(`/proc/${each.pid}/cmdline`, "utf8").catch(() => "");
			if (command.includes(`${folder}/`)) roots.push(each);
		}
		return roots.flatMap((each) => [each, ...below(all, each.pid)]).map(({ pid }) => String(pid));
	},
});
