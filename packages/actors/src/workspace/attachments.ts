import {
	type Attachment,
	type AttachmentContent,
	attachmentOf,
	checkAttachments,
	checkWaiting,
	type PutAttachmentInput,
} from "@bullpen/domain/attachment";
import { Problem } from "@bullpen/domain/problem";
import type { z } from "zod";
import type { AttachedFile } from "./agent/attached-file.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";
import {
	attachmentContent,
	attachmentOfNonce,
	attachmentsById,
	forgetAttachments,
	putAttachment,
	removeUnsent,
	waitingBytes,
} from "./store/attachments.ts";

/** Files of prompts: kept before their prompt is sent, each for one prompt of whoever kept it. */
export class Attachments {
	readonly #scope: Scope;
	/** One is kept after the other, so that together they stay within their bound. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(scope: Scope) {
		this.#scope = scope;
	}

	/** @throws Problem `bad_input` `text_empty` `text_invalid` `text_too_long` `queue_full` */
	put(userId: string, { nonce, name, content }: z.infer<typeof PutAttachmentInput>): Promise<Attachment> {
		const attachment = attachmentOf(this.#scope.newId("f"), name, content);
		const kept = this.#last.then(() => this.#keep(userId, nonce, attachment, content));
		this.#last = kept.catch(() => undefined); // whoever asked for it hears of it
		return kept;
	}

	async #keep(userId: string, nonce: string, attachment: Attachment, content: AttachmentContent): Promise<Attachment> {
		const { frame, limits, now } = this.#scope;
		const known = await attachmentOfNonce(frame.db, userId, nonce);
		if (known !== undefined) return known;
		const createdAt = now();
		await forgetAttachments(frame.db, createdAt - limits.attachmentUnsentMs, limits.attachmentsKept);
		checkWaiting(await waitingBytes(frame.db, userId), attachment, limits);
		await putAttachment(frame.db, { attachment, content, userId, nonce, createdAt });
		return attachment;
	}

	/** One that was sent stays with its prompt. */
	async remove(userId: string, id: string): Promise<void> {
		await removeUnsent(this.#scope.frame.db, userId, id);
	}

	/** @throws Problem `not_found` */
	async content(id: string): Promise<AttachmentContent> {
		const content = await attachmentContent(this.#scope.frame.db, id);
		if (content === undefined) throw new Problem("not_found", "This file is not kept.");
		return content;
	}

	/**
	 * These files go with this prompt, as a part of the commit that takes it in.
	 * @throws Problem `not_found` for one that is not kept, is somebody else's, or went with another prompt · `bad_input`
	 */
	async putSent(
		draft: WorkspaceDraft,
		prompt: { id: string; userId: string },
		ids: readonly string[],
	): Promise<Attachment[]> {
		if (ids.length === 0) return [];
		const kept = new Map((await attachmentsById(this.#scope.frame.db, ids)).map((one) => [one.attachment.id, one]));
		const attachments = [...new Set(ids)].map((id) => {
			const one = kept.get(id);
			const isTheirs = one?.userId === prompt.userId && one.promptId === null;
			if (!isTheirs || draft.noted(sentKey(id)) !== undefined) {
				throw new Problem("not_found", "A file of this prompt is not kept any more. Attach it again.");
			}
			return one.attachment;
		});
		checkAttachments(attachments, this.#scope.limits);
		for (const { id } of attachments) draft.note(sentKey(id), { type: "sent", promptId: prompt.id, attachmentId: id });
		return attachments;
	}

	/** What the agent is given of a prompt's files. */
	async filesOf(attachments: readonly Attachment[] = []): Promise<AttachedFile[]> {
		const files: AttachedFile[] = [];
		for (const attachment of attachments) {
			const content = await attachmentContent(this.#scope.frame.db, attachment.id);
			if (content?.type === "image" && attachment.type === "image") {
				files.push({ type: "image", name: attachment.name, mimeType: attachment.mimeType, data: content.data });
			}
			if (content?.type === "text") files.push({ type: "text", name: attachment.name, text: content.text });
		}
		return files;
	}
}

const sentKey = (id: string): string => `sent ${id}`;
