import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { BudgetRow } from "./budget-rows.ts";
import { residentBytes } from "./meter.ts";
import { summaryOf } from "./statistics.ts";
import { within } from "./within.ts";
import type { WorkspaceLink, WorkspaceStand } from "./workspace-stand.ts";

export interface WorkspaceSizes {
	readonly prompts: number;
	readonly watchers: number;
	readonly streamSeconds: number;
	readonly events: number;
	readonly idle: number;
	readonly wakes: number;
}

const TURN_MS = 60_000;
const CHUNKS_PER_SECOND = 200;

/** Resolves when one more turn has ended than so far. */
function turnEnd(link: WorkspaceLink): Promise<void> {
	const ended = Promise.withResolvers<void>();
	const stop = link.on("workspaceChanged", ({ rows }) => {
		if (rows.some((row) => row.kind === "turn" && row.status !== "running")) ended.resolve();
	});
	return within(TURN_MS, "a turn", ended.promise).finally(stop);
}

async function turn(link: WorkspaceLink, text: string): Promise<void> {
	const end = turnEnd(link);
	await link.prompt({ text });
	await end;
}

/** From the prompt to the agent's first words on a watcher's screen; the scripted agent itself takes no time. */
export async function firstEvent(stand: WorkspaceStand, { prompts }: WorkspaceSizes): Promise<BudgetRow[]> {
	const id = await stand.create("first event");
	const [ada, bob] = [await stand.open(id), await stand.open(id, "bench-1")];
	await bob.getSessionInfo();
	await turn(ada, "say warm");
	const times: number[] = [];
	for (let count = 0; count < prompts; count++) {
		const heard = Promise.withResolvers<void>();
		const stop = bob.on("tail", () => heard.resolve());
		const end = turnEnd(ada);
		const startedAt = performance.now();
		await ada.prompt({ text: "say words" });
		await within(TURN_MS, "the first words", heard.promise);
		times.push(performance.now() - startedAt);
		stop();
		await end;
	}
	await Promise.all([ada.dispose(), bob.dispose()]);
	const { p50, p99 } = summaryOf(times);
	return [
		{ name: "prompt → first event on another screen, p50", value: p50, unit: "ms", budget: 150 },
		{ name: "prompt → first event on another screen, p99", value: p99, unit: "ms", budget: null },
	];
}

/** A streaming agent and many who watch: how late its words come, how often a screen is told, and what is kept of it. */
export async function streaming(stand: WorkspaceStand, sizes: WorkspaceSizes): Promise<BudgetRow[]> {
	const { watchers, streamSeconds } = sizes;
	const id = await stand.create("streaming");
	const ada = await stand.open(id);
	const crowd = await Promise.all(Array.from({ length: watchers }, (_, i) => stand.open(id, `bench-${i + 1}`)));
	const late: number[] = [];
	let tails = 0;
	let rawBytes = 0;
	for (const link of crowd) {
		link.on("tail", ({ append }) => {
			const now = Date.now();
			tails++;
			for (const [, said] of append.matchAll(/@(\d+) /g)) late.push(now - Number(said));
		});
	}
	const stop = ada.on("session.event", (event) => {
		rawBytes += Buffer.byteLength(JSON.stringify(event));
	});
	await Promise.all(crowd.map((link) => link.getSessionInfo()));
	await turn(ada, `stream ${CHUNKS_PER_SECOND * streamSeconds} ${CHUNKS_PER_SECOND}`);
	await sleep(500);
	stop();
	const stored = (await allRows(ada)).filter((row) => row.kind === "item");
	await Promise.all([ada, ...crowd].map((link) => link.dispose()));
	const sorted = late.sort((a, b) => a - b);
	const heard = sorted.length / (CHUNKS_PER_SECOND * streamSeconds * watchers);
	return [
		{ name: "200 chunks/s, 50 watchers: words late, p95", value: at(sorted, 0.95), unit: "ms", budget: 150 },
		{ name: "200 chunks/s, 50 watchers: words late, p50", value: at(sorted, 0.5), unit: "ms", budget: null },
		{
			name: "200 chunks/s, 50 watchers: updates told to each",
			value: tails / watchers / streamSeconds,
			unit: "/s",
			budget: 20,
		},
		{ name: "200 chunks/s, 50 watchers: words heard before their commit", value: heard * 100, unit: "%", budget: null },
		{
			name: "a long answer kept, of its raw envelopes",
			value: (Buffer.byteLength(JSON.stringify(stored)) / Math.max(1, rawBytes)) * 100,
			unit: "%",
			budget: 10,
		},
	];
}

const at = (sorted: readonly number[], share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** A workspace whose agent has said so much is opened: connected, and the newest page in hand. */
export async function opening(stand: WorkspaceStand, { events }: WorkspaceSizes): Promise<BudgetRow[]> {
	const id = await stand.create("opening");
	const ada = await stand.open(id);
	const lines = Array.from({ length: 5 }, (_, i) => [
		`say ${"word ".repeat(15)}`,
		`update ${JSON.stringify({ sessionUpdate: "tool_call", toolCallId: `c${i}`, title: `Read file-${i}.ts`, kind: "read", status: "in_progress" })}`,
		`update ${JSON.stringify({ sessionUpdate: "tool_call_update", toolCallId: `c${i}`, status: "completed", content: [{ type: "content", content: { type: "text", text: "line of code\n".repeat(20) } }] })}`,
	]).flat();
	const perTurn = 5 * 17;
	for (let count = 0; count < events; count += perTurn) await turn(ada, lines.join("\n"));
	const times: number[] = [];
	let bytes = 0;
	for (let count = 0; count < 10; count++) {
		const startedAt = performance.now();
		const link = await stand.open(id, `bench-${count + 1}`);
		const page = await link.getTranscript({});
		times.push(performance.now() - startedAt);
		bytes = Buffer.byteLength(JSON.stringify(page));
		await link.dispose();
	}
	const startedAt = performance.now();
	let scannedTo: number | undefined;
	for (let isDone = false; !isDone; ) {
		const page = await ada.searchTranscript({ query: "nowhere", ...(scannedTo && { before: scannedTo }) });
		({ scannedTo, isDone } = page);
	}
	const searched = performance.now() - startedAt;
	await ada.dispose();
	return [
		{
			name: "10,000-event transcript: connected and first page, p99",
			value: summaryOf(times).p99,
			unit: "ms",
			budget: 1_000,
		},
		{ name: "10,000-event transcript: first page", value: bytes / 1_024, unit: "KB", budget: 300 },
		{ name: "10,000-event transcript: searched for what is nowhere", value: searched, unit: "ms", budget: null },
	];
}

async function allRows(link: WorkspaceLink): Promise<WorkspaceFeedRow[]> {
	const rows: WorkspaceFeedRow[] = [];
	for (let before: number | undefined; ; ) {
		const page = await link.getTranscript({ limit: 200, ...(before !== undefined && { before }) });
		rows.push(...page.rows);
		before = page.rows.find((row) => row.kind === "item")?.id;
		if (!page.hasMore || before === undefined) return rows;
	}
}

/** Workspaces of the demo agent after their first turn: what they cost while nobody asks for anything, and to wake. */
export async function idleAndWake(stand: WorkspaceStand, { idle, wakes }: WorkspaceSizes): Promise<BudgetRow[]> {
	const pid = stand.workspacesPid();
	const first = await stand.create("first");
	await visit(stand, first);
	const before = memoryOf(pid);
	const ids: string[] = [];
	for (let count = 0; count < idle; count++) ids.push(await stand.create(`idle ${count}`));
	const links: WorkspaceLink[] = [];
	for (const id of ids) {
		const link = await stand.open(id);
		await turn(link, "help");
		links.push(link);
	}
	await within(TURN_MS, "agents that stop", untilNoChildren(pid));
	const memory = (memoryOf(pid) - before) / idle;
	const processes = childrenOf(pid).length;
	await Promise.all(links.map((link) => link.dispose()));
	const times: number[] = [];
	for (const id of ids.slice(0, wakes)) times.push(await visit(stand, id));
	return [
		{ name: `${idle} idle workspaces: agents' processes`, value: processes, unit: "", budget: 0 },
		{
			name: `${idle} idle workspaces, watched: memory of each`,
			value: memory / 1_024 / 1_024,
			unit: "MB",
			budget: null,
		},
		{
			name: "wake with the demo agent: prompt → first words, p50",
			value: summaryOf(times).p50,
			unit: "ms",
			budget: 1_500,
		},
		{
			name: "wake with the demo agent: prompt → first words, max",
			value: summaryOf(times).max,
			unit: "ms",
			budget: null,
		},
	];
}

/** Somebody comes to a workspace whose agent is off and asks; how long until it says something, in ms. */
async function visit(stand: WorkspaceStand, id: string): Promise<number> {
	const startedAt = performance.now();
	const link = await stand.open(id);
	const heard = Promise.withResolvers<void>();
	link.on("tail", () => heard.resolve());
	const end = turnEnd(link);
	await link.prompt({ text: "help" });
	await within(TURN_MS, "the first words", heard.promise);
	const took = performance.now() - startedAt;
	await end;
	await link.dispose();
	return took;
}

const memoryOf = (pid: number): number => residentBytes({ workspaces: [pid] }).workspaces ?? 0;

async function untilNoChildren(pid: number): Promise<void> {
	while (childrenOf(pid).length > 0) await sleep(100);
}

/** Processes that this one started, by the fourth field of proc(5) stat. */
function childrenOf(pid: number): string[] {
	return readdirSync("/proc").filter((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, "utf8");
			return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
		} catch {
			return false; // it ended meanwhile
		}
	});
}
