import { notOpenToYou } from "@bullpen/domain/authorization";
import { Message } from "@bullpen/domain/message";
import { Problem } from "@bullpen/domain/problem";
import type { ImportRowsInput, StageInput } from "@bullpen/domain/room-archive";
import { addToHash, hashText, parseHash } from "@bullpen/domain/room-hash";
import type { z } from "zod";
import { noteFiles } from "./files.ts";
import { ledgerOf, noteFollowers, prefixOf } from "./messages.ts";
import type { Room } from "./room.ts";
import { LEDGER_KEY } from "./store/room-store.ts";

/**
 * Begins a room from an archive: its messages keep their ids, versions and times, and nobody sees anything before `init`. One
 * that nobody finishes ends by itself.
 */
export async function stage(room: Room, input: z.output<typeof StageInput>): Promise<void> {
	if (room.isInitialised) throw alreadyBegun();
	await room.importAlarm.ensure(room.limits.importKeptMs);
	await room.writer.write((draft) => {
		if (room.isInitialised || draft.counters.seq > 0 || draft.counters.version > 0) throw alreadyBegun();
		const { floorSeq, version } = input;
		draft.restore([], { seq: floorSeq - 1, version, floorSeq });
		draft.note(LEDGER_KEY, { ...ledgerOf(room, draft), noteVersion: version });
	});
}

/** @throws Problem `not_found` for a room that is there already · `bad_input` for messages out of their order */
export function importRows(
	room: Room,
	{ lines }: z.output<typeof ImportRowsInput>,
): Promise<{ seq: number; hash: string }> {
	const messages = lines.split("\n").map((line) => Message.parse(JSON.parse(line)));
	return room.writer.write((draft) => {
		const { counters } = draft;
		refuseUnlessStaged(room, counters);
		const last = messages.at(-1)?.id ?? 0;
		// An answer got lost, and its messages come again.
		if (last <= counters.seq) return { seq: counters.seq, hash: ledgerOf(room, draft).hash };
		if (messages.some((message, at) => message.id !== counters.seq + 1 + at)) {
			throw new Problem("bad_input", "These are not the next messages.", { seq: counters.seq });
		}
		const ledger = ledgerOf(room, draft);
		let sum = parseHash(ledger.hash);
		for (const message of messages) sum = addToHash(sum, prefixOf(message));
		const lastAt = messages.reduce(
			(latest: number, { timestamp }: Message) => Math.max(latest, timestamp),
			ledger.lastAt,
		);
		draft.restore(messages, { ...counters, seq: last });
		for (const message of messages) {
			noteFiles(draft, message);
			noteFollowers(draft, message);
		}
		draft.note(LEDGER_KEY, { ...ledger, hash: hashText(sum), lastAt });
		return { seq: last, hash: hashText(sum) };
	});
}

/** How far it is, for the directory, which is about to list it. @throws Problem `not_found` */
export async function readStaged(room: Room): Promise<{ seq: number; hash: string }> {
	const counters = await room.writer.counters();
	refuseUnlessStaged(room, counters);
	return { seq: counters.seq, hash: room.store.ledger.hash };
}

/** Nobody finished it: nothing of it is left, its files neither. */
export async function endStaged(room: Room): Promise<void> {
	room.importAlarm.rang();
	if (room.isInitialised) return;
	await room.importAlarm.ensure(room.limits.importKeptMs); // if this process dies over it
	while (await endSome(room)) {
		// each batch is its own commit
	}
	if (room.isInitialised) return;
	await room.files.clear();
	room.end();
}

function endSome(room: Room): Promise<boolean> {
	return room.writer.write((draft) => {
		const { seq, floorSeq } = draft.counters;
		if (room.isInitialised || draft.pending("room", room.id) !== undefined || floorSeq > seq) return false;
		const next = Math.min(seq + 1, floorSeq + room.limits.retentionBatch);
		draft.restore([], { seq, version: ENDED, floorSeq: next });
		draft.note(LEDGER_KEY, { ...ledgerOf(room, draft), hash: hashText(0n) });
		return next <= seq;
	});
}

/** Of a room whose import nobody finished: it takes nothing any more. */
const ENDED = 0;

/** @throws Problem `not_found` for a room that is there, that has not begun, or that has ended */
function refuseUnlessStaged(room: Room, { version }: { readonly version: number }): void {
	if (room.isInitialised || version === ENDED) throw notOpenToYou();
}

const alreadyBegun = (): Problem => new Problem("bad_input", "This room has begun already.");
