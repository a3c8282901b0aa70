import { createHash } from "node:crypto";
import type { NoteWorkspaceInput } from "@bullpen/domain/inbox";
import { Alarm } from "../alarm.ts";
import type { Peers } from "../peers.ts";
import type { Facts, InboxFacts } from "./inbox-facts.ts";
import { report, type Scope } from "./scope.ts";
import { notedFacts, setNotedFacts } from "./store/members.ts";

/** Something else that is told or done after a commit, until it is: with the same patience as inboxes are told. */
export interface Chore {
	readonly isDue: boolean;
	/** Only when nothing else is due. */
	readonly isLast: boolean;
	/** False when it has to be tried again. `version` is the workspace's. */
	run(version: number): Promise<boolean>;
}

/**
 * Tells members' inboxes how the workspace stands, outside anybody's way: one note over however many changes. The facts an
 * inbox has acknowledged are kept; an alarm sees to the others even if this process dies.
 */
export class InboxNotes {
	readonly #scope: Scope;
	readonly #facts: InboxFacts;
	readonly #alarm: Alarm;
	readonly #peers: Peers;
	readonly #chores: readonly Chore[];
	#noted = new Map<string, string>();
	#timer: NodeJS.Timeout | undefined;
	#flushing: Promise<void> | undefined;
	#failures = 0;
	#isClosed = false;

	constructor(scope: Scope, facts: InboxFacts, peers: Peers, chores: readonly Chore[] = []) {
		this.#scope = scope;
		this.#facts = facts;
		this.#alarm = new Alarm(scope.frame, "notesAlarm", scope.now);
		this.#peers = peers;
		this.#chores = chores;
	}

	/** Takes up what an earlier life left to tell. */
	async wake(): Promise<void> {
		this.#noted = await notedFacts(this.#scope.frame.db);
		await this.#alarm.restore();
		if (this.#isDue) this.changed();
	}

	/** Call before a commit that people may have to hear of: they will, whatever happens to this process. */
	promise(): Promise<void> {
		return this.#alarm.ensure(this.#scope.limits.inboxNoteRetryMs);
	}

	/** Something was committed. Soon, but after those who wait for their answers. */
	changed(): void {
		if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#start(), this.#scope.limits.inboxNoteHereMs);
	}

	/** The alarm rang; it rings again while somebody is left to tell. */
	async ring(): Promise<void> {
		this.#alarm.rang();
		await this.#start();
		if (this.#isDue) await this.#alarm.ensure(this.#waitMs());
	}

	/** Call from `onSleep`. A note under way may still arrive: the next life tells it again, which changes nothing. */
	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
	}

	#start(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#flushing ??= this.#scope.frame
			.keepAwake(this.#flush())
			.catch(report(this.#scope, "inboxes could not be told"))
			.finally(() => {
				this.#flushing = undefined;
				if (!this.#isDue || this.#isClosed) return;
				clearTimeout(this.#timer);
				this.#timer = setTimeout(() => void this.#start(), this.#waitMs());
			});
		return this.#flushing;
	}

	async #flush(): Promise<void> {
		const { version } = await this.#scope.writer.counters();
		const due = this.#due();
		let isDone = true;
		for (let at = 0; at < due.length && !this.#isClosed; at += this.#scope.limits.inboxNotesAtOnce) {
			const some = due.slice(at, at + this.#scope.limits.inboxNotesAtOnce);
			const told = await Promise.all(some.map(([userId, facts]) => this.#tell({ ...facts, userId, version })));
			isDone &&= !told.includes(false);
		}
		for (const chore of this.#chores) {
			if (this.#isClosed || !chore.isDue || (chore.isLast && this.#isOtherDue(chore))) continue;
			isDone = (await chore.run(version)) && isDone;
		}
		this.#failures = isDone ? 0 : this.#failures + 1;
	}

	get #isDue(): boolean {
		return this.#isOtherDue(undefined);
	}

	#isOtherDue(chore: Chore | undefined): boolean {
		return this.#chores.some((other) => other !== chore && other.isDue) || this.#due().length > 0;
	}

	async #tell(note: NoteWorkspaceInput): Promise<boolean> {
		const { userId, version: _, ...facts } = note;
		try {
			await this.#peers.get("userInbox", userId).noteWorkspace(note);
			await setNotedFacts(this.#scope.frame.db, userId, printOf(facts));
			this.#noted.set(userId, printOf(facts));
			return true;
		} catch (error) {
			if (isNobody(error)) {
				this.#noted.set(userId, printOf(facts)); // until something changes, or in the next life
				return true;
			}
			this.#scope.frame.log.warn({ msg: "an inbox could not be told", userId, error: String(error) });
			return false;
		}
	}

	#due(): [userId: string, facts: Facts][] {
		return this.#facts.all().filter(([userId, facts]) => this.#noted.get(userId) !== printOf(facts));
	}

	#waitMs(): number {
		const { inboxNoteHereMs, inboxNoteRetryMs, inboxNoteRetryMaxMs } = this.#scope.limits;
		if (this.#failures === 0) return inboxNoteHereMs;
		return Math.min(inboxNoteRetryMaxMs, inboxNoteRetryMs * 2 ** (this.#failures - 1));
	}
}

/** There is no such inbox: nobody to tell. */
const isNobody = (error: unknown): boolean =>
	typeof error === "object" &&
	error !== null &&
	"group" in error &&
	error.group === "actor" &&
	"code" in error &&
	error.code === "not_found";

const printOf = (facts: Facts): string =>
	createHash("sha256")
		.update(JSON.stringify(Object.entries(facts).sort()))
		.digest("base64url");
