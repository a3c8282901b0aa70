import { createHash } from "node:crypto";
import { Problem } from "@bullpen/domain/problem";
import {
	type Actor,
	checkQueue,
	cleanPromptText,
	editedPrompt,
	inRunOrder,
	movedPrompts,
	nextPrompt,
	promptBytes,
	rankOf,
	removedPrompt,
	samePrompt,
	sentNowPrompt,
} from "@bullpen/domain/prompt-rules";
import type { ChatUser, PromptAccepted, PromptInput, PromptRow, SessionRow } from "@bullpen/domain/workspace";
import type { z } from "zod";
import type { Attachments } from "./attachments.ts";
import { putAct, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import { findNonce } from "./store/nonces.ts";
import { promptById, promptsAhead, type QueueSize, queuedPrompts, queueSize } from "./store/prompts.ts";

type Accepted = z.infer<typeof PromptAccepted>;
/** The door once more, with the commit: who acts, as what. */
type Acting = (draft: WorkspaceDraft) => Actor;

/** The shared queue of prompts: durable, in the order that people give it, one entry per nonce for ever. */
export class Queue {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #attachments: Attachments;

	constructor(scope: Scope, session: Session, attachments: Attachments) {
		this.#scope = scope;
		this.#session = session;
		this.#attachments = attachments;
	}

	/**
	 * Takes a prompt in. The answer to a nonce that is known is the first one's.
	 * @throws Problem `text_*` `nonce_reused` `queue_full`, for its files `not_found` `bad_input`
	 */
	async add(userId: string, input: z.infer<typeof PromptInput>, acting: Acting): Promise<Accepted> {
		const text = cleanPromptText(input.text, this.#scope.limits);
		const nonce = input.nonce ?? this.#scope.newId("p");
		const { attachments = [] } = input;
		const textHash = hashOf([text, ...attachments]);
		const { promptId, said } = await this.#scope.writer.write(async (draft) => {
			const known = samePrompt(await this.#known(draft, userId, nonce), textHash);
			if (known !== undefined) return { promptId: known.promptId, said: undefined };
			const row = await this.#put(draft, { userId, text, nonce }, attachments);
			draft.note(nonceKey(userId, nonce), { type: "nonce", row: { userId, nonce, promptId: row.id, textHash } });
			acting(draft);
			return { promptId: row.id, said: { userId, text, createdAt: row.createdAt } };
		});
		if (said !== undefined) this.#tell(said);
		return { promptId, position: await this.#position(promptId) };
	}

	/** @throws Problem `text_*` `not_found` `forbidden` `queue_full` */
	async edit(input: { promptId: string; text: string }, acting: Acting): Promise<void> {
		const { limits, now, writer } = this.#scope;
		const text = cleanPromptText(input.text, limits);
		await writer.write(async (draft) => {
			const prompt = await this.promptIn(draft, input.promptId);
			const edited = editedPrompt(prompt, acting(draft), text, now());
			if (prompt === undefined || edited === prompt) return;
			const size = await this.#size(draft);
			const others = { count: size.count - 1, bytes: size.bytes - promptBytes(prompt) };
			checkQueue(others, edited, limits);
			this.#noteSize(draft, { ...size, bytes: others.bytes + promptBytes(edited) });
			draft.put<PromptRow>(edited);
		});
	}

	/** @throws Problem `not_found` `forbidden` */
	async move(input: { promptId: string; after: string | null }, acting: Acting): Promise<void> {
		await this.#scope.writer.write(async (draft) => {
			const prompt = await this.promptIn(draft, input.promptId);
			const after = input.after === null ? null : await this.promptIn(draft, input.after);
			const by = acting(draft);
			if (after === undefined) throw new Problem("not_found", "There is no such prompt to stand behind.");
			const moved = movedPrompts(await this.#waiting(draft), prompt, after, by);
			if (moved.length === 0) return;
			for (const row of moved) draft.put<PromptRow>(row);
			const size = await this.#size(draft);
			this.#noteSize(draft, { ...size, lastAt: Math.max(size.lastAt, ...moved.map(rankOf)) });
		});
	}

	/** @throws Problem `not_found` `forbidden` */
	async remove(promptId: string, acting: Acting): Promise<void> {
		await this.#scope.writer.write(async (draft) => {
			const prompt = await this.promptIn(draft, promptId);
			const removed = removedPrompt(prompt, acting(draft));
			if (prompt === undefined || removed === prompt) return;
			await this.putTaken(draft, prompt, removed);
		});
	}

	/**
	 * Puts a prompt before all others, as a part of a commit. False when it stood there already.
	 * @throws Problem `not_found` `forbidden`
	 */
	async putSentNow(draft: WorkspaceDraft, promptId: string, by: Actor): Promise<boolean> {
		const prompt = await this.promptIn(draft, promptId);
		const sent = sentNowPrompt(await this.#waiting(draft), prompt, by);
		if (sent === prompt) return false;
		draft.put<PromptRow>(sent);
		return true;
	}

	/** Nothing begins by itself any more, or does again. The first to pause it is the one who did. */
	async setPaused(isPaused: boolean, acting: Acting): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			if ((this.#session.seen(draft)?.paused !== undefined) === isPaused) return;
			this.#session.put(draft, { paused: isPaused ? { by, at: this.#scope.now() } : undefined });
			putAct(this.#scope, draft, { type: isPaused ? "queue-paused" : "queue-resumed", by });
		});
	}

	/** What runs next, undefined when nothing may. */
	async next(): Promise<PromptRow | undefined> {
		if (isHeld(this.#session.row)) return undefined;
		const [first] = await queuedPrompts(this.#scope.frame.db, 1);
		return first && nextPrompt([first], this.#session.row?.paused !== undefined);
	}

	/** Whether this very row, with these words, is what runs next as this commit sees it. */
	async isNext(draft: WorkspaceDraft, prompt: PromptRow): Promise<boolean> {
		const session = this.#session.seen(draft);
		if (isHeld(session)) return false;
		const isPaused = session?.paused !== undefined;
		const next = nextPrompt(await this.#waiting(draft), isPaused);
		return next?.id === prompt.id && next.version === prompt.version;
	}

	/** The prompt as this commit sees it. */
	async promptIn(draft: WorkspaceDraft, promptId: string): Promise<PromptRow | undefined> {
		const pending = draft.pending("prompt", promptId);
		return pending?.kind === "prompt" ? pending : promptById(this.#scope.frame.db, promptId);
	}

	/** A waiting prompt leaves the queue, as a part of a commit. */
	async putTaken(draft: WorkspaceDraft, waiting: PromptRow, taken: Omit<PromptRow, "version">): Promise<void> {
		const { count, bytes, lastAt } = await this.#size(draft);
		this.#noteSize(draft, { count: count - 1, bytes: bytes - promptBytes(waiting), lastAt });
		draft.put<PromptRow>(taken);
	}

	async #put(
		draft: WorkspaceDraft,
		said: { userId: string; text: string; nonce: string },
		attachmentIds: readonly string[],
	): Promise<PromptRow> {
		const size = await this.#size(draft);
		const id = this.#scope.newId("p");
		const files = await this.#attachments.putSent(draft, { id, userId: said.userId }, attachmentIds);
		const prompt = { ...said, ...(files.length > 0 && { attachments: files }) };
		checkQueue(size, prompt, this.#scope.limits);
		// Later than every place before it, whatever the clock does: this is what orders the queue.
		const createdAt = Math.max(this.#scope.now(), size.lastAt + 1);
		const bytes = size.bytes + promptBytes(prompt);
		this.#noteSize(draft, { count: size.count + 1, bytes, lastAt: createdAt }, [id]);
		return draft.put<PromptRow>({ kind: "prompt", id, ...prompt, createdAt, status: "queued" });
	}

	/** The waiting prompts as this commit sees them. */
	async #waiting(draft: WorkspaceDraft): Promise<PromptRow[]> {
		const kept = await queuedPrompts(this.#scope.frame.db, this.#scope.limits.promptQueueMax);
		const rows = new Map(kept.map((row) => [row.id, row]));
		for (const id of [...rows.keys(), ...addedIds(draft)]) {
			const pending = draft.pending("prompt", id);
			if (pending?.kind === "prompt") rows.set(id, pending);
		}
		return [...rows.values()].filter(({ status }) => status === "queued").sort(inRunOrder);
	}

	async #known(draft: WorkspaceDraft, userId: string, nonce: string) {
		const noted = draft.noted(nonceKey(userId, nonce));
		return noted?.type === "nonce" ? noted.row : findNonce(this.#scope.frame.db, userId, nonce);
	}

	async #size(draft: WorkspaceDraft): Promise<QueueSize> {
		const noted = draft.noted("queue");
		return noted?.type === "queue" ? noted.size : queueSize(this.#scope.frame.db);
	}

	#noteSize(draft: WorkspaceDraft, size: QueueSize, added: readonly string[] = []): void {
		draft.note("queue", { type: "queue", size, addedIds: [...addedIds(draft), ...added] });
	}

	async #position(promptId: string): Promise<number> {
		const prompt = await promptById(this.#scope.frame.db, promptId);
		return prompt?.status === "queued" ? promptsAhead(this.#scope.frame.db, prompt) : 0;
	}

	#tell(said: z.infer<typeof ChatUser>): void {
		this.#scope.audience.broadcast("chat.user", said);
	}
}

/** Of its words alone, as it always was, or of them and its files. */
const hashOf = (parts: readonly string[]): string => createHash("sha256").update(parts.join("\0")).digest("base64url");

/** Nothing begins, not even what is sent now. */
const isHeld = (session: SessionRow | undefined): boolean =>
	session?.archived !== undefined || session?.deleted !== undefined || session?.origin?.state === "running";

const nonceKey = (userId: string, nonce: string): string => `nonce ${userId} ${nonce}`;

const addedIds = (draft: WorkspaceDraft): readonly string[] => {
	const noted = draft.noted("queue");
	return noted?.type === "queue" ? noted.addedIds : [];
};
