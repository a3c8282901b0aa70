import { LIMITS } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { expect, test, vi } from "vitest";
import type { AgentHost } from "./agent/agent-host.ts";
import { Agent } from "./agent.ts";
import type { Scope } from "./scope.ts";
import type { Transcript } from "./transcript.ts";

test("[WS20] whoever waits for the agent before it to end is refused when the workspace is archived meanwhile", async () => {
	const end = Promise.withResolvers<void>();
	let kind = "codex";
	let isArchived = false;
	const stop = vi.fn(() => end.promise);
	const agent = new Agent({ limits: LIMITS } as Scope, { note: () => undefined } as unknown as Transcript, {
		workspaceId: "w-1",
		dataDir: "/nowhere",
		kind: () => kind,
		admit: () => undefined,
		mayStart: (what) => {
			if (isArchived && what === "agent") throw new Problem("archived", "It is archived.");
		},
		models: { providers: async () => [], open: () => Promise.reject(new Error("Nobody asks.")) },
		egress: { rules: () => [] },
		createHost: () => ({ stop }) as unknown as AgentHost,
		onHeard: () => undefined,
		onPermission: () => undefined,
	});
	await agent.ready();
	kind = "demo";
	agent.changed();
	const [terminal, look] = [agent.ready(), agent.ready("files")];
	isArchived = true;
	end.resolve();
	await expect(terminal).rejects.toMatchObject({ code: "archived" });
	await expect(look).resolves.toHaveProperty("stop");
	await expect(agent.ready()).rejects.toMatchObject({ code: "archived" });
});
