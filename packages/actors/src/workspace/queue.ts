import { createHash } from "node:crypto";
import type { ChatUser, PromptAccepted, PromptRow } from "@bullpen/domain/workspace";
import { checkQueue, cleanPromptText, promptBytes, removedPrompt, samePrompt } from "@bullpen/domain/workspace-rules";
import type { z } from "zod";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { findNonce } from "./store/nonces.ts";
import { promptById, promptsAhead, type QueueSize, queueSize } from "./store/prompts.ts";

type Accepted = z.infer<typeof PromptAccepted>;

/** The shared queue of prompts: durable, first in, first out, one entry per nonce for ever. */
export class Queue {
	readonly #scope: Scope;

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	/**
	 * Takes a prompt in. `also` is written with it. The answer to a nonce that is known is the first one's.
	 * @throws Problem `text_*` `nonce_reused` `queue_full`
	 */
	async add(
		userId: string,
		input: { text: string; nonce?: string | undefined },
		also: (draft: WorkspaceDraft) => void,
	): Promise<Accepted> {
		const text = cleanPromptText(input.text, this.#scope.limits);
		const nonce = input.nonce ?? this.#scope.newId("p");
		const textHash = createHash("sha256").update(text).digest("base64url");
		const { promptId, said } = await this.#scope.writer.write(async (draft) => {
			const known = samePrompt(await this.#known(draft, userId, nonce), textHash);
			if (known !== undefined) return { promptId: known.promptId, said: undefined };
			const row = await this.#put(draft, { userId, text, nonce });
			draft.note(nonceKey(userId, nonce), { type: "nonce", row: { userId, nonce, promptId: row.id, textHash } });
			also(draft);
			return { promptId: row.id, said: { userId, text, createdAt: row.createdAt } };
		});
		if (said !== undefined) this.#tell(said);
		return { promptId, position: await this.#position(promptId) };
	}

	/** @throws Problem `not_found` */
	async remove(by: string, promptId: string, also: (draft: WorkspaceDraft) => void): Promise<void> {
		await this.#scope.writer.write(async (draft) => {
			const prompt = await this.promptIn(draft, promptId);
			const removed = removedPrompt(prompt, by);
			if (prompt === undefined || removed === prompt) return;
			await this.putTaken(draft, prompt, removed);
			also(draft);
		});
	}

	/** The prompt as this commit sees it. */
	async promptIn(draft: WorkspaceDraft, promptId: string): Promise<PromptRow | undefined> {
		const pending = draft.pending("prompt", promptId);
		return pending?.kind === "prompt" ? pending : promptById(this.#scope.frame.db, promptId);
	}

	/** A waiting prompt leaves the queue, as a part of a commit. */
	async putTaken(draft: WorkspaceDraft, waiting: PromptRow, taken: Omit<PromptRow, "version">): Promise<void> {
		const { count, bytes, lastAt } = await this.#size(draft);
		noteSize(draft, { count: count - 1, bytes: bytes - promptBytes(waiting.text), lastAt });
		draft.put<PromptRow>(taken);
	}

	async #put(draft: WorkspaceDraft, said: { userId: string; text: string; nonce: string }): Promise<PromptRow> {
		const size = await this.#size(draft);
		checkQueue(size, said.text, this.#scope.limits);
		// Later than every prompt before it, whatever the clock does: this is what orders the queue.
		const createdAt = Math.max(this.#scope.now(), size.lastAt + 1);
		noteSize(draft, { count: size.count + 1, bytes: size.bytes + promptBytes(said.text), lastAt: createdAt });
		return draft.put<PromptRow>({
			kind: "prompt",
			id: this.#scope.newId("p"),
			...said,
			createdAt,
			status: "queued",
		});
	}

	async #known(draft: WorkspaceDraft, userId: string, nonce: string) {
		const noted = draft.noted(nonceKey(userId, nonce));
		return noted?.type === "nonce" ? noted.row : findNonce(this.#scope.frame.db, userId, nonce);
	}

	async #size(draft: WorkspaceDraft): Promise<QueueSize> {
		const noted = draft.noted("queue");
		return noted?.type === "queue" ? noted.size : queueSize(this.#scope.frame.db);
	}

	async #position(promptId: string): Promise<number> {
		const prompt = await promptById(this.#scope.frame.db, promptId);
		return prompt?.status === "queued" ? promptsAhead(this.#scope.frame.db, prompt.createdAt) : 0;
	}

	#tell(said: z.infer<typeof ChatUser>): void {
		this.#scope.audience.broadcast("chat.user", said);
	}
}

const nonceKey = (userId: string, nonce: string): string => `nonce ${userId} ${nonce}`;

const noteSize = (draft: WorkspaceDraft, size: QueueSize): void => draft.note("queue", { type: "queue", size });
