import { startNaive } from "./naive/stand.ts";
import { startOurs } from "./ours/stand.ts";
import { type Result, resultOf } from "./report.ts";
import { type Row, type Scenario, type Sizes, scenarios } from "./rows.ts";
import { sendCrowd } from "./send-crowd.ts";
import { putToSleep } from "./sleep.ts";
import type { Side, Stand } from "./stand.ts";
import { median } from "./statistics.ts";
import type { Measured } from "./task.ts";

const SIDES: readonly Side[] = ["naive", "direct", "edge"];

interface Way {
	readonly side: Side;
	readonly stand: Stand;
	readonly largeRoom: string;
}

/** All scenarios, the sides taking turns so that what else the machine does hits them alike. */
export async function benchRooms(sizes: Sizes, only: RegExp, say: (line: string) => void): Promise<Result[]> {
	const stands: Stand[] = [];
	try {
		say("starting the naive room and Bullpen");
		stands.push(await startNaive());
		stands.push(await startOurs());
		const chosen = scenarios(sizes).filter((each) => only.test(each.title));
		const ways = await Promise.all(SIDES.map((side) => wayOf(side, stands)));
		if (chosen.some((each) => each.large)) await fillLargeRooms(ways, sizes, say);
		const results: Result[] = [];
		for (const scenario of chosen) results.push(...(await measure(scenario, ways, sizes, say)));
		return results;
	} finally {
		await Promise.all(stands.map((stand) => stand.stop()));
	}
}

async function wayOf(side: Side, stands: readonly Stand[]): Promise<Way> {
	const stand = stands.find((each) => each.places[side]);
	if (!stand) throw new Error(`no way in: ${side}`);
	return { side, stand, largeRoom: await stand.openRoom(`large ${side}`) };
}

async function fillLargeRooms(ways: readonly Way[], sizes: Sizes, say: (line: string) => void): Promise<void> {
	for (const { side, stand, largeRoom } of ways) {
		say(`${side}: filling a room with ${sizes.largeRoom} messages`);
		await run(side, stand, [largeRoom], { type: "fill", messages: sizes.largeRoom });
	}
}

async function measure(
	scenario: Scenario,
	ways: readonly Way[],
	sizes: Sizes,
	say: (line: string) => void,
): Promise<Result[]> {
	const runs = new Map<Side, Measured[]>();
	for (let turn = 0; turn < sizes.repeats; turn++) {
		for (const way of rotated(ways, turn)) {
			if (scenario.sides && !scenario.sides.includes(way.side)) continue;
			const measured = await runOnce(scenario, way, turn).catch((error: unknown) =>
				error instanceof Error ? error : new Error(String(error)),
			);
			if (measured instanceof Error) say(`${scenario.title} · ${way.side}: failed: ${measured.message.split("\n")[0]}`);
			else {
				runs.set(way.side, [...(runs.get(way.side) ?? []), measured]);
				say(`${scenario.title} · ${way.side}: ${scenario.rows.map((row) => lineOf(row, measured)).join(", ")}`);
			}
		}
	}
	const value = (side: Side, row: Row): number | undefined => {
		const numbers = runs.get(side)?.map(row.of);
		return numbers && median(numbers);
	};
	const ours = (["edge", "direct"] as const).filter((side) => scenario.sides?.includes(side) ?? true);
	return scenario.rows.flatMap((row) =>
		ours.map((side) => {
			const name = `${scenario.title}: ${row.name} (${side})`;
			return resultOf(name, row, value(side, row), value("naive", row));
		}),
	);
}

async function runOnce(scenario: Scenario, { side, stand, largeRoom }: Way, turn: number): Promise<Measured> {
	if (scenario.large === "cold") await putToSleep(stand.engine, largeRoom);
	const rooms = scenario.large
		? [largeRoom]
		: await openRooms(stand, `${scenario.title} ${side} ${turn}`, scenario.rooms ?? 1);
	return await run(side, stand, rooms, scenario.work(side));
}

async function openRooms(stand: Stand, name: string, count: number): Promise<string[]> {
	const rooms: string[] = [];
	for (let i = 0; i < count; i++) rooms.push(await stand.openRoom(`${name} ${i}`));
	return rooms;
}

async function run(
	side: Side,
	stand: Stand,
	rooms: readonly string[],
	work: Parameters<typeof sendCrowd>[0]["work"],
): Promise<Measured> {
	const place = stand.places[side];
	if (!place) throw new Error(`no way in: ${side}`);
	return await sendCrowd({ place, rooms, work });
}

const rotated = <T>(all: readonly T[], by: number): T[] =>
	all.map((_, i) => all[(i + by) % all.length]).filter((each) => each !== undefined);
const lineOf = (row: Row, measured: Measured): string =>
	`${row.name} ${Number(row.of(measured).toPrecision(3))} ${row.unit}`;
