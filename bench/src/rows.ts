import type { Side } from "./stand.ts";
import type { Measured, Work } from "./task.ts";

/** One number of the table. `budget` is PRODUCT's: the most where less is better, the least where more is. */
export interface Row {
	readonly name: string;
	readonly unit: "ms" | "messages/s" | "errors" | "lost" | "failures";
	readonly better: "less" | "more";
	readonly budget?: number;
	readonly of: (measured: Measured) => number;
}

/** One piece of work done by every side in turn, and what is read off it. */
export interface Scenario {
	readonly title: string;
	readonly work: (side: Side) => Work;
	readonly rooms?: number;
	/** All by default. */
	readonly sides?: readonly Side[];
	/** Read from the one large room of each side; `cold` puts it to sleep first. */
	readonly large?: "awake" | "cold";
	readonly rows: readonly Row[];
}

export interface Sizes {
	readonly repeats: number;
	readonly largeRoom: number;
	/** How much of each work is done: 1 is the full measure. */
	readonly share: number;
}
export const FULL: Sizes = { repeats: 3, largeRoom: 200_000, share: 1 };
export const QUICK: Sizes = { repeats: 1, largeRoom: 5_000, share: 0.25 };

const ms = (name: string, of: Row["of"], budget?: number): Row => ({
	name,
	unit: "ms",
	better: "less",
	of,
	...(budget !== undefined && { budget }),
});
const rate = (name: string, budget?: number): Row => ({
	name,
	unit: "messages/s",
	better: "more",
	of: ({ acknowledged, elapsedMs }) => (acknowledged * 1_000) / elapsedMs,
	...(budget !== undefined && { budget }),
});
const none = (name: string, unit: "errors" | "lost" | "failures", of: Row["of"]): Row => ({
	name,
	unit,
	better: "less",
	of,
	budget: 0,
});

/** PRODUCT's rows for rooms. The naive room does less of what takes it long; rates and quantiles stay comparable. */
export function scenarios({ share }: Sizes): Scenario[] {
	const part = (count: number): number => Math.max(1, Math.round(count * share));
	const slowly =
		(count: number) =>
		(side: Side): number =>
			part(side === "naive" ? count / 4 : count);
	const together =
		(senders: number, listeners: number, sendsEach: (side: Side) => number) =>
		(side: Side): Work => ({ type: "together", senders, listeners, sendsEach: sendsEach(side) });
	const audience = (listeners: number, budget?: number): Scenario => ({
		title: `1 → ${listeners} listeners, 10/s`,
		work: () => ({ type: "audience", listeners, perSecond: 10, seconds: part(10) }),
		rows: [
			ms("delivery p50", ({ deliveries }) => deliveries.p50),
			ms("delivery p99", ({ deliveries }) => deliveries.p99, budget),
			none("lost", "lost", ({ lost }) => lost),
		],
	});
	return [
		{
			title: "one sender, idle room",
			work: (side) => ({ type: "alone", sends: slowly(800)(side) }),
			rows: [
				ms("ack p50", ({ times }) => times.p50, 5),
				ms("ack p99", ({ times }) => times.p99, 25),
				rate("throughput"),
			],
		},
		{
			title: "50 senders, 5 listeners",
			work: together(50, 5, slowly(120)),
			rows: [
				rate("throughput", 1_000),
				ms("ack p99", ({ times }) => times.p99),
				none("errors", "errors", ({ errors }) => errors),
			],
		},
		{
			title: "50 senders, 50 listeners",
			work: together(50, 50, slowly(80)),
			rows: [rate("throughput"), ms("ack p99", ({ times }) => times.p99, 60), none("lost", "lost", ({ lost }) => lost)],
		},
		{
			title: "500 senders, 5 listeners",
			work: together(500, 5, slowly(16)),
			rows: [
				rate("throughput"),
				ms("ack p99", ({ times }) => times.p99),
				none("errors", "errors", ({ errors }) => errors),
			],
		},
		audience(100),
		audience(500, 40),
		audience(1_000, 70),
		{
			title: "500 join at once",
			work: () => ({ type: "join", people: 500 }),
			rows: [ms("all in", ({ elapsedMs }) => elapsedMs, 2_000), none("failures", "failures", ({ errors }) => errors)],
		},
		{
			title: "200 rooms × 2 people, 1/s each",
			rooms: 200,
			work: () => ({ type: "rooms", perSecond: 1, seconds: part(10) }),
			rows: [ms("ack p99", ({ times }) => times.p99, 40), none("errors", "errors", ({ errors }) => errors)],
		},
		{
			title: "unread in a 200-member room",
			sides: ["direct", "edge"],
			work: () => ({ type: "unread", members: 200, sends: 3 }),
			rows: [
				ms("known to all after", ({ deliveries }) => deliveries.max, 1_000),
				none("not told", "lost", ({ lost }) => lost),
			],
		},
		{
			title: "page of 50 in the large room",
			large: "awake",
			work: () => ({ type: "pages", times: part(200), rows: 50 }),
			rows: [ms("p50", ({ times }) => times.p50, 10), ms("p99", ({ times }) => times.p99)],
		},
		{
			title: "open the large room, asleep",
			large: "cold",
			work: () => ({ type: "open", rows: 50 }),
			rows: [ms("first content", ({ times }) => times.max, 300)],
		},
		{
			title: "catch up 500 changes in the large room",
			large: "awake",
			work: () => ({ type: "catch-up", missed: 500, times: part(20) }),
			rows: [ms("p50", ({ times }) => times.p50, 300), ms("p99", ({ times }) => times.p99)],
		},
	];
}
