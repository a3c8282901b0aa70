import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, expect, test, vi } from "vitest";
import { EgressStage, PUBLIC, RULES } from "../../../test/egress-stage.ts";
import { sandboxContract } from "../../../test/sandbox-contract.ts";
import { agentKind } from "./agents.ts";
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

test.skipIf(possible.kind === "virtual")(
	"[EGR2] with the sandbox end its connections to hosts and the way to them (where programs can be confined)",
	async () => {
		if (possible.kind === "virtual") throw new Error(possible.reason);
		const [workspaceId, onUsed, agent] = ["w-1", vi.fn(), agentKind("demo")];
		if (!agent) throw new Error("There is no demo agent.");
		const stage = new EgressStage();
		const dial = await stage.echo();
		const sandbox = confinedSandbox({
			...{ workspaceId, agent, dataDir: root, limits: LIMITS, packageFolder: undefined, onExit: () => undefined },
			...{ toolbox: possible.toolbox, cgroups: possible.cgroups },
			egress: { rules: () => RULES, resolve: async () => [PUBLIC], dial, onUsed },
		});
		const id = await sandbox.create();
		const folder = join(root, "workspaces", workspaceId);
		const ways = () => readdirSync(folder).filter((name) => name.endsWith(".sock"));
		const way = ways().find((name) => name.startsWith("egress-")) ?? "";
		const tunnel = connect(join(folder, way));
		tunnel.write("CONNECT packages.test:443 HTTP/1.1\r\nHost: packages.test:443\r\n\r\n");
		expect(String(await once(tunnel, "data"))).toMatch(/^HTTP\/1\.1 200 /);
		await Promise.all([once(tunnel, "close"), sandbox.destroy(id)]);
		expect(ways()).toEqual([]);
		expect(onUsed).toHaveBeenCalledWith(expect.objectContaining({ connections: 1 }));
		await stage.close();
	},
);
