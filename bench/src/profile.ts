import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Readings, totalOf } from "./meter.ts";
import { startOurs } from "./ours/stand.ts";
import { startPeer } from "./peers/stand.ts";
import { untilQuiet } from "./quiet.ts";
import { markdown } from "./report.ts";
import { sendCrowd } from "./send-crowd.ts";
import type { Side, Stand } from "./stand.ts";
import type { Measured, Work } from "./task.ts";

/** Threads below this are listed together, in ms a message. */
const WORTH_NAMING_MS = 0.02;

export interface Profiling {
	readonly sides: readonly Side[];
	readonly seconds: number;
	readonly rooms: number;
	readonly cpuProfiles: string | undefined;
	readonly say: (line: string) => void;
}

interface Lone {
	readonly title: string;
	readonly rooms: number;
	readonly work: Work;
}

/**
 * What a lone message costs: one sender, and many quiet rooms, where nothing can be merged. CPU in ms a message by process and
 * thread. `cpuProfiles`: a folder for V8's profiles of our Node processes, written when they end; they slow what they measure.
 */
export async function profile({ sides, seconds, rooms, cpuProfiles, say }: Profiling): Promise<string> {
	const stands: Stand[] = [];
	try {
		if (sides.includes("direct") || sides.includes("edge")) stands.push(await startOurs(profiling(cpuProfiles)));
		for (const peer of ["ws-sqlite", "ws-merged", "socket.io"] as const)
			if (sides.includes(peer)) stands.push(await startPeer(peer));
		const works: readonly Lone[] = [
			{ title: "one sender", rooms: 1, work: { type: "together", senders: 1, listeners: 1, seconds } },
			{ title: `${rooms} rooms × 2`, rooms, work: { type: "rooms", perSecond: 1, seconds } },
		];
		const rows: string[][] = [];
		for (const work of works) {
			for (const side of sides) {
				const measured = await measure(work, side, stands).catch(String);
				say(`${work.title} · ${side}: ${typeof measured === "string" ? measured : "done"}`);
				if (typeof measured !== "string") rows.push(...rowsOf(`${work.title} · ${side}`, measured));
			}
		}
		return markdown([["", "process and thread", "CPU ms a message"], ...rows]);
	} finally {
		await Promise.all(stands.map((stand) => stand.stop()));
	}
}

/** @throws Error what the crowd met */
async function measure({ title, rooms, work }: Lone, side: Side, stands: readonly Stand[]): Promise<Measured> {
	const stand = stands.find((each) => each.places[side]);
	const place = stand?.places[side];
	if (!stand || !place) throw new Error("is not profiled");
	const opened: string[] = [];
	for (let i = 0; i < rooms; i++) opened.push(await stand.openRoom(`${title} ${side} ${i}`));
	await untilQuiet(stands.map((each) => each.processes));
	return (await sendCrowd({ place, processes: stand.processes(), rooms: opened, work })).measured;
}

const profiling = (folder: string | undefined): Readonly<Record<string, string>> => {
	if (folder === undefined) return {};
	mkdirSync(folder, { recursive: true });
	return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(folder)}` };
};

/** Each process, and below it the threads that are worth a line. */
export function rowsOf(title: string, { cpu, threads, acknowledged, times }: Measured): string[][] {
	const perMessage = (seconds: number): number => (seconds * 1_000) / Math.max(1, acknowledged);
	const { clients = 0, ...servers } = cpu;
	const line = (what: string, seconds: number): string[] => ["", what, perMessage(seconds).toFixed(2)];
	return [
		[
			`${title}: ${acknowledged} messages, ack p50 ${times.p50.toFixed(1)} ms`,
			"servers",
			perMessage(totalOf(servers)).toFixed(2),
		],
		...Object.entries(servers).flatMap(([name, seconds]) => [
			line(name, seconds),
			...threadsOf(name, threads)
				.filter(([, used]) => perMessage(used) >= WORTH_NAMING_MS)
				.map(([thread, used]) => line(`· ${thread}`, used)),
		]),
		line("clients", clients),
	];
}

const threadsOf = (name: string, threads: Readings): [string, number][] =>
	Object.entries(threads)
		.filter(([key]) => key.startsWith(`${name} `))
		.map(([key, used]): [string, number] => [key.slice(name.length + 1), used])
		.sort(([, a], [, b]) => b - a);
