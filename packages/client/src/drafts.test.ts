import type { InboxDraftRow, SaveDraftInput } from "@bullpen/domain/draft";
import { Problem } from "@bullpen/domain/problem";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../test/manual-clock.ts";
import { type DraftStorage, Drafts } from "./drafts.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { ConnectionLost } from "./refusal.ts";

const { draftSaveMs } = CLIENT_LIMITS;

/** A page, and an inbox that takes what comes and says what it was told. */
class Page {
	readonly clock = new ManualClock();
	readonly saved: SaveDraftInput[] = [];
	readonly drafts: Drafts;
	readonly #device: string;
	isOpen = true;
	version = 0;
	answer = (input: SaveDraftInput): InboxDraftRow | null | Promise<never> => this.row(input);

	constructor(kept: Map<string, string> = new Map(), device = "laptop") {
		this.#device = device;
		this.drafts = new Drafts({
			save: async (input) => {
				this.saved.push(input);
				return await this.answer(input);
			},
			isOpen: () => this.isOpen,
			placesChanged: () => undefined,
			limits: CLIENT_LIMITS,
			clock: this.clock,
			kept: { storage: storageOf(kept), key: "drafts" },
			device,
		});
	}

	row({ place = "general", text = "", device = this.#device, nth = 0 }: Partial<SaveDraftInput>): InboxDraftRow {
		return { kind: "inboxDraft", id: "0", version: ++this.version, savedAt: 0, place, text, device, nth };
	}
}
const storageOf = (kept: Map<string, string>): DraftStorage => ({
	getItem: (key) => kept.get(key) ?? null,
	setItem: (key, value) => void kept.set(key, value),
});
const theirs = (page: Page, text: string) => page.row({ text, device: "phone", nth: 1 });

describe("what somebody has begun to write", () => {
	test("[DRAFT1] it is told once for a burst of keys, and what comes back of it does not touch the field", async () => {
		const page = new Page();
		for (const text of ["h", "he", "hel"]) page.drafts.write("general", text);
		await page.clock.pass(draftSaveMs);
		expect(page.saved).toMatchObject([{ place: "general", text: "hel", agoMs: draftSaveMs, nth: 3 }]);
		page.drafts.write("general", "hell");
		page.drafts.heard([page.row({ text: "hel", nth: 3 })]);
		expect(page.drafts.text("general")).toBe("hell");
	});

	test("[DRAFT1] what is written elsewhere shows here, unless something younger stands here", async () => {
		const page = new Page();
		page.drafts.heard([theirs(page, "from the phone")]);
		expect([page.drafts.text("general"), page.drafts.places]).toEqual(["from the phone", ["general"]]);
		page.drafts.write("general", "from here");
		page.drafts.heard([theirs(page, "from the phone again")]);
		expect(page.drafts.text("general")).toBe("from here");
		const older = theirs(page, "late");
		await page.clock.pass(draftSaveMs);
		page.drafts.heard([older]);
		expect(page.drafts.text("general")).toBe("from here");
	});

	test("[DRAFT1] where the inbox has something later, that stands here, too", async () => {
		const page = new Page();
		page.answer = () => theirs(page, "later");
		page.drafts.write("general", "earlier");
		await page.clock.pass(draftSaveMs);
		expect(page.drafts.text("general")).toBe("later");
	});

	test("[DRAFT3] sending clears it at once, and an older row does not bring it back", async () => {
		const page = new Page();
		page.drafts.write("general", "hello");
		await page.clock.pass(draftSaveMs);
		const before = page.row({ text: "hello", nth: 1 });
		page.drafts.write("general", "");
		await page.clock.pass(0);
		expect(page.saved.at(-1)).toMatchObject({ text: "", nth: 2 });
		page.drafts.heard([before]);
		expect([page.drafts.text("general"), page.drafts.places]).toEqual(["", []]);
	});

	test("[DRAFT6] without a connection it stays here over a reload, and is told with its age by the next", async () => {
		const kept = new Map<string, string>();
		const page = new Page(kept);
		page.isOpen = false;
		page.drafts.write("general", "offline");
		await page.clock.pass(60_000);
		const next = new Page(kept, "reloaded");
		next.drafts.heard([theirs(next, "from the phone")]);
		expect([page.saved.length, next.drafts.text("general")]).toEqual([0, "offline"]);
		await next.clock.pass(90_000);
		next.drafts.opened();
		await next.clock.pass(0);
		expect(next.saved).toMatchObject([{ text: "offline", agoMs: 90_000 }]);
	});

	test("[DRAFT6] without an answer it is told again; what is refused for good stays on this device", async () => {
		const page = new Page();
		const answers = [new ConnectionLost("gone"), new Problem("text_too_long", "no")];
		page.answer = () => Promise.reject(answers.shift());
		page.drafts.write("general", "again");
		await page.clock.pass(draftSaveMs + 60_000);
		expect([page.saved.length, page.drafts.text("general")]).toEqual([2, "again"]);
	});

	test("[DRAFT7] signing out leaves nothing here that the inbox has, and what it could not be told", async () => {
		const kept = new Map<string, string>();
		const page = new Page(kept);
		page.drafts.write("general", "told on the way out");
		await page.drafts.leave();
		expect([page.saved.at(-1)?.text, kept.get("drafts")]).toEqual(["told on the way out", "[]"]);

		const offline = new Page(kept);
		offline.isOpen = false;
		offline.drafts.write("general", "offline");
		await offline.drafts.leave();
		expect(new Page(kept).drafts.text("general")).toBe("offline");

		const unheard = new Page(kept);
		unheard.answer = () => Promise.reject(new ConnectionLost("gone"));
		unheard.drafts.write("general", "unheard");
		const leaving = unheard.drafts.leave();
		await unheard.clock.pass(CLIENT_LIMITS.draftsLeaveMs);
		await leaving;
		expect(new Page(kept).drafts.text("general")).toBe("unheard");
	});

	test("[DRAFT4] a device keeps what its inbox let go of, and so many places itself", async () => {
		const page = new Page();
		page.drafts.heard([theirs(page, "kept")]);
		page.drafts.heard([{ ...theirs(page, ""), place: null }]);
		expect(page.drafts.text("general")).toBe("kept");
		for (let i = 0; i < CLIENT_LIMITS.draftsKept; i++) page.drafts.write(`r-${i}`, "more");
		expect([page.drafts.places.length, page.drafts.text("general")]).toEqual([CLIENT_LIMITS.draftsKept, ""]);
	});

	test("[DRAFT3] what went out before its inbox heard of it needs no clearing", async () => {
		const page = new Page();
		page.drafts.write("general", "quick");
		page.drafts.write("general", "");
		await page.clock.pass(60_000);
		expect(page.saved).toEqual([]);
	});
});
