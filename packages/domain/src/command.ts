import { z } from "zod";
import { BotId } from "./bot.ts";
import { Seq, UnixMs, UserId } from "./id.ts";
import { PAGE_LIMITS } from "./page-limits.ts";

const CommandName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);
/** What a bot does when somebody writes `/name …` in a room that it is in. `hint`: what may follow the name. */
export const BotCommand = z.strictObject({
	name: CommandName,
	description: z.string().min(1).max(PAGE_LIMITS.commandTextCharsMax),
	hint: z.string().max(PAGE_LIMITS.commandTextCharsMax).optional(),
});
export type BotCommand = z.infer<typeof BotCommand>;

/** By a bot, of itself: all that it answers from now on. */
export const SetCommandsInput = z.strictObject({
	commands: z
		.array(BotCommand)
		.max(PAGE_LIMITS.commandsPerBotMax)
		.refine((commands) => new Set(commands.map(({ name }) => name)).size === commands.length, "each name once"),
});
/** By somebody in the room. The answer is that the bot was told. */
export const RunCommandInput = z.strictObject({
	botId: BotId,
	name: CommandName,
	args: z.string().max(PAGE_LIMITS.commandArgsCharsMax),
	/** The thread in which it was written. */
	threadOf: Seq.optional(),
});
/** To the bot's connections alone. `id` is new for each call. */
export const CommandCalled = z.strictObject({
	id: z.string(),
	name: CommandName,
	args: z.string(),
	userId: UserId,
	at: UnixMs,
	threadOf: Seq.optional(),
});
export type CommandCalled = z.infer<typeof CommandCalled>;

/** `to send`: not a command, with the slash of `//` that says so taken away. */
export type Written =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "command"; readonly name: string; readonly args: string };

/**
 * What somebody wrote in a field that takes commands: `/name …` is one, whether there is such a command or not, so that none
 * is ever sent as text by mistake. `//` begins a text that begins with a slash; a path like `/etc/hosts` is a text.
 */
export function readCommand(written: string): Written {
	if (written.startsWith("//")) return { type: "text", text: written.slice(1) };
	const [, name, args = ""] = /^\/([a-z][a-z0-9-]{0,31})(?:\s+([\s\S]*))?$/i.exec(written.trimEnd()) ?? [];
	return name === undefined
		? { type: "text", text: written }
		: { type: "command", name: name.toLowerCase(), args: args.trim() };
}
