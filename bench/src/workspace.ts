import { type BudgetResult, type BudgetRow, measureAll } from "./budget-rows.ts";
import { firstEvent, idleAndWake, opening, streaming, type WorkspaceSizes } from "./workspace-rows.ts";
import { type AgentSide, WorkspaceStand } from "./workspace-stand.ts";

export const WORKSPACE_FULL: WorkspaceSizes = {
	prompts: 100,
	watchers: 50,
	streamSeconds: 20,
	events: 10_000,
	idle: 20,
	wakes: 10,
};
export const WORKSPACE_QUICK: WorkspaceSizes = {
	prompts: 20,
	watchers: 50,
	streamSeconds: 5,
	events: 10_000,
	idle: 4,
	wakes: 3,
};

/** A bench wants to see what lies beyond the rates that protect a server from people. */
const RAISED = {
	sendBurstPerConnection: 1e9,
	sendBurstPerPerson: 1e9,
	callBurstPerConnection: 1e9,
	callBurstPerPerson: 1e9,
	workspacesCreatedPerHour: 1e9,
	edgeHandshakeBurstPerAddress: 1e9,
	edgeHandshakesPerSecondPerAddress: 1e9,
};
/** What is asleep after minutes is asleep after moments. */
const SOON = { workspaceIdleMs: 500, workspaceSleepAfterMs: 1_000 };

interface Scenario {
	readonly title: string;
	readonly side: AgentSide;
	readonly measure: (stand: WorkspaceStand, sizes: WorkspaceSizes) => Promise<BudgetRow[]>;
}
const SCENARIOS: readonly Scenario[] = [
	{ title: "first event", side: "scripted", measure: firstEvent },
	{ title: "streaming", side: "scripted", measure: streaming },
	{ title: "opening", side: "scripted", measure: opening },
	{ title: "idle and wake", side: "demo", measure: idleAndWake },
];

/** All rows of workspaces; a scenario that fails is said and has none. */
export async function benchWorkspace(
	sizes: WorkspaceSizes,
	only: RegExp,
	say: (line: string) => void,
): Promise<{ results: BudgetResult[]; hasFailed: boolean }> {
	const results: BudgetResult[] = [];
	let hasFailed = false;
	for (const side of ["scripted", "demo"] as const) {
		const scenarios = SCENARIOS.filter((one) => one.side === side && only.test(one.title));
		if (scenarios.length === 0) continue;
		const stand = await WorkspaceStand.start(side, side === "demo" ? { ...RAISED, ...SOON } : RAISED);
		try {
			const measured = scenarios.map(({ title, measure }) => ({ title, measure: () => measure(stand, sizes) }));
			const done = await measureAll(measured, say);
			results.push(...done.results);
			hasFailed ||= done.hasFailed;
		} finally {
			await stand.stop();
		}
	}
	return { results, hasFailed };
}
