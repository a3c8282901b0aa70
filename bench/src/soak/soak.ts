import { fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cpuSeconds, difference, type Readings, residentBytes } from "../meter.ts";
import { startOurs } from "../ours/stand.ts";
import type { Stand } from "../stand.ts";
import { slopeOf } from "../statistics.ts";
import { type Progress, type Sample, SOAK, type SoakRecord, type SoakTask, type SoakWord } from "./record.ts";

/** What a crowd may take over its coming and its going, beyond the time it works. */
const AROUND_MS = 300_000;
const MB = 1024 * 1024;
/** `packages/actors/src/action.ts` says so of what is no refusal. */
const ACTION_FAILED = 'msg="an action failed"';
const LINE_CHARS = 500;

/** Bullpen under a steady load, through its edge, with people who come, go and fall behind. */
export async function soak(minutes: number, say: (line: string) => void): Promise<SoakRecord> {
	const startedAt = new Date().toISOString();
	const stand = await startOurs();
	try {
		const place = stand.places.edge;
		if (place?.kind !== "ours") throw new Error("no way in: edge");
		const room = await stand.openRoom("soak");
		const sampler = new Sampler(stand, say);
		const found = await sendSoakCrowd({ place, room, minutes }, (progress) => sampler.take(progress));
		const problems = [...found, ...(stand.logs === undefined ? [] : failuresIn(stand.logs))];
		for (const problem of problems) say(problem);
		say(problems.length === 0 ? "nothing was lost" : `${problems.length} problems`);
		const { samples } = sampler;
		return { minutes, startedAt, load: SOAK, samples, growthMbPerHour: growthOf(samples), problems };
	} finally {
		await stand.stop();
	}
}

/** What the actors themselves say went wrong, of which nobody may have heard. */
function failuresIn(folder: string): string[] {
	const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
	const failed = lines.filter((line) => line.includes(ACTION_FAILED));
	const [first] = failed;
	return first === undefined ? [] : [`${failed.length} actions failed, the first: ${first.slice(0, LINE_CHARS)}`];
}

class Sampler {
	readonly samples: Sample[] = [];
	readonly #stand: Stand;
	readonly #say: (line: string) => void;
	readonly #began = performance.now();
	#last: { readonly at: number; readonly cpu: Readings };

	constructor(stand: Stand, say: (line: string) => void) {
		this.#stand = stand;
		this.#say = say;
		this.#last = { at: performance.now(), cpu: cpuSeconds(stand.processes()) };
	}

	take(progress: Progress): void {
		const processes = this.#stand.processes();
		const [at, cpu] = [performance.now(), cpuSeconds(processes)];
		const seconds = Math.max(0.001, (at - this.#last.at) / 1_000);
		const sample: Sample = {
			...progress,
			atSeconds: Math.round((at - this.#began) / 1_000),
			residentMb: mapped(residentBytes(processes), (bytes) => Math.round(bytes / MB)),
			cores: mapped(difference(cpu, this.#last.cpu), (used) => Number((used / seconds).toFixed(2))),
		};
		this.#last = { at, cpu };
		this.samples.push(sample);
		const { atSeconds, acknowledged, listeners, ackP99Ms, behindMax, residentMb } = sample;
		const memory = Object.entries(residentMb).map(([name, value]) => `${name} ${value} MB`);
		this.#say(
			`${atSeconds} s: ${acknowledged} sent, ${listeners} listen, ack p99 ${Math.round(ackP99Ms)} ms, ` +
				`last is ${behindMax} behind, ${memory.join(", ")}`,
		);
	}
}

async function sendSoakCrowd(task: SoakTask, tell: (progress: Progress) => void): Promise<readonly string[]> {
	const child = fork(join(import.meta.dirname, "crowd-process.ts"), [], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
		env: { PATH: process.env.PATH ?? "", RIVET_LOG_LEVEL: "silent", LOG_LEVEL: "silent" },
	});
	const limit = setTimeout(() => child.kill("SIGKILL"), task.minutes * 60_000 + AROUND_MS);
	try {
		return await new Promise((resolve) => {
			child.on("message", (word: SoakWord) => {
				tell(word.progress);
				if (word.type === "end") resolve(word.problems);
			});
			child.once("error", (error) => resolve([error.message]));
			child.once("exit", (code, signal) => resolve([`the crowd ended with ${signal ?? code}`]));
			child.send(task);
		});
	} finally {
		clearTimeout(limit);
		child.kill("SIGKILL");
	}
}

/** Of the last four fifths, by process. */
export function growthOf(samples: readonly Pick<Sample, "atSeconds" | "residentMb">[]): Readings {
	const settled = samples.slice(Math.ceil(samples.length / 5));
	const names = Object.keys(settled[0]?.residentMb ?? {});
	return Object.fromEntries(
		names.map((name) => {
			const points = settled.map((each) => [each.atSeconds / 3_600, each.residentMb[name] ?? 0] as const);
			return [name, Number(slopeOf(points).toFixed(1))];
		}),
	);
}

const mapped = (readings: Readings, to: (value: number) => number): Readings =>
	Object.fromEntries(Object.entries(readings).map(([name, value]) => [name, to(value)]));
