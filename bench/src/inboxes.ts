import { setTimeout as sleep } from "node:timers/promises";
import type { Processes } from "./meter.ts";
import { until } from "./pace.ts";
import { untilQuiet } from "./quiet.ts";
import type { Hall } from "./seat.ts";
import { closeAll, openMany, personOf } from "./seats.ts";
import { summaryOf } from "./statistics.ts";
import { sumOf, Tally } from "./tally.ts";
import type { Measured, Work } from "./task.ts";
import { Watch } from "./watch.ts";

const INBOXES_MS = 15_000;

type Unread = Extract<Work, { readonly type: "unread" }>;

export async function tellInboxes(hall: Hall, room: string, work: Unread, of: Processes): Promise<Measured> {
	const { openInbox } = hall;
	if (!openInbox) throw new Error("rooms here tell nobody");
	const [speaker, ...others] = await openMany(hall.open, room, work.members);
	if (!speaker) throw new Error("nobody to speak");
	await closeAll(others);
	const inboxes = await Promise.all(Array.from({ length: work.members }, (_, i) => openInbox(personOf(i))));
	const sentAt = new Map<number, number>();
	const told: number[] = [];
	for (const inbox of inboxes) {
		let known = await speaker.headSeq();
		inbox.onHead((id, headSeq) => {
			for (; id === room && known < headSeq; known++) told.push(performance.now() - (sentAt.get(known + 1) ?? 0));
		});
	}
	await untilQuiet([() => of]);
	const tally = new Tally();
	const watch = new Watch(of);
	for (let i = 0; i < work.sends; i++) {
		const at = performance.now();
		await tally.send(speaker);
		sentAt.set(tally.seqs.at(-1) ?? 0, at);
		await sleep(1_000);
	}
	await until(() => told.length >= work.sends * work.members, INBOXES_MS);
	const used = watch.read();
	await Promise.all([speaker.close(), ...inboxes.map((inbox) => inbox.close())]);
	const lost = work.sends * work.members - told.length;
	return { ...sumOf([tally], [], lost), ...used, deliveries: summaryOf(told) };
}
