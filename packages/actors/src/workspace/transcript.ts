import type { AgentCommand, AgentEvent } from "@bullpen/domain/transcript/agent-event";
import { addItem, coalesce, finishTurn, resumeTurn } from "@bullpen/domain/transcript/coalesce";
import { beginTurn, type CoalesceState, type CoalesceStep, type Item } from "@bullpen/domain/transcript/coalesce-state";
import { totalCost } from "@bullpen/domain/transcript/cost";
import type { Cost, ItemBody, ItemRow } from "@bullpen/domain/transcript/item";
import type { SessionRow, Tail } from "@bullpen/domain/workspace";
import { report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session, SessionPatch } from "./session.ts";
import { itemsOfTurn } from "./store/items.ts";
import { Wholes } from "./wholes.ts";

/**
 * Turns what the agent says into lines and commits them in batches: at the latest `transcriptFlushMs` after a change, soon
 * when a new line begins, together with whatever ends the turn. Only the tail is told before its commit.
 */
export class Transcript {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #wholes: Wholes;
	#state: CoalesceState | undefined;
	/** The sum that the agent named last. */
	#lastCost: Cost | undefined;
	#items = new Map<number, Item>();
	#patch: SessionPatch = {};
	#flushTimer: NodeJS.Timeout | undefined;
	#flushAt = Number.POSITIVE_INFINITY;
	#tails: Tail[] = [];
	#tailTimer: NodeJS.Timeout | undefined;
	#toldAt = 0;

	constructor(scope: Scope, session: Session) {
		this.#scope = scope;
		this.#session = session;
		this.#wholes = new Wholes(scope);
	}

	/** From now on everything belongs to this turn. What is not committed of the one before is kept and committed. */
	async begin(turnId: string): Promise<void> {
		const { seq } = await this.#scope.writer.counters();
		this.#state = beginTurn(turnId, Math.max(seq + 1, this.#state?.nextItemId ?? 0), this.#usage?.cost);
	}

	/** Takes a turn up again from its committed lines, to end it. */
	async resume(turnId: string): Promise<void> {
		const { seq } = await this.#scope.writer.counters();
		const items = await itemsOfTurn(this.#scope.frame.db, turnId);
		this.#state = resumeTurn(turnId, items, seq + 1, this.#scope.limits);
	}

	/** Forgets a turn that could not be begun. */
	discard(turnId: string): void {
		for (const [id, item] of this.#items) if (item.turnId === turnId) this.#items.delete(id);
		this.#state = undefined;
	}

	/** What the agent said. Before the first turn of this process there is no line that it could belong to. */
	hear(said: AgentEvent): void {
		const event = this.#noted(said);
		if (this.#state === undefined) return;
		const lastId = this.#state.nextItemId;
		this.#take(coalesce(this.#state, event, this.#scope.now(), this.#scope.limits));
		const isNewLine = this.#state.nextItemId > lastId;
		if (this.#items.size > 0) {
			this.#flushWithin(isNewLine ? this.#scope.limits.transcriptPauseMs : this.#scope.limits.transcriptFlushMs);
		}
	}

	/** A line that is not the agent's; it goes with the next commit. */
	add(body: ItemBody): void {
		if (this.#state !== undefined) this.#take(addItem(this.#state, body, this.#scope.now(), this.#scope.limits));
	}

	/** No call of the turn runs on; it goes with the next commit. */
	finish(isCompleted: boolean): void {
		if (this.#state !== undefined) this.#take(finishTurn(this.#state, isCompleted, this.#scope.now()));
	}

	/** A change of the session row that can wait for the next commit. */
	note(patch: SessionPatch): void {
		this.#patch = { ...this.#patch, ...patch };
		this.#flushWithin(this.#scope.limits.transcriptPauseMs);
	}

	/** What belongs to the session rather than to a line is noted; the answer is what is left for the lines. */
	#noted(event: AgentEvent): AgentEvent {
		if (event.type === "title-noted") this.note({ title: event.title });
		if (event.type === "commands-noted") this.note({ commands: shownCommands(event.commands) });
		if (event.type === "usage-noted") {
			const { used = this.#usage?.used ?? 0, size = this.#usage?.size ?? 0 } = event;
			if (event.cost === undefined) {
				this.note({ usage: { ...this.#usage, used, size } });
				return event;
			}
			const cost = totalCost(this.#usage?.cost, this.#lastCost, event.cost);
			this.#lastCost = event.cost;
			this.note({ usage: { used, size, cost } });
			return { ...event, cost };
		}
		if (event.type !== "mode-noted") return event;
		const before = this.#patch.mode ?? this.#session.row?.mode;
		this.note({ mode: event.mode });
		// The first word of it is only how things are. A change is worth a line: it decides what the agent may do unasked.
		return before === undefined || before === event.mode
			? event
			: { type: "notice-added", level: "info", text: `Mode: ${event.mode} (it was ${before}).` };
	}

	/** As it will be committed. */
	get #usage(): SessionRow["usage"] {
		return this.#patch.usage ?? this.#session.row?.usage;
	}

	/** Commits what waits, together with `mutation`. What a failed commit held is tried again with the next one. */
	async commit<Result>(mutation: (draft: WorkspaceDraft) => Result | Promise<Result>): Promise<Result> {
		this.#cancelFlush();
		await this.#wholes.keep();
		const batches = inBatches([...this.#items.values()], this.#scope.limits.commitBytesMax / 2);
		const last = batches.pop() ?? [];
		for (const batch of batches) {
			await this.#scope.writer.write((draft) => putItems(draft, batch));
			this.#forget(batch);
		}
		const patch = this.#patch;
		const result = await this.#scope.writer.write(async (draft) => {
			putItems(draft, last);
			this.#session.put(draft, patch);
			return mutation(draft);
		});
		this.#forget(last);
		if (this.#patch === patch) this.#patch = {};
		return result;
	}

	/** Call from `onSleep`: no timer outlives the actor. */
	async close(): Promise<void> {
		clearTimeout(this.#tailTimer);
		this.#tailTimer = undefined;
		await this.commit(() => undefined);
		this.#cancelFlush();
	}

	#take(step: CoalesceStep): void {
		this.#state = step.state;
		for (const item of step.items) this.#items.set(item.id, item);
		this.#wholes.add(step);
		this.#tails = step.tails.reduce(joinTail, this.#tails);
		if (this.#tails.length > 0) {
			// The first words after a pause at once, those that follow them together.
			const { transcriptPauseMs: pauseMs } = this.#scope.limits;
			const sinceMs = Math.max(0, this.#scope.now() - this.#toldAt);
			this.#tailTimer ??= setTimeout(() => this.#tell(), Math.max(0, pauseMs - sinceMs));
		}
	}

	#tell(): void {
		this.#tailTimer = undefined;
		this.#toldAt = this.#scope.now();
		const tails = this.#tails;
		this.#tails = [];
		for (const tail of tails) this.#scope.audience.broadcast("tail", tail);
	}

	#flushWithin(waitMs: number): void {
		const at = this.#scope.now() + waitMs;
		if (at >= this.#flushAt) return;
		this.#cancelFlush();
		this.#flushAt = at;
		this.#flushTimer = setTimeout(() => {
			this.#cancelFlush();
			this.#scope.frame.keepAwake(this.commit(() => undefined)).catch((error: unknown) => {
				report(this.#scope, "lines were not stored")(error);
				this.#flushWithin(this.#scope.limits.transcriptFlushMs);
			});
		}, waitMs);
	}

	#cancelFlush(): void {
		clearTimeout(this.#flushTimer);
		this.#flushTimer = undefined;
		this.#flushAt = Number.POSITIVE_INFINITY;
	}

	#forget(items: readonly Item[]): void {
		for (const item of items) if (this.#items.get(item.id) === item) this.#items.delete(item.id);
	}
}

const putItems = (draft: WorkspaceDraft, items: readonly Item[]): void => {
	for (const item of [...items].sort((a, b) => a.id - b.id)) {
		while (draft.counters.seq < item.id) draft.nextSeq();
		draft.put<ItemRow>({ kind: "item", ...item });
	}
};

const inBatches = (items: readonly Item[], bytesMax: number): Item[][] => {
	const batches: Item[][] = [];
	let bytes = Number.POSITIVE_INFINITY;
	for (const item of items) {
		const size = Buffer.byteLength(JSON.stringify(item));
		if (bytes + size > bytesMax) {
			batches.push([]);
			bytes = 0;
		}
		batches.at(-1)?.push(item);
		bytes += size;
	}
	return batches;
};

/** Words that go on where the last ones ended are told together. */
const joinTail = (tails: Tail[], tail: Tail): Tail[] => {
	const last = tails.at(-1);
	if (last?.itemId !== tail.itemId || last.offset + last.append.length !== tail.offset) return [...tails, tail];
	return [...tails.slice(0, -1), { ...last, append: last.append + tail.append }];
};

const COMMANDS_SHOWN = 50;
const DESCRIPTION_CHARS = 120;

/** The session row is told with every change of state: what it says of commands is short. */
const shownCommands = (commands: readonly AgentCommand[]): SessionRow["commands"] =>
	commands
		.slice(0, COMMANDS_SHOWN)
		.map((command) => ({ ...command, description: command.description.slice(0, DESCRIPTION_CHARS) }));
