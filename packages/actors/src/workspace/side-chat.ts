import { createHash } from "node:crypto";
import { cleanMessageText } from "@bullpen/domain/message-rules";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { ChatPage, ChatRow, SendChatInput } from "@bullpen/domain/side-chat";
import { deletedChat, editedChat, sameChat } from "@bullpen/domain/side-chat-rules";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import { type ChatNonce, chatBelow, chatById, findChatNonce } from "./store/chat.ts";
import { readCounters } from "./store/feed.ts";
import { withinBytes } from "./views.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

/** What people say beside the agent. Nothing here is known to whatever speaks to the agent. */
export class SideChat {
	readonly #scope: Scope;

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	/** The head is read first: rows may be newer, and come again with the batch that made them so. */
	async page(input: { before?: number | undefined; limit?: number | undefined }): Promise<ChatPage> {
		const { frame, limits } = this.#scope;
		const { seq, version, epoch } = await readCounters(frame.db);
		const limit = Math.min(input.limit ?? limits.sideChatPageDefault, limits.sideChatPageMax);
		const found = await chatBelow(frame.db, input.before ?? Number.MAX_SAFE_INTEGER, limit + 1);
		const messages = withinBytes(found.slice(0, limit), limits.historyPageBytesMax);
		return {
			messages: messages.reverse(),
			head: { seq, version, epoch },
			hasMore: found.length > messages.length,
		};
	}

	/**
	 * The answer to a nonce that is known is the first one's.
	 * @throws Problem `text_*` `nonce_reused`
	 */
	async send(userId: string, input: SendChatInput, acting: Acting): Promise<{ id: number }> {
		const { limits, now, writer, newId } = this.#scope;
		const text = cleanMessageText(input.text, limits);
		const nonce = input.nonce ?? newId("p");
		const textHash = createHash("sha256").update(text).digest("base64url");
		return writer.write(async (draft) => {
			const known = sameChat(await this.#known(draft, userId, nonce), textHash);
			if (known !== undefined) return { id: known.chatId };
			acting(draft);
			const id = await this.#nextId(draft);
			draft.put<ChatRow>({ kind: "chat", id, userId, text, nonce, at: now() });
			draft.note("chat head", { type: "chat-head", id });
			const row = { userId, nonce, chatId: id, textHash };
			draft.note(nonceKey(userId, nonce), { type: "chat-nonce", row });
			return { id };
		});
	}

	/** @throws Problem `text_*` `not_found` `forbidden` */
	async edit(input: { id: number; text: string }, acting: Acting): Promise<void> {
		const { limits, now, writer } = this.#scope;
		const text = cleanMessageText(input.text, limits);
		await writer.write(async (draft) => {
			const by = acting(draft);
			const row = await this.#row(draft, input.id);
			const edited = editedChat(row, by, text, now());
			if (edited !== row) draft.put<ChatRow>(edited);
		});
	}

	/** @throws Problem `not_found` `forbidden` */
	async remove(id: number, acting: Acting): Promise<void> {
		await this.#scope.writer.write(async (draft) => {
			const by = acting(draft);
			const row = await this.#row(draft, id);
			const deleted = deletedChat(row, by, this.#scope.now());
			if (deleted !== row) draft.put<ChatRow>(deleted);
		});
	}

	async #row(draft: WorkspaceDraft, id: number): Promise<ChatRow | undefined> {
		const pending = draft.pending("chat", id);
		return pending?.kind === "chat" ? pending : chatById(this.#scope.frame.db, id);
	}

	async #nextId(draft: WorkspaceDraft): Promise<number> {
		const noted = draft.noted("chat head");
		if (noted?.type === "chat-head") return noted.id + 1;
		const [newest] = await chatBelow(this.#scope.frame.db, Number.MAX_SAFE_INTEGER, 1);
		return (newest?.id ?? 0) + 1;
	}

	async #known(draft: WorkspaceDraft, userId: string, nonce: string): Promise<ChatNonce | undefined> {
		const noted = draft.noted(nonceKey(userId, nonce));
		return noted?.type === "chat-nonce" ? noted.row : findChatNonce(this.#scope.frame.db, userId, nonce);
	}
}

const nonceKey = (userId: string, nonce: string): string => `chat nonce ${userId} ${nonce}`;
