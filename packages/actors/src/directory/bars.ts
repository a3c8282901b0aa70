import type { ActionInput, ActionOutput } from "@bullpen/domain/wire";
import { Alarm } from "../alarm.ts";
import type { Frame } from "../frame.ts";
import { inLanes } from "../lanes.ts";
import { isAbsent } from "../peer-refusal.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Bar, DirectoryExtra } from "./directory-store.ts";
import { barKey } from "./names.ts";

/** A ticket says when it was made in whole seconds. */
const SECOND_MS = 1_000;
const CALL_MS = 5_000;

type ToldBar = ActionInput<"chatRoom", "barPerson">;
type Places = ActionOutput<"userInbox", "getPlaces">;
const NOWHERE: Places = { roomIds: [], workspaceIds: [] };

/**
 * Closes what somebody whose account was closed still holds open: their inbox, their rooms and workspaces, the search, and
 * whatever is open to everybody. Each is told until it answered; all of them once more when no old ticket is left that could have
 * opened something meanwhile. An alarm sees to it even if this process dies.
 */
export class Bars {
	readonly alarm: Alarm;
	readonly #frame: Frame<unknown>;
	readonly #catalogue: Catalogue;
	readonly #bars = new Map<string, number>();
	readonly #failures = new Map<string, number>();
	/** Of the last seconds. */
	readonly #openAgainAt = new Map<string, number>();

	constructor(frame: Frame<unknown>, catalogue: Catalogue) {
		this.#frame = frame;
		this.#catalogue = catalogue;
		this.alarm = new Alarm(frame, "barAlarm", catalogue.now);
	}

	async wake(bars: readonly Bar[]): Promise<void> {
		for (const bar of bars) this.keep(bar);
		await this.alarm.restore();
		if (this.#bars.size > 0) await this.alarm.ensure(this.#catalogue.limits.tellRetryMs);
	}

	/** Call before a commit of these: what they promise happens whatever becomes of this process. */
	async expect(extras: readonly DirectoryExtra[]): Promise<void> {
		if (extras.some((extra) => extra.kind === "bar" && extra.at !== null)) {
			await this.alarm.ensure(this.#catalogue.limits.tellRetryMs);
		}
	}

	/** Call with every committed one. */
	keep({ userId, at }: Bar): void {
		this.#failures.delete(userId);
		if (at === null) {
			this.#bars.delete(userId);
			return;
		}
		this.#bars.set(userId, at);
		for (const [id, openAt] of this.#openAgainAt) if (openAt < this.#catalogue.now()) this.#openAgainAt.delete(id);
		this.#openAgainAt.set(userId, at + 2 * SECOND_MS);
		this.#catalogue.audience.bar(userId, at + SECOND_MS);
	}

	/** From when on, unix ms, a ticket of somebody is from after the last time that everything they had open was closed. */
	openAgainAt(userId: string): number {
		return this.#openAgainAt.get(userId) ?? 0;
	}

	/** Tells everything this person may have open. Resolves with whether all of it answered. */
	async tell(userId: string): Promise<boolean> {
		const at = this.#bars.get(userId);
		if (at === undefined) return true;
		const bar = { userId, at: at + SECOND_MS };
		const { peers, limits } = this.#catalogue;
		const [places, isSearchClosed] = await Promise.all([
			this.#closeInbox(bar),
			this.#runs(userId, () => peers.get("search", "main").barPerson(bar)),
		]);
		let isDone = places !== undefined && isSearchClosed;
		await inLanes(this.#tasksOf(bar, places ?? NOWHERE), limits.barsAtOnce, async (task) => {
			isDone = (await this.#runs(userId, task)) && isDone;
		});
		return isDone;
	}

	/** The alarm rang: everybody in question is told again, and it rings again while somebody is left. */
	async ring(): Promise<void> {
		this.alarm.rang();
		const { limits, now, writer } = this.#catalogue;
		const waits: number[] = [];
		for (const [userId, at] of this.#bars) {
			const lastAt = at + limits.barAgainMs;
			const isLast = now() >= lastAt;
			if (!(await this.#frame.keepAwake(this.tell(userId)))) {
				const failures = (this.#failures.get(userId) ?? 0) + 1;
				this.#failures.set(userId, failures);
				waits.push(Math.min(limits.tellRetryMaxMs, limits.tellRetryMs * 2 ** Math.min(failures, 10)));
			} else if (!isLast) {
				this.#failures.delete(userId);
				waits.push(Math.max(1, lastAt - now()));
			} else if (this.#bars.get(userId) === at) {
				await writer.write((draft) => draft.note(barKey(userId), { kind: "bar", userId, at: null }));
			}
		}
		if (waits.length > 0) await this.alarm.ensure(Math.min(...waits));
	}

	/** Answers with what they are in, or undefined when the inbox did not answer. */
	async #closeInbox(bar: ToldBar): Promise<Places | undefined> {
		const inbox = this.#catalogue.peers.get("userInbox", bar.userId);
		try {
			await inTime(inbox.barPerson(bar));
			return await inTime(inbox.getPlaces());
		} catch (error) {
			if (isAbsent(error)) return NOWHERE;
			this.#warn(bar.userId, error);
			return undefined;
		}
	}

	/** Their own places first, then what is open to all: they may be looking into it. */
	#tasksOf(bar: ToldBar, places: Places): (() => Promise<unknown>)[] {
		const { peers, table } = this.#catalogue;
		const open = table.snapshot(Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY).rows;
		const idsOf = (kind: string): string[] => open.flatMap((row) => (row.kind === kind ? [row.id] : []));
		const rooms = new Set([...places.roomIds, ...idsOf("directoryRoom")]);
		// Whoever only watches in a workspace of a room has it in no inbox.
		const ofRooms = this.#catalogue.workspaceIdsOf(new Set(places.roomIds));
		const workspaces = new Set([...places.workspaceIds, ...idsOf("directoryWorkspace"), ...ofRooms]);
		return [
			...[...rooms].map((id) => () => peers.get("chatRoom", id).barPerson(bar)),
			...[...workspaces].map((id) => () => peers.get("workspace", id).barPerson(bar)),
		];
	}

	/** What is not there holds nothing open. */
	async #runs(userId: string, task: () => Promise<unknown>): Promise<boolean> {
		try {
			await inTime(task());
			return true;
		} catch (error) {
			if (isAbsent(error)) return true;
			this.#warn(userId, error);
			return false;
		}
	}

	#warn(userId: string, error: unknown): void {
		this.#frame.log.warn({ msg: "not everything was told that an account was closed", userId, error: String(error) });
	}
}

async function inTime<Result>(call: Promise<Result>): Promise<Result> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error("the call took too long")), CALL_MS);
	});
	try {
		return await Promise.race([call, late]);
	} finally {
		clearTimeout(timer);
	}
}
