import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { cleanText, measure } from "./text.ts";
import type { PromptRow, WorkspaceRole } from "./workspace.ts";

/** A row as the rules make it; the store adds the version. */
type Prompt = Omit<PromptRow, "version">;

/** Who acts, as what. */
export interface Actor {
	readonly userId: string;
	readonly role: WorkspaceRole;
}

const PREVIEW_CHARS = 280;
/** Between two places of the queue that somebody spread out. */
const RANK_STEP = 2 ** 20;

/**
 * A prompt as it is kept: trimmed, something visible, never cut.
 * @throws Problem `text_invalid` `text_empty` `text_too_long`
 */
export const cleanPromptText = (raw: string, limits: Pick<Limits, "promptCharsMax">): string =>
	cleanText(raw, limits.promptCharsMax, limits.promptCharsMax * 4);

/**
 * The prompt that a nonce already stands for, or undefined for a new one.
 * @throws Problem `nonce_reused`
 */
export const samePrompt = <Known extends { promptId: string; textHash: string }>(
	known: Known | undefined,
	textHash: string,
): Known | undefined => {
	if (known !== undefined && known.textHash !== textHash) {
		throw new Problem("nonce_reused", "This nonce already stands for another prompt.", { promptId: known.promptId });
	}
	return known;
};

/** @throws Problem `queue_full` with how many and how much may wait */
export const checkQueue = (
	queued: { readonly count: number; readonly bytes: number },
	prompt: Weighed,
	limits: Pick<Limits, "promptQueueMax" | "promptQueueBytesMax">,
): void => {
	const isTooMuch = queued.count > 0 && queued.bytes + promptBytes(prompt) > limits.promptQueueBytesMax;
	if (queued.count < limits.promptQueueMax && !isTooMuch) return;
	throw new Problem("queue_full", "Too many prompts are waiting already. Remove one or wait.", {
		queued: queued.count,
		promptsMax: limits.promptQueueMax,
		bytesMax: limits.promptQueueBytesMax,
	});
};

type Weighed = Pick<Prompt, "text" | "attachments">;

/** What a waiting prompt weighs in a frame. Its files are not in it, only what they are called. */
export const promptBytes = ({ text, attachments = [] }: Weighed): number =>
	measure(JSON.stringify(text)).bytes + (attachments.length === 0 ? 0 : measure(JSON.stringify(attachments)).bytes);

/** A place in the queue: the lower one runs first. */
export const rankOf = ({ rank, createdAt }: Pick<Prompt, "rank" | "createdAt">): number => rank ?? createdAt;

type Placed = Pick<Prompt, "id" | "rank" | "createdAt" | "sentNowBy">;

/** The order in which waiting prompts run: those sent now, then by their places. */
export const inRunOrder = (a: Placed, b: Placed): number =>
	Number(b.sentNowBy !== undefined) - Number(a.sentNowBy !== undefined) ||
	rankOf(a) - rankOf(b) ||
	(a.id < b.id ? -1 : Number(a.id > b.id));

/** What runs next, undefined when nothing may. `queue` are the waiting ones. */
export const nextPrompt = <Waiting extends Placed>(
	queue: readonly Waiting[],
	isPaused: boolean,
): Waiting | undefined => {
	const [first] = [...queue].sort(inRunOrder);
	return isPaused && first?.sentNowBy === undefined ? undefined : first;
};

/** A prompt leaves the queue. Its words go on in the transcript, so the row keeps only their beginning. */
export const startedPrompt = (prompt: Prompt): Prompt => ({ ...preview(prompt), status: "running" });
export const donePrompt = (prompt: Prompt): Prompt => ({ ...prompt, status: "done" });

/**
 * Takes a waiting prompt out of the queue. Doing it twice changes nothing.
 * @throws Problem `not_found` when it is not waiting (with its `status`) · `forbidden` for others than author and owner
 */
export const removedPrompt = (prompt: Prompt | undefined, by: Actor): Prompt => {
	if (prompt?.status === "removed") return prompt;
	return { ...preview(waitingFor(prompt, by)), status: "removed", removedBy: by.userId };
};

/**
 * Other words for a waiting prompt, at its place. `text` is clean already.
 * @throws Problem `not_found` when it is not waiting (with its `status`) · `forbidden` for others than author and owner
 */
export const editedPrompt = (prompt: Prompt | undefined, by: Actor, text: string, at: number): Prompt => {
	const waiting = waitingFor(prompt, by);
	return waiting.text === text ? waiting : { ...waiting, text, edited: { by: by.userId, at } };
};

/** Who, other than its author, gave it the words it has. */
export const editorOf = ({ edited, userId }: Prompt): string | undefined =>
	edited === undefined || edited.by === userId ? undefined : edited.by;

/**
 * Puts a waiting prompt behind another, or at the front: the rows that change, most times that one alone. Those sent now
 * stay ahead of the others. `after` may have left the queue: whoever began or was removed keeps its place in the order.
 * @throws Problem `not_found` when it is not waiting (with its `status`) · `forbidden` for others than author and owner
 */
export const movedPrompts = (
	queue: readonly Prompt[],
	prompt: Prompt | undefined,
	after: Prompt | null,
	by: Actor,
): Prompt[] => {
	const moved = waitingFor(prompt, by);
	if (after?.id === moved.id) return [];
	const isSent = moved.sentNowBy !== undefined;
	const others = queue.filter(({ id, sentNowBy }) => id !== moved.id && (sentNowBy !== undefined) === isSent);
	others.sort(inRunOrder);
	const at = after === null ? 0 : others.filter((other) => inRunOrder(other, after) <= 0).length;
	const [before, next] = [others[at - 1], others[at]];
	const [low, high] = [before && rankOf(before), next && rankOf(next)];
	const rank = rankOf(moved);
	if ((low === undefined || low < rank) && (high === undefined || rank < high)) return [];
	if (high === undefined) return low === undefined ? [] : [{ ...moved, rank: low + 1 }];
	if (low === undefined) return [{ ...moved, rank: high - RANK_STEP }];
	const middle = Math.floor((low + high) / 2);
	return middle > low ? [{ ...moved, rank: middle }] : spread([...others.slice(0, at), moved, ...others.slice(at)]);
};

/** The same order with room between all, below the last place: prompts to come line up behind it by their time. */
const spread = (order: readonly Prompt[]): Prompt[] => {
	const last = order.reduce((most, prompt) => Math.max(most, rankOf(prompt)), Number.NEGATIVE_INFINITY);
	return order.flatMap((prompt, index) => {
		const rank = last - (order.length - 1 - index) * RANK_STEP;
		return rankOf(prompt) === rank ? [] : [{ ...prompt, rank }];
	});
};

/**
 * Puts a waiting prompt before all others. Doing it twice changes nothing.
 * @throws Problem `not_found` when it is not waiting (with its `status`) · `forbidden` for others than author and owner
 */
export const sentNowPrompt = (queue: readonly Prompt[], prompt: Prompt | undefined, by: Actor): Prompt => {
	const waiting = waitingFor(prompt, by);
	if (waiting.sentNowBy !== undefined) return waiting;
	const first = queue.reduce((least, other) => Math.min(least, rankOf(other)), rankOf(waiting));
	return { ...waiting, sentNowBy: by.userId, rank: first - RANK_STEP };
};

/** A prompt is its author's and the workspace owner's, until it begins. */
const waitingFor = (prompt: Prompt | undefined, by: Actor): Prompt => {
	if (prompt === undefined) throw new Problem("not_found", "There is no such prompt.");
	if (prompt.userId !== by.userId && by.role !== "owner") {
		throw new Problem("forbidden", "A prompt is its author's and the owner's to change.");
	}
	const { status } = prompt;
	if (status !== "queued") throw new Problem("not_found", "This prompt is not waiting any more.", { status });
	return prompt;
};

const preview = (prompt: Prompt): Prompt => {
	const chars = [...prompt.text.slice(0, 2 * PREVIEW_CHARS)];
	const isShort = prompt.text.length <= 2 * PREVIEW_CHARS && chars.length <= PREVIEW_CHARS;
	return isShort ? prompt : { ...prompt, text: `${chars.slice(0, PREVIEW_CHARS).join("")}…` };
};
