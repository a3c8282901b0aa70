import { ActorName } from "@bullpen/domain/identity";

const COUNTED = {
	calls: "Calls of clients that were taken in.",
	refusedCalls: "Calls that this edge refused by itself.",
	forwards: "Frames of merged calls sent to actors.",
	attaches: "Frames by which clients were attached.",
	attached: "Clients attached for the first time.",
	reattached: "Clients attached again, after their connection to the actor or they themselves fell behind.",
	frames: "Frames from actors.",
	ops: "Ops in frames from actors.",
	unknownOps: "Ops this edge did not understand, or whose addressee was gone.",
	deliveries: "Events written to clients.",
	droppedEvents: "Events not written to clients that lagged.",
	unconfirmed: "Calls whose answer was lost with a connection.",
	resyncs: "Links to actors that had to be renewed.",
	opened: "Connections to actors that opened.",
	deaths: "Connections to actors that were given up as silent.",
} as const;
type Counted = keyof typeof COUNTED;

/** What happened since the start, for actors of one name. */
export type Counts = Record<Counted, number>;
/** What there is now, for actors of one name. */
export interface Gauges {
	clients: number;
	attached: number;
	upstreams: number;
	openCalls: number;
	waitingCalls: number;
	waitingCallBytes: number;
}
export interface Totals {
	readonly waitingBytes: number;
	readonly lagging: number;
	readonly slowConsumers: number;
}

/** Counts by the actor's name: keys are people's business and there are too many. */
export class Tally {
	readonly #counts = new Map(ActorName.options.map((actor): [ActorName, Counts] => [actor, zeroCounts()]));

	of(actor: ActorName): Counts {
		const counts = this.#counts.get(actor) ?? zeroCounts();
		this.#counts.set(actor, counts);
		return counts;
	}
}

const zeroCounts = (): Counts => ({
	calls: 0,
	refusedCalls: 0,
	forwards: 0,
	attaches: 0,
	attached: 0,
	reattached: 0,
	frames: 0,
	ops: 0,
	unknownOps: 0,
	deliveries: 0,
	droppedEvents: 0,
	unconfirmed: 0,
	resyncs: 0,
	opened: 0,
	deaths: 0,
});

/** All of it in Prometheus' text format (version 0.0.4). */
export function metricsText(tally: Tally, gauges: ReadonlyMap<ActorName, Gauges>, totals: Totals): string {
	const lines: string[] = [];
	const metric = (name: string, type: "counter" | "gauge", help: string, values: [label: string, value: number][]) => {
		lines.push(`# HELP bullpen_edge_${name} ${help}`, `# TYPE bullpen_edge_${name} ${type}`);
		for (const [label, value] of values) lines.push(`bullpen_edge_${name}${label} ${value}`);
	};
	const each = (value: (actor: ActorName) => number): [string, number][] =>
		ActorName.options.map((actor) => [`{actor="${actor}"}`, value(actor)]);
	for (const counted of Object.keys(COUNTED) as Counted[]) // the keys of this very table
		metric(
			`${snake(counted)}_total`,
			"counter",
			COUNTED[counted],
			each((actor) => tally.of(actor)[counted]),
		);
	const gauge = (name: keyof Gauges, help: string): void =>
		metric(
			snake(name),
			"gauge",
			help,
			each((actor) => gauges.get(actor)?.[name] ?? 0),
		);
	gauge("clients", "Sockets of clients.");
	gauge("attached", "Clients attached to their actor right now.");
	gauge("upstreams", "Connections to actors, those being opened included.");
	gauge("openCalls", "Calls sent to actors and not answered.");
	gauge("waitingCalls", "Calls that wait to be sent.");
	gauge("waitingCallBytes", "Bytes of calls that wait to be sent.");
	metric("waiting_bytes", "gauge", "Bytes that wait for clients to take them.", [["", totals.waitingBytes]]);
	metric("lagging_clients", "gauge", "Clients that are told no events until they took what waits.", [
		["", totals.lagging],
	]);
	metric("slow_consumers_total", "counter", "Clients closed for taking too little.", [["", totals.slowConsumers]]);
	metric("resident_bytes", "gauge", "Memory of this process.", [["", process.memoryUsage.rss()]]);
	return `${lines.join("\n")}\n`;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
