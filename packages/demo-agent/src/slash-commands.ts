import type { Conversation } from "./conversation.ts";
import type { Command } from "./update.ts";

const ALWAYS: readonly Command[] = [
	{ name: "help", description: "Say what I understand" },
	{ name: "list", description: "List a folder", input: { hint: "folder" } },
	{ name: "read", description: "Show a file", input: { hint: "file" } },
	{ name: "search", description: "Find text in files", input: { hint: "text" } },
	{ name: "plan", description: "Show the steps, do none", input: { hint: "steps" } },
];
const WITH_PAST: readonly Command[] = [
	{ name: "history", description: "Say what was asked before" },
	{ name: "forget", description: "Forget what was asked before" },
];

/** What of the requests is offered as a command: what is of no use yet, or any more, is not. */
export const commandsFor = ({ turns }: Conversation): Command[] => [...ALWAYS, ...(turns.length > 0 ? WITH_PAST : [])];

const CALLED = new RegExp(`^\\s*/(?=(?:${[...ALWAYS, ...WITH_PAST].map(({ name }) => name).join("|")})(?:\\s|$))`, "i");

/** `/list src` is asked for as `list src` is. */
export const withoutSlash = (prompt: string): string => prompt.replace(CALLED, "");
