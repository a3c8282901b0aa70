import type { Attachment, AttachmentContent } from "@bullpen/domain/attachment";
import type { FoundFiles } from "@bullpen/domain/find-paths";
import type { Line } from "./line.ts";

/** Files of a workspace that go with prompts, and those that prompts mention. */
export class WorkspaceFiles {
	readonly #line: Line<"workspace">;

	constructor(line: Line<"workspace">) {
		this.#line = line;
	}

	/**
	 * Keeps a file for a prompt to come. Doing it again with the same nonce is the same file.
	 * @throws Problem `bad_input` `text_empty` `text_invalid` `text_too_long` `queue_full` · ConnectionLost
	 */
	async put(nonce: string, name: string, content: AttachmentContent): Promise<Attachment> {
		return (await this.#line.call("putAttachment", { nonce, name, content })).attachment;
	}

	/** Takes back one that was not sent. */
	async remove(attachmentId: string): Promise<void> {
		await this.#line.call("removeAttachment", { attachmentId });
	}

	/** @throws Problem `not_found` for one that is kept no more · ConnectionLost */
	async content(attachmentId: string): Promise<AttachmentContent> {
		return await this.#line.call("getAttachment", { attachmentId });
	}

	/** Starts the sandbox if it does not run. @throws Problem `busy` while that takes long · `sandbox_unavailable` */
	async find(query: string): Promise<FoundFiles> {
		return await this.#line.call("findFiles", { query });
	}
}
