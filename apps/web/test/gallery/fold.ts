import { LIMITS } from "@bullpen/domain/limits";
import { addItem, coalesce, finishTurn } from "@bullpen/domain/transcript/coalesce";
import { beginTurn, type CoalesceState, type CoalesceStep } from "@bullpen/domain/transcript/coalesce-state";
import { decodeEvent } from "@bullpen/domain/transcript/decode";
import type { ItemBody, ItemRow } from "@bullpen/domain/transcript/item";
import type { PermissionRow, TurnRow } from "@bullpen/domain/workspace";

/** What a workspace would hold after its agent has said something. */
export interface Folded {
	items: readonly ItemRow[];
	turns: ReadonlyMap<string, TurnRow>;
	permissions: readonly PermissionRow[];
	outputs: ReadonlyMap<number, string>;
	pictures: ReadonlyMap<string, string>;
}

const STARTED_AT = Date.UTC(2026, 5, 1, 9, 30);
const STEP_MS = 400;

/** Keeps the last form of every line, as the store does. */
export class Fold {
	readonly #items = new Map<number, ItemRow>();
	readonly #turns = new Map<string, TurnRow>();
	readonly #outputs = new Map<number, string>();
	readonly #pictures = new Map<string, string>();
	#state: CoalesceState = beginTurn("t0", 1);
	#version = 0;
	#now = STARTED_AT;

	prompt(text: string): this {
		const id = `t${this.#turns.size + 1}`;
		this.#state = beginTurn(id, this.#state.nextItemId);
		this.#turns.set(id, this.#turn(id, "running"));
		return this.line({ type: "user", promptId: `p-${id}`, userId: "ada", text });
	}

	line(body: ItemBody): this {
		this.#take(addItem(this.#state, body, this.#now, LIMITS));
		return this;
	}

	/** What an agent sent: an ACP update. */
	update(update: object): this {
		return this.event({ sender: "agent", payload: { method: "session/update", params: { update } } });
	}

	event(raw: unknown): this {
		this.#take(coalesce(this.#state, decodeEvent(raw), this.#now, LIMITS));
		return this;
	}

	end(status: Exclude<TurnRow["status"], "running">, more: Partial<TurnRow> = {}): this {
		this.#take(finishTurn(this.#state, status === "completed", this.#now));
		const { turnId } = this.#state;
		this.#turns.set(turnId, { ...this.#turn(turnId, status), endedAt: this.#now, ...more });
		return this;
	}

	get folded(): Folded {
		return {
			items: [...this.#items.values()],
			turns: this.#turns,
			permissions: [],
			outputs: this.#outputs,
			pictures: this.#pictures,
		};
	}

	#turn(id: string, status: TurnRow["status"]): TurnRow {
		return { kind: "turn", id, version: ++this.#version, promptId: `p-${id}`, status, startedAt: this.#now };
	}

	#take(step: CoalesceStep): void {
		this.#now += STEP_MS;
		this.#state = step.state;
		for (const item of step.items) this.#items.set(item.id, { kind: "item", version: ++this.#version, ...item });
		for (const { itemId, text } of step.outputs) this.#outputs.set(itemId, text);
		for (const { itemId, position, picture } of step.pictures) {
			this.#pictures.set(`${itemId} ${position}`, `data:${picture.mimeType};base64,${picture.data}`);
		}
	}
}

/** A session as it was recorded: its prompts by us, the rest by its agent. */
export function foldRecording(raw: string): Folded {
	const fold = new Fold();
	for (const line of raw.split("\n")) {
		if (line === "") continue;
		const envelope = JSON.parse(line);
		if (envelope.payload?.method === "session/prompt") fold.prompt(envelope.payload.params.prompt[0].text);
		else fold.event(envelope);
	}
	return fold.end("completed").folded;
}
