import { readdirSync, readFileSync } from "node:fs";
import type { TurnRow } from "@bullpen/domain/workspace";
import type { Watcher } from "./workspace-client.ts";

const turnsOf = ({ view }: Watcher): TurnRow[] => [...view.turns.values()];
export const endedOf = (watcher: Watcher): TurnRow[] => turnsOf(watcher).filter(({ status }) => status !== "running");

/** xorshift32: the same seed gives the same run, as far as the clocks allow. */
export const chance = (seed: number): (() => number) => {
	let state = seed * 2_654_435_761 || 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
};

export const STEPS = [
	(n: number) => `write f${n}.txt with hello ${n}`,
	(n: number) => `run \`for i in 1 2 3 4 5 6; do echo ${n} $i; sleep 0.05; done\``,
	() => "list",
	(n: number) => `create g${n}.txt with a then edit it replace a with b and read it`,
	() => "history",
];

/** Processes whose command line names this workspace's folder: its sandbox, as long as it lives (proc(5)). */
export const sandboxes = (workspaceId: string): number[] =>
	readdirSync("/proc").flatMap((name) => {
		if (!/^\d+$/.test(name)) return [];
		try {
			const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
			return words.some((word) => word.includes(`/workspaces/${workspaceId}/`)) ? [Number(name)] : [];
		} catch {
			return []; // ended since the folder was listed
		}
	});

/** Answers every question with yes until it is stopped. */
export const approve = (watcher: Watcher): (() => void) => {
	const answered = new Set<string>();
	const timer = setInterval(() => {
		for (const { id, options } of watcher.view.pendingPermissions) {
			const yes = options.find(({ kind }) => kind === "allow_once");
			if (yes === undefined || answered.has(id)) continue;
			answered.add(id);
			watcher.connection.answerPermission({ requestId: id, optionId: yes.optionId }).catch(() => answered.delete(id));
		}
	}, 20);
	return () => clearInterval(timer);
};

/** Every line of a transcript, page by page. */
export const wholeOf = async (watcher: Watcher): Promise<{ ids: number[]; turns: TurnRow[] }> => {
	const [ids, turns]: [number[], Map<string, TurnRow>] = [[], new Map()];
	let before: number | undefined;
	for (;;) {
		const page = await watcher.connection.getTranscript({ limit: 50, ...(before !== undefined && { before }) });
		const lines = page.rows.flatMap((row) => (row.kind === "item" ? [row.id] : []));
		for (const row of page.rows) if (row.kind === "turn") turns.set(row.id, row);
		ids.unshift(...lines);
		if (!page.hasMore || lines[0] === undefined) return { ids, turns: [...turns.values()] };
		before = lines[0];
	}
};

export const endsTold = (watcher: Watcher, turnId: string): string[] =>
	watcher
		.heard("workspaceChanged")
		.flatMap(({ rows }) => rows)
		.flatMap((row) =>
			row.kind === "turn" && row.id === turnId && row.status !== "running" ? [`${row.status} ${row.endedAt}`] : [],
		);
