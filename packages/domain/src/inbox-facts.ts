import type { MessageFact, SeqFact } from "./inbox.ts";
import type { Mentions } from "./mention.ts";

/** As much of a message as counting needs. */
export interface Countable {
	readonly seq: number;
	readonly version: number;
	readonly sender: string;
	readonly isEdited: boolean;
	readonly isDeleted: boolean;
	readonly isThreadOnly: boolean;
	/** The first message of the thread that it is a reply in. */
	readonly threadOf?: number | undefined;
	readonly mentions: Mentions;
}

/** What an inbox knows of single messages: the fact of each, and the version of the form that it was read from. */
export type FactMap = ReadonlyMap<number, { readonly version: number; readonly fact: MessageFact }>;

/** A mention calls from a thread, too; apart from that a thread is not the room's to count. */
export function factOf(
	message: Omit<Countable, "seq" | "version" | "isEdited" | "threadOf">,
	userId: string,
): MessageFact {
	const { sender, isDeleted, isThreadOnly, mentions } = message;
	if (isDeleted || sender === userId) return "silent";
	if (mentions.here || mentions.room || mentions.userIds.includes(userId)) return "mention";
	return isThreadOnly ? "silent" : "unread";
}

/** The facts that one member's inbox needs: what was always simply unread goes without saying. */
export function factsFor(messages: readonly Countable[], userId: string): SeqFact[] {
	return messages.flatMap((message) => {
		const fact = factOf(message, userId);
		return fact === "unread" && !message.isEdited ? [] : [[message.seq, message.version, fact] satisfies SeqFact];
	});
}

/** Those worth keeping: not settled, and not known as well already. */
export const freshFacts = (known: FactMap, facts: readonly SeqFact[], settled: number): SeqFact[] =>
	facts.filter(([seq, version]) => seq > settled && version > (known.get(seq)?.version ?? -1));

/** How many messages above `settled` and up to `headSeq` are unread, and how many of them call. */
export function tally(
	known: FactMap,
	settled: number,
	headSeq: number,
): { readonly unread: number; readonly mentions: number } {
	let silent = 0;
	let mentions = 0;
	for (const [seq, { fact }] of known) {
		if (seq <= settled || seq > headSeq) continue;
		if (fact === "silent") silent++;
		else if (fact === "mention") mentions++;
	}
	return { unread: Math.max(0, headSeq - settled - silent), mentions };
}

/** The messages that `tally` counts, oldest first, `max` at most. */
export function countedSeqs(
	known: FactMap,
	settled: number,
	headSeq: number,
	max: number,
): { readonly seqs: number[]; readonly mentions: number[] } {
	const seqs: number[] = [];
	for (let seq = settled + 1; seq <= headSeq && seqs.length < max; seq++) {
		if (known.get(seq)?.fact !== "silent") seqs.push(seq);
	}
	return { seqs, mentions: seqs.filter((seq) => known.get(seq)?.fact === "mention") };
}
