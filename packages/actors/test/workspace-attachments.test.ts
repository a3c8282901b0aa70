import type { AttachmentContent } from "@bullpen/domain/attachment";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import { ended, eventually, refusal, WorkspaceTown } from "./workspace-town.ts";

const GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const PICTURE: AttachmentContent = { type: "image", data: GIF };
const words = (text: string): AttachmentContent => ({ type: "text", text });

let town: WorkspaceTown;
beforeAll(async () => {
	town = await WorkspaceTown.open({
		...NO_RATES,
		workspaceIdleMs: 300,
		attachmentsWaitingBytesMax: 1_500,
		attachmentsWaitingBytesPerPersonMax: 1_000,
	});
});
afterAll(() => town?.close());

test("[ATT7] files go with a prompt, to the agent and to everybody, in their order", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	const notes = await ada.connection.putAttachment({ nonce: "n1", name: "notes.md", content: words("hi") });
	const shot = await ada.connection.putAttachment({ nonce: "n2", name: "shot.gif", content: PICTURE });
	const attachments = [shot.attachment.id, notes.attachment.id];
	await ada.connection.prompt({ text: "files", nonce: "p", attachments });
	await ended(bob, 1);
	expect(bob.texts).toEqual(["files", "image shot.gif, text notes.md"]);
	expect(bob.view.items[0]?.body).toMatchObject({ attachments: [shot.attachment, notes.attachment] });
	const [attachmentId = ""] = attachments;
	expect(await bob.connection.getAttachment({ attachmentId })).toEqual(PICTURE);
	expect(await ada.connection.prompt({ text: "files", nonce: "p", attachments })).toHaveProperty("promptId");
	const other = ada.connection.prompt({ text: "files", nonce: "p" });
	expect(await refusal(other)).toMatchObject({ code: "nonce_reused" });
});

test("[ATT8] a file is its sender's, for one prompt; told again it is the same, and unsent it can be taken back", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	const put = () => ada.connection.putAttachment({ nonce: "n", name: "a.txt", content: words("a") });
	const [{ attachment }, again] = await Promise.all([put(), put()]);
	expect(again.attachment).toEqual(attachment);
	const attachmentId = attachment.id;
	const theirs = bob.connection.prompt({ text: "say no", attachments: [attachmentId] });
	expect(await refusal(theirs)).toMatchObject({ code: "not_found" });
	await bob.connection.removeAttachment({ attachmentId });
	await ada.connection.prompt({ text: "files", attachments: [attachmentId] });
	await ada.connection.removeAttachment({ attachmentId });
	await ended(ada, 1);
	expect(await ada.connection.getAttachment({ attachmentId })).toEqual(words("a"));
	const twice = ada.connection.prompt({ text: "files", attachments: [attachmentId] });
	expect(await refusal(twice)).toMatchObject({ code: "not_found" });
	const unsent = (await ada.connection.putAttachment({ nonce: "m", name: "b", content: words("b") })).attachment.id;
	await ada.connection.removeAttachment({ attachmentId: unsent });
	expect(await refusal(ada.connection.getAttachment({ attachmentId: unsent }))).toMatchObject({ code: "not_found" });
});

test("[ATT2] a file that is none, and one more than may wait of one person or of all, are refused", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	const put = (nonce: string, content: AttachmentContent) =>
		ada.connection.putAttachment({ nonce, name: "x", content });
	expect(await refusal(put("a", { type: "image", data: "aGVsbG8=" }))).toMatchObject({ code: "bad_input" });
	await Promise.all(["b", "c"].map((nonce) => put(nonce, words("x".repeat(500)))));
	expect(await refusal(put("d", words("x")))).toMatchObject({ code: "queue_full", metadata: { bytesMax: 1_000 } });
	await bob.connection.putAttachment({ nonce: "e", name: "x", content: words("x".repeat(500)) });
	const last = bob.connection.putAttachment({ nonce: "f", name: "x", content: words("x") });
	expect(await refusal(last)).toMatchObject({ code: "queue_full", metadata: { bytesMax: 1_500 } });
});

test("[ATT9] kill -9 loses no file: neither one that waits with its prompt, nor one that was not sent", async () => {
	const [id, ada] = await town.found("ada");
	const keep = async (nonce: string) =>
		(await ada.connection.putAttachment({ nonce, name: `${nonce}.txt`, content: words(nonce) })).attachment;
	const [sent, unsent] = [await keep("sent"), await keep("unsent")];
	await ada.connection.prompt({ text: "wait" });
	await eventually(() => expect(ada.view.runningTurn).not.toBeNull());
	await ada.connection.prompt({ text: "files", attachments: [sent.id] });
	await town.visitors.leave();
	await town.crash();
	const after = await town.visitors.watch(id, "ada");
	await after.connection.prompt({ text: "files", nonce: "late", attachments: [unsent.id] });
	await ended(after, 3);
	expect(after.texts.filter((text) => text.startsWith("text "))).toEqual(["text sent.txt", "text unsent.txt"]);
}, 40_000);

test("[ATT5] whoever may prompt finds files by parts of their paths", async () => {
	const [id, ada] = await town.found("ada");
	expect(await ada.connection.findFiles({ query: "mn" })).toEqual({
		paths: ["src/main.ts", "src/main.test.ts"],
		isPartial: false,
	});
	const guest = town.visitors.handle(id, "gus", "guest");
	expect(await refusal(guest.findFiles({ query: "" }))).toMatchObject({ code: "forbidden" });
});
