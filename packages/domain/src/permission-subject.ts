import { z } from "zod";
import type { PermissionSubject } from "./permission.ts";

const TARGET_CHARS_MAX = 500;
const FILES = new Set(["read", "edit", "delete", "move"]);
const SHELL = /(^|\/)(ba|da|z|k)?sh$/;
const SHELL_COMMAND = /^-[a-z]*c$/;
const PLAIN_WORD = /^[\w./:=@+,%-]+$/;

const text = z.string().min(1).optional().catch(undefined);
const ToolCall = z.object({
	kind: text,
	title: text,
	rawInput: z.unknown().optional(),
	locations: z
		.array(z.object({ path: z.string() }))
		.nullish()
		.catch(undefined),
});
const Command = z
	.union([z.string(), z.array(z.string())])
	.optional()
	.catch(undefined);
const Input = z
	.object({ command: Command, cmd: Command, file_path: text, filepath: text, path: text, url: text })
	.partial()
	.catch({});

/**
 * What an agent's question is about, read from its ACP tool call: agents say it in different words (the recorded requests
 * of codex, claude and opencode are tests). What it cannot tell apart is `other`, known by its title.
 */
export const permissionSubject = (toolCall: unknown): PermissionSubject => {
	const call = ToolCall.catch({ rawInput: null }).parse(toolCall);
	const { kind: toolKind = "other" } = call;
	const target = targetOf(toolKind, call);
	const isKnown = target !== undefined && target !== "" && target.length <= TARGET_CHARS_MAX;
	return isKnown ? { toolKind, target } : { toolKind };
};

/** Undefined where it cannot be told for sure. A title may be the same for different commands, files and addresses. */
const targetOf = (toolKind: string, { title, rawInput, locations }: z.infer<typeof ToolCall>): string | undefined => {
	const input = Input.parse(rawInput);
	if (toolKind === "execute") return commandText(input.command ?? input.cmd);
	if (toolKind === "fetch") return input.url;
	if (!FILES.has(toolKind)) return title;
	const paths = new Set(locations?.map(({ path }) => path));
	return paths.size > 1 ? undefined : ([...paths][0] ?? input.file_path ?? input.filepath ?? input.path);
};

/** A command as somebody would type it; what a shell is given is that itself. */
const commandText = (command: string | readonly string[] | undefined): string | undefined => {
	if (command === undefined || typeof command === "string") return command;
	const [program = "", flag = "", script] = command;
	if (command.length === 3 && script !== undefined && SHELL.test(program) && SHELL_COMMAND.test(flag)) return script;
	return command.map((word) => (PLAIN_WORD.test(word) ? word : JSON.stringify(word))).join(" ");
};
