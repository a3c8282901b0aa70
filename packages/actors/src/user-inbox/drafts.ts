import type { InboxDraftRow, SaveDraftInput } from "@bullpen/domain/draft";
import { draftWritten } from "@bullpen/domain/draft-rules";
import type { Limits } from "@bullpen/domain/limits";
import type { InboxDraft } from "./inbox-rooms.ts";
import type { DraftEntry } from "./inbox-store.ts";

/** What an inbox's person has begun to write, by slot. */
export class Drafts {
	readonly #limits: Limits;
	readonly #now: () => number;
	/** As committed. */
	readonly #entries = new Map<string, DraftEntry>();

	constructor(limits: Limits, now: () => number) {
		this.#limits = limits;
		this.#now = now;
	}

	keep(entry: DraftEntry): void {
		this.#entries.set(entry.row.id, entry);
	}

	/** What stands there then, or null where nothing is kept. @throws Problem `text_too_long` */
	write(draft: InboxDraft, written: SaveDraftInput): InboxDraftRow | null {
		for (const { row, forgottenAt } of draftWritten(this.#slots(draft), written, this.#now(), this.#limits)) {
			const put = draft.put<InboxDraftRow>(row);
			draft.note(keyOf(put.id), { kind: "draft", row: put, forgottenAt });
		}
		return this.#slots(draft).find(({ row }) => row.place === written.place)?.row ?? null;
	}

	#slots(draft: InboxDraft): DraftEntry[] {
		return Array.from({ length: this.#limits.draftsMax }, (_, slot) => String(slot)).flatMap((id) => {
			const noted = draft.noted(keyOf(id));
			return (noted?.kind === "draft" ? noted : this.#entries.get(id)) ?? [];
		});
	}
}

const keyOf = (slot: string): string => `draft ${slot}`;
