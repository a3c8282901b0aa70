import { startNaive } from "./naive/stand.ts";
import { startOurs } from "./ours/stand.ts";
import { startPeer } from "./peers/stand.ts";
import { untilQuiet } from "./quiet.ts";
import { type Result, resultOf } from "./report.ts";
import { type Resources, resourcesOf, resultsOf } from "./resources.ts";
import { type Row, type Scenario, type Sizes, scenarios, USUAL_SIDES } from "./rows.ts";
import { type Run, sendCrowd } from "./send-crowd.ts";
import { putToSleep } from "./sleep.ts";
import type { Side, Stand } from "./stand.ts";
import { median } from "./statistics.ts";
import type { Work } from "./task.ts";
import { within } from "./within.ts";

const OPEN_ROOM_MS = 20_000;

interface Way {
	readonly side: Side;
	readonly stand: Stand;
}

export interface Asked {
	readonly sizes: Sizes;
	readonly only: RegExp;
	readonly sides: readonly Side[];
	readonly say: (line: string) => void;
}

export interface Outcome {
	/** With a budget or a comparison first, then CPU and memory. */
	readonly results: Result[];
	readonly rows: Result[];
	readonly resources: Resources[];
}

/** All scenarios, the sides taking turns so that what else the machine does hits them alike. */
export async function benchRooms(asked: Asked): Promise<Outcome> {
	const stands = await startStands(asked);
	const largeRooms = new LargeRooms(asked.say);
	try {
		const ways = asked.sides.flatMap((side): Way[] => {
			const stand = stands.find((each) => each.places[side]);
			return stand ? [{ side, stand }] : [];
		});
		const rows: Result[] = [];
		const resources: Resources[] = [];
		for (const scenario of scenarios(asked.sizes).filter((each) => asked.only.test(each.title))) {
			const runs = await measure(scenario, ways, largeRooms, asked);
			rows.push(...compare(scenario, asked.sides, runs));
			for (const [side, each] of runs) resources.push(resourcesOf(scenario.title, side, each));
		}
		return { rows, resources, results: [...rows, ...resources.flatMap(resultsOf)] };
	} finally {
		await Promise.all(stands.map((stand) => stand.stop()));
	}
}

/** Those that start: a side that does not is told, and its rows are failed ones. */
async function startStands({ sides, say }: Asked): Promise<Stand[]> {
	const starts: readonly [readonly Side[], () => Promise<Stand>][] = [
		[["naive"], startNaive],
		[["direct", "edge"], startOurs],
		[["ws-sqlite"], () => startPeer("ws-sqlite")],
		[["socket.io"], () => startPeer("socket.io")],
		[["ws-merged"], () => startPeer("ws-merged")],
	];
	const stands: Stand[] = [];
	for (const [serves, start] of starts) {
		if (!serves.some((side) => sides.includes(side))) continue;
		say(`starting ${serves.join(" and ")}`);
		const stand = await start().catch(asError);
		if (stand instanceof Error) say(`${serves.join(" and ")}: failed to start: ${firstLine(stand)}`);
		else stands.push(stand);
	}
	return stands;
}

async function measure(
	scenario: Scenario,
	ways: readonly Way[],
	largeRooms: LargeRooms,
	{ sizes, say }: Asked,
): Promise<Map<Side, Run[]>> {
	const runs = new Map<Side, Run[]>();
	const all = [...new Set(ways.map((way) => way.stand))];
	for (let turn = 0; turn < sizes.repeats; turn++) {
		for (const way of rotated(ways, turn)) {
			if (!sidesOf(scenario).includes(way.side)) continue;
			if (way.side === "naive" && turn > 0) continue; // once: it takes long, and nobody waits for its second digit
			const run = await runOnce(scenario, way, { largeRooms, turn, all }).catch(asError);
			if (run instanceof Error) say(`${scenario.title} · ${way.side}: failed: ${firstLine(run)}`);
			else {
				runs.set(way.side, [...(runs.get(way.side) ?? []), run]);
				say(`${scenario.title} · ${way.side}: ${scenario.rows.map((row) => lineOf(row, run)).join(", ")}`);
			}
		}
	}
	return runs;
}

/** Ours beside the others; where none of ours takes part, everybody for themselves. */
function compare(scenario: Scenario, sides: readonly Side[], runs: ReadonlyMap<Side, readonly Run[]>): Result[] {
	const part = sides.filter((side) => sidesOf(scenario).includes(side));
	const ours = part.filter((side) => side === "edge" || side === "direct");
	const told = ours.length > 0 ? [...ours, ...part.filter((side) => side === "ws-merged")] : part;
	return scenario.rows.flatMap((row) => {
		const value = (side: Side): number | undefined => {
			const of = runs.get(side);
			return of && median(of.map(({ measured }) => row.of(measured)));
		};
		const others = { naive: value("naive"), peer: value("ws-sqlite"), socketIo: value("socket.io") };
		return told.map((side) => resultOf(`${scenario.title}: ${row.name} (${side})`, row, value(side), others));
	});
}

interface Around {
	readonly largeRooms: LargeRooms;
	readonly turn: number;
	/** None of them may be busy with something else meanwhile. */
	readonly all: readonly Stand[];
}

async function runOnce(scenario: Scenario, way: Way, { largeRooms, turn, all }: Around): Promise<Run> {
	const { side, stand } = way;
	const { large, work } = scenario;
	const rooms = large
		? [await largeRooms.of(way, large.messages)]
		: await openRooms(stand, `${scenario.title} ${side} ${turn}`, scenario.rooms ?? 1);
	if (large?.isAsleep && stand.engine) await putToSleep(stand.engine, rooms[0] ?? "");
	await untilQuiet(all.map((each) => each.processes));
	return await run(way, rooms, work);
}

async function openRooms(stand: Stand, name: string, count: number): Promise<string[]> {
	const rooms: string[] = [];
	for (let i = 0; i < count; i++) {
		rooms.push(await within(OPEN_ROOM_MS, "opening a room", stand.openRoom(`${name} ${i}`)));
	}
	return rooms;
}

async function run({ side, stand }: Way, rooms: readonly string[], work: Work): Promise<Run> {
	const place = stand.places[side];
	if (!place) throw new Error(`no way in: ${side}`);
	return await sendCrowd({ place, processes: stand.processes(), rooms, work });
}

/** One large room of each stand, filled as far as somebody needs it. One that cannot be filled is not tried again. */
class LargeRooms {
	readonly #say: (line: string) => void;
	readonly #rooms = new Map<Stand, Promise<{ room: string; messages: number }>>();

	constructor(say: (line: string) => void) {
		this.#say = say;
	}

	async of(way: Way, messages: number): Promise<string> {
		const before = this.#rooms.get(way.stand);
		const filled = this.#fill(way, messages, before);
		this.#rooms.set(way.stand, filled);
		return (await filled).room;
	}

	async #fill(way: Way, messages: number, before?: Promise<{ room: string; messages: number }>) {
		const { room, messages: has } = (await before) ?? { room: await way.stand.openRoom("large"), messages: 0 };
		if (has >= messages) return { room, messages: has };
		this.#say(`${way.side}: filling a room with ${messages} messages`);
		await run(way, [room], { type: "fill", messages: messages - has });
		return { room, messages };
	}
}

const sidesOf = ({ sides = USUAL_SIDES }: Scenario): readonly Side[] => sides;
const rotated = <T>(all: readonly T[], by: number): T[] => [
	...all.slice(by % Math.max(1, all.length)),
	...all.slice(0, by % Math.max(1, all.length)),
];
const lineOf = (row: Row, { measured }: Run): string =>
	`${row.name} ${Number(row.of(measured).toPrecision(3))} ${row.unit}`;
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
const firstLine = (error: Error): string => error.message.split("\n")[0] ?? "";
