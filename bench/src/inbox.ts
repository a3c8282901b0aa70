import { type BudgetResult, type BudgetRow, measureAll } from "./budget-rows.ts";
import { ackBeside, firstScreen, unreadTimes } from "./inbox-rows.ts";
import { InboxStand } from "./inbox-stand.ts";

export interface InboxSizes {
	/** Members of the room whose people are told, and messages sent to it. */
	readonly members: number;
	readonly sends: number;
	/** Of them with a device, and called by name. */
	readonly connected: number;
	readonly called: number;
	/** Members of the large room whose sender is timed, and messages to it and to one of two. */
	readonly crowd: number;
	readonly acks: number;
	/** People who come back, and rooms that have something for them. */
	readonly comers: number;
	readonly rooms: number;
}

export const INBOX_FULL: InboxSizes = {
	...{ members: 200, sends: 5, connected: 20, called: 10 },
	...{ crowd: 1_000, acks: 200, comers: 50, rooms: 20 },
};
export const INBOX_QUICK: InboxSizes = {
	...{ members: 60, sends: 2, connected: 10, called: 5 },
	...{ crowd: 100, acks: 60, comers: 10, rooms: 5 },
};

interface Scenario {
	readonly title: string;
	readonly measure: (stand: InboxStand, sizes: InboxSizes) => Promise<BudgetRow[]>;
}
const SCENARIOS: readonly Scenario[] = [
	{ title: "first screen", measure: firstScreen },
	{ title: "unread", measure: unreadTimes },
	{ title: "ack", measure: ackBeside },
];

/** All rows of inboxes; a scenario that fails is said and has none. */
export async function benchInbox(
	sizes: InboxSizes,
	only: RegExp,
	say: (line: string) => void,
): Promise<{ results: BudgetResult[]; hasFailed: boolean }> {
	const scenarios = SCENARIOS.filter(({ title }) => only.test(title));
	say("starting, with everybody's accounts");
	const stand = await InboxStand.start(Math.max(sizes.members, sizes.comers, only.test("ack") ? sizes.crowd : 0));
	try {
		const measured = scenarios.map(({ title, measure }) => ({ title, measure: () => measure(stand, sizes) }));
		return await measureAll(measured, say);
	} finally {
		await stand.stop();
	}
}
