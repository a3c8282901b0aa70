import type { InboxDraftRow, SaveDraftInput } from "./draft.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { measure } from "./text.ts";

type DraftRow = Omit<InboxDraftRow, "version">;

/** A slot, and the time of the latest writing that it has forgotten (unix ms). */
export interface DraftSlot {
	readonly row: DraftRow;
	readonly forgottenAt: number;
}

/**
 * The slots that change when something is written; none when something later stands there already. Of two writings of one
 * page the later one stands, of those of two the one that is younger by this inbox's clock, which never goes back. What was
 * forgotten has a time, too: what is older than that does not come back.
 * @throws Problem `text_too_long`
 */
export function draftWritten(
	slots: readonly DraftSlot[],
	{ place, text: raw, agoMs, device, nth }: SaveDraftInput,
	now: number,
	limits: Pick<Limits, "draftsMax" | "draftsBytesMax" | "messageTextBytesMax">,
): DraftSlot[] {
	const text = raw.toWellFormed();
	const bytesMax = limits.messageTextBytesMax;
	const { bytes } = measure(text);
	if (bytes > bytesMax) throw new Problem("text_too_long", "This draft is too long to be kept.", { bytes, bytesMax });
	const clock = Math.max(now, ...slots.map(({ row }) => row.savedAt));
	const writtenAt = Math.max(0, clock - agoMs);
	const known = slots.find(({ row }) => row.place === place);
	const written = { kind: "inboxDraft" as const, place, text, device, nth };
	if (known !== undefined) {
		const isLater = known.row.device === device ? nth > known.row.nth : writtenAt >= known.row.savedAt;
		if (!isLater) return [];
		const savedAt = Math.max(writtenAt, known.row.savedAt);
		return withRoom(slots, { ...known, row: { ...written, id: known.row.id, savedAt } }, limits.draftsBytesMax);
	}
	if (writtenAt <= Math.max(0, ...slots.map(({ forgottenAt }) => forgottenAt))) return [];
	const taken = slots.length < limits.draftsMax ? undefined : slots.toSorted(leastMissed)[0];
	const id = taken?.row.id ?? String(slots.length);
	const forgottenAt = taken === undefined ? 0 : Math.max(taken.forgottenAt, taken.row.savedAt);
	return withRoom(slots, { row: { ...written, id, savedAt: writtenAt }, forgottenAt }, limits.draftsBytesMax);
}

/** With a slot's next form, and without the oldest of the others where all together would be too large. */
function withRoom(slots: readonly DraftSlot[], written: DraftSlot, bytesMax: number): DraftSlot[] {
	const others = slots.filter(({ row }) => row.id !== written.row.id).toSorted(byAge);
	let excess = bytesOf(written) + others.reduce((sum, slot) => sum + bytesOf(slot), 0) - bytesMax;
	const changed = [written];
	for (const slot of others) {
		if (excess <= 0) break;
		if (slot.row.text === "") continue;
		excess -= bytesOf(slot);
		const forgottenAt = Math.max(slot.forgottenAt, slot.row.savedAt);
		changed.push({ row: { ...slot.row, place: null, text: "" }, forgottenAt });
	}
	return changed;
}

const bytesOf = ({ row }: DraftSlot): number => measure(row.text).bytes;
const byAge = (one: DraftSlot, other: DraftSlot): number => one.row.savedAt - other.row.savedAt;
/** Empty ones first, then the oldest. */
const leastMissed = (one: DraftSlot, other: DraftSlot): number =>
	Number(one.row.text !== "") - Number(other.row.text !== "") || byAge(one, other);
