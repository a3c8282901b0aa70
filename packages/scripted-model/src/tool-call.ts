import type { Tool } from "./conversation.ts";
import type { Directive } from "./directive.ts";

export interface ToolCall {
	readonly name: string;
	/** Arguments as JSON, or free text for a tool that takes that. */
	readonly input: Readonly<Record<string, unknown>> | string;
}

type Make = (rest: string) => Readonly<Record<string, unknown>> | string;
type Table = Readonly<Record<string, Make>>;

/** Tools by the names the agents give them, best first: codex, then claude, then opencode. */
const RUN: Table = {
	exec_command: (cmd) => ({ cmd }),
	shell_command: (command) => ({ command }),
	shell: (command) => ({ command: ["bash", "-lc", command] }),
	Bash: (command) => ({ command, description: "Run what was asked for" }),
	bash: (command) => ({ command, description: "Run what was asked for" }),
};

const ESCALATED = { sandbox_permissions: "require_escalated", justification: "It has to run outside the sandbox." };
const ASKRUN: Table = {
	...RUN,
	exec_command: (cmd) => ({ cmd, ...ESCALATED }),
	shell_command: (command) => ({ command, ...ESCALATED }),
};

const WRITE: Table = {
	Write: (rest) => ({ file_path: fileOf(rest), content: `${contentOf(rest)}\n` }),
	write: (rest) => ({ filePath: fileOf(rest), content: `${contentOf(rest)}\n` }),
	apply_patch: (rest) => `*** Begin Patch\n*** Add File: ${fileOf(rest)}\n+${contentOf(rest)}\n*** End Patch\n`,
	exec_command: (rest) => ({ cmd: writeCommand(rest) }),
	shell_command: (rest) => ({ command: writeCommand(rest) }),
	shell: (rest) => ({ command: ["bash", "-lc", writeCommand(rest)] }),
};

const STEPS = [
	{ step: "Read the code", status: "completed" },
	{ step: "Fix the bug", status: "in_progress" },
	{ step: "Run the tests", status: "pending" },
] as const;
const todos = () => ({
	todos: STEPS.map(({ step, status }) => ({ content: step, status, activeForm: step, priority: "medium" })),
});
const PLAN: Table = {
	update_plan: () => ({ explanation: "A scripted plan.", plan: STEPS }),
	TodoWrite: todos,
	todowrite: todos,
};

const TABLES: Partial<Record<Directive["name"], Table>> = { RUN, ASKRUN, WRITE, PLAN };

/** The call that does what was asked for, with the first tool that can; undefined when none can. */
export function toolCallOf({ name, rest }: Directive, tools: readonly Tool[]): ToolCall | undefined {
	for (const [toolName, make] of Object.entries(TABLES[name] ?? {})) {
		const tool = tools.find((each) => each.name === toolName);
		if (!tool) continue;
		const input = make(rest);
		if (typeof input !== "string" || tool.isFreeform) return { name: toolName, input };
		return { name: toolName, input: { [tool.fields[0] ?? "input"]: input } };
	}
	return undefined;
}

const fileOf = (rest: string): string => rest.split(" ")[0] ?? "";
const contentOf = (rest: string): string => rest.split(" ").slice(1).join(" ");
const writeCommand = (rest: string): string => `printf '%s\\n' ${quote(contentOf(rest))} > ${quote(fileOf(rest))}`;
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
