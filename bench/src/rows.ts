import { totalOf } from "./meter.ts";
import { SIDES, type Side } from "./stand.ts";
import type { Measured, Work } from "./task.ts";

/** One number of the table. `budget` is PRODUCT's: the most where less is better, the least where more is. */
export interface Row {
	readonly name: string;
	readonly unit: "ms" | "messages/s" | "errors" | "lost" | "failures" | "times" | "s";
	readonly better: "less" | "more";
	readonly budget?: number;
	/** A budget that is this many times what the `ws-sqlite` peer does in the same run. */
	readonly budgetOfPeer?: number;
	readonly of: (measured: Measured) => number;
}

/** One piece of work done by every side in turn, and what is read off it. */
export interface Scenario {
	readonly title: string;
	readonly work: Work;
	readonly rooms?: number;
	/** All but `ws-merged` by default. */
	readonly sides?: readonly Side[];
	/** Works in the one large room of each side, once it has so many messages. */
	readonly large?: { readonly messages: number; readonly isAsleep?: true };
	readonly rows: readonly Row[];
}

export interface Sizes {
	readonly repeats: number;
	readonly largeRooms: readonly [number, number];
	/** How much of each work is done: 1 is the full measure. */
	readonly share: number;
}
export const FULL: Sizes = { repeats: 3, largeRooms: [50_000, 200_000], share: 1 };
export const QUICK: Sizes = { repeats: 1, largeRooms: [2_000, 5_000], share: 0.25 };

const OURS: readonly Side[] = ["direct", "edge"];
export const USUAL_SIDES: readonly Side[] = SIDES.filter((side) => side !== "ws-merged");

const ms = (name: string, of: Row["of"], budget?: number): Row => ({
	name,
	unit: "ms",
	better: "less",
	of,
	...(budget !== undefined && { budget }),
});
const rate = (budget?: Pick<Row, "budget" | "budgetOfPeer">): Row => ({
	name: "throughput",
	unit: "messages/s",
	better: "more",
	of: ({ acknowledged, elapsedMs }) => (acknowledged * 1_000) / elapsedMs,
	...budget,
});
const none = (name: string, unit: "errors" | "lost" | "failures" | "times", of: Row["of"]): Row => ({
	name,
	unit,
	better: "less",
	of,
	budget: 0,
});
const errors = none("errors", "errors", (measured) => measured.errors);
const lost = none("lost", "lost", (measured) => measured.lost);
const disorder = none("twice or out of order", "times", (measured) => measured.disorder);
/** Of the servers, without their clients. */
const serverSeconds = ({ cpu: { clients, ...servers } }: Measured): number => totalOf(servers);
const cpuPer = (what: string, count: (measured: Measured) => number, budgetOfPeer?: number): Row => ({
	name: `CPU per 1,000 ${what}`,
	unit: "s",
	better: "less",
	of: (measured) => (serverSeconds(measured) * 1_000) / Math.max(1, count(measured)),
	...(budgetOfPeer !== undefined && { budgetOfPeer }),
});
const cpuPerMessage = cpuPer("messages", ({ acknowledged }) => acknowledged);

/** PRODUCT's rows for rooms. Works are as long on every side, so that rates and quantiles are of as much time. */
export function scenarios({ share, largeRooms: [medium, large] }: Sizes): Scenario[] {
	const part = (count: number): number => Math.max(1, Math.round(count * share));
	const together = (senders: number, listeners: number, seconds: number): Work => ({
		type: "together",
		senders,
		listeners,
		seconds: part(seconds),
	});
	const audience = (listeners: number, budget: number): Scenario => ({
		title: `1 → ${thousands(listeners)} listeners, 10/s`,
		work: { type: "audience", listeners, perSecond: 10, seconds: part(10) },
		rows: [
			ms("delivery p50", ({ deliveries }) => deliveries.p50),
			ms("delivery p99", ({ deliveries }) => deliveries.p99, budget),
			lost,
			disorder,
			cpuPer("deliveries", ({ deliveries }) => deliveries.count, 2.5),
		],
	});
	const quietRooms = (title: string, perSecond: number, budget?: number): Scenario => ({
		title,
		rooms: 200,
		work: { type: "rooms", perSecond, seconds: part(10) },
		rows: [
			ms("ack p50", ({ times }) => times.p50),
			ms("ack p99", ({ times }) => times.p99, budget),
			errors,
			lost,
			disorder,
			cpuPerMessage,
		],
	});
	const join = (title: string, overSeconds: number, rows: readonly Row[]): Scenario => ({
		title,
		work: { type: "join", people: 500, overSeconds },
		rows: [...rows, none("failures", "failures", (measured) => measured.errors)],
	});
	const pages = (messages: number): Scenario => ({
		title: `page of 50 in ${thousands(messages)}`,
		large: { messages },
		work: { type: "pages", times: part(200), rows: 50 },
		rows: [ms("p50", ({ times }) => times.p50, 10), ms("p99", ({ times }) => times.p99)],
	});
	return [
		{
			title: "one sender, idle room",
			work: together(1, 0, 6),
			rows: [
				ms("ack p50", ({ times }) => times.p50, 5),
				ms("ack p99", ({ times }) => times.p99, 25),
				rate(),
				errors,
				cpuPerMessage,
			],
		},
		{
			title: "50 senders, 5 listeners",
			work: together(50, 5, 6),
			rows: [rate({ budget: 1_000 }), ms("ack p99", ({ times }) => times.p99), errors, lost, disorder],
		},
		{
			title: "50 senders, 50 listeners",
			sides: SIDES,
			work: together(50, 50, 6),
			rows: [
				rate({ budgetOfPeer: 0.7 }),
				ms("ack p99", ({ times }) => times.p99, 60),
				ms("delivery p99", ({ deliveries }) => deliveries.p99),
				errors,
				lost,
				disorder,
			],
		},
		{
			title: "500 senders, 5 listeners",
			work: together(500, 5, 6),
			rows: [rate(), ms("ack p99", ({ times }) => times.p99), errors, lost, disorder],
		},
		audience(500, 40),
		audience(1_000, 70),
		quietRooms("200 rooms × 2 people, 1/s each", 1, 40),
		quietRooms("200 rooms × 2 people, 1/s in each room", 0.5),
		join("500 join at once", 0, [
			ms("all in", ({ elapsedMs }) => elapsedMs, 2_000),
			ms("p50", ({ times }) => times.p50),
		]),
		join("500 join over 10 s", 10, [ms("p50", ({ times }) => times.p50), ms("p99", ({ times }) => times.p99)]),
		{
			title: "unread in a 200-member room",
			sides: OURS,
			work: { type: "unread", members: 200, sends: 3 },
			rows: [
				ms("known to all after", ({ deliveries }) => deliveries.max, 1_000),
				none("not told", "lost", (measured) => measured.lost),
			],
		},
		pages(medium),
		pages(large),
		{
			title: `open ${thousands(large)} messages, asleep`,
			sides: ["naive", ...OURS],
			large: { messages: large, isAsleep: true },
			work: { type: "open", rows: 50 },
			rows: [ms("first content", ({ times }) => times.max, 300)],
		},
		{
			title: `catch up 500 changes of ${thousands(large)}`,
			large: { messages: large },
			work: { type: "catch-up", missed: 500, times: part(20) },
			rows: [ms("p50", ({ times }) => times.p50, 300), ms("p99", ({ times }) => times.p99)],
		},
	];
}

const thousands = (count: number): string => count.toLocaleString("en");
