import { expect, test } from "vitest";
import { deletedChat, editedChat, quoteOf, sameChat } from "./side-chat-rules.ts";
import { refusal } from "./test/refusal.ts";

const said = { kind: "chat", id: 3, version: 7, userId: "ada", text: "look at this", at: 100 } as const;
const ada = { userId: "ada", role: "viewer" } as const;
const bob = { userId: "bob", role: "prompter" } as const;
const owner = { userId: "eve", role: "owner" } as const;

test("[CHAT2] a nonce stands for the same words only", () => {
	const known = { id: 1, textHash: "a" };
	expect(sameChat(undefined, "a")).toBeUndefined();
	expect(sameChat(known, "a")).toBe(known);
	expect(refusal(() => sameChat(known, "b")).code).toBe("nonce_reused");
});

test("[CHAT3] its author edits, and the same words change nothing", () => {
	expect(editedChat(said, ada, "look there", 120)).toMatchObject({ text: "look there", editedAt: 120 });
	expect(editedChat(said, ada, "look there", 90)).toMatchObject({ editedAt: 100 });
	expect(editedChat(said, ada, said.text, 120)).toBe(said);
	for (const by of [bob, owner]) expect(refusal(() => editedChat(said, by, "no", 120)).code).toBe("forbidden");
	expect(refusal(() => editedChat(undefined, ada, "no", 120)).code).toBe("not_found");
});

test("[CHAT3] author and owner delete, and nothing that was said is left", () => {
	const edited = editedChat(said, ada, "look there", 120);
	const gone = deletedChat(edited, ada, 130);
	expect(gone).toMatchObject({ id: 3, userId: "ada", text: "", deletedAt: 130 });
	expect(gone).not.toHaveProperty("editedAt");
	expect(deletedChat(said, owner, 130)).toMatchObject({ text: "" });
	expect(deletedChat(gone, ada, 140)).toBe(gone);
	expect(refusal(() => deletedChat(said, bob, 130)).code).toBe("forbidden");
	expect(refusal(() => deletedChat(undefined, ada, 130)).code).toBe("not_found");
	expect(refusal(() => editedChat({ ...said, deletedAt: 130 }, ada, "back", 140)).code).toBe("not_found");
});

test("[CHAT4] a quotation says whose words it has, line by line", () => {
	expect(quoteOf("Ada Lovelace", "one\n\ntwo")).toBe("> Ada Lovelace:\n> one\n>\n> two");
});
