import { hashText, parseHash, removeFromHash } from "@bullpen/domain/room-hash";
import { letGoOf } from "./files.ts";
import { ledgerOf, prefixOf } from "./messages.ts";
import type { Room } from "./room.ts";
import { readOldest } from "./store/reads.ts";
import { LEDGER_KEY } from "./store/room-store.ts";

/** Text pruned in one commit: far below the engine's limit on dirty pages. */
const PRUNED_BYTES = 256 * 1024;

/** Prunes until the room holds what it should, a small batch at a time so that senders get between. */
export async function prune(room: Room): Promise<void> {
	while (room.isInitialised && (await pruneBatch(room))) {
		// each batch is its own commit
	}
}

function pruneBatch(room: Room): Promise<boolean> {
	return room.writer.write(async (draft) => {
		const { seq, floorSeq } = draft.counters;
		const excess = seq - floorSeq + 1 - room.retentionMessages;
		if (excess <= 0) return false;
		const stored = await readOldest(room.db, Math.min(excess, room.limits.retentionBatch), PRUNED_BYTES);
		const newest = stored.at(-1);
		if (newest === undefined) return false;
		const pruned = stored.map((message) => {
			const pending = draft.pending("message", message.id);
			return pending?.kind === "message" ? pending : message;
		});
		let sum = parseHash(ledgerOf(room, draft).hash);
		for (const message of pruned) sum = removeFromHash(sum, prefixOf(message));
		letGoOf(draft, pruned);
		draft.setFloorSeq(newest.id + 1);
		draft.note(LEDGER_KEY, { ...ledgerOf(room, draft), hash: hashText(sum), noteVersion: draft.counters.version });
		return true;
	});
}
