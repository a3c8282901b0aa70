import { Problem } from "./problem.ts";
import type { Actor } from "./prompt-rules.ts";
import type { ChatRow } from "./side-chat.ts";

type Said = Omit<ChatRow, "version">;

/**
 * The message that a nonce already stands for, or undefined for a new one.
 * @throws Problem `nonce_reused`
 */
export const sameChat = <Known extends { readonly textHash: string }>(
	known: Known | undefined,
	textHash: string,
): Known | undefined => {
	if (known !== undefined && known.textHash !== textHash) {
		throw new Problem("nonce_reused", "This nonce already stands for other words.");
	}
	return known;
};

/**
 * Its author's new words, which are clean already. The same words again change nothing.
 * @throws Problem `not_found` `forbidden`
 */
export const editedChat = <Row extends Said>(row: Row | undefined, by: Actor, text: string, at: number): Row => {
	const said = standing(row);
	if (said.userId !== by.userId) throw new Problem("forbidden", "Only its author may edit a message.");
	return said.text === text ? said : { ...said, text, editedAt: Math.max(at, said.at) };
};

/**
 * What is left of a message. Deleting twice changes nothing.
 * @throws Problem `not_found` · `forbidden` for others than author and owner
 */
export const deletedChat = <Row extends Said>(row: Row | undefined, by: Actor, at: number): Said => {
	if (row === undefined) throw notThere();
	if (row.userId !== by.userId && by.role !== "owner") {
		throw new Problem("forbidden", "Only its author and the workspace's owner may delete a message.");
	}
	if (row.deletedAt !== undefined) return row;
	const { editedAt: _, ...kept } = row;
	return { ...kept, text: "", deletedAt: Math.max(at, row.at) };
};

/** What somebody said, as the words of a prompt: whose they are, and every line marked as theirs. */
export const quoteOf = (name: string, text: string): string =>
	[`${name}:`, ...text.split("\n")].map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");

const standing = <Row extends Said>(row: Row | undefined): Row => {
	if (row === undefined || row.deletedAt !== undefined) throw notThere();
	return row;
};

const notThere = (): Problem => new Problem("not_found", "There is no such message.");
