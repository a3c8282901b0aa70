import { CappedOutput } from "./capped-output.ts";
import {
	type Conversation,
	type ToolKind,
	usage,
	withAllowed,
	withAnswer,
	withoutTurns,
	withPrompt,
} from "./conversation.ts";
import { parse, type Step } from "./parse.ts";
import { commandsFor, withoutSlash } from "./slash-commands.ts";
import { type PermissionRequest, type PlanEntry, type StopReason, textBlock, toolText, type Update } from "./update.ts";
import { type Workspace, WorkspaceError } from "./workspace.ts";

export const DEMO_LABEL = "Demo agent: no model, only a small set of requests.";

/** What a turn needs from the process it runs in. */
export interface TurnContext {
	readonly workspace: Workspace;
	/** What came with the prompt beside its words. */
	readonly attached: readonly string[];
	readonly signal: AbortSignal;
	emit(update: Update): void;
	/** The chosen `optionId`; undefined when nobody chose or the turn was cancelled. */
	ask(request: PermissionRequest): Promise<string | undefined>;
	/** Called before the first effect and after the last one: what is kept here is known after a restart. */
	remember(conversation: Conversation): Promise<void>;
	/** Waits between two pieces of text or of output. */
	pause(of: "words" | "output"): Promise<void>;
	/** Never used before in this session, also not by an earlier process. */
	toolCallId(): string;
}

/** One turn: reads the prompt into steps and does them in order. What changes something is asked first. */
export async function runTurn(prompt: string, before: Conversation, context: TurnContext): Promise<StopReason> {
	const turn = new DemoTurn(withPrompt(before, prompt), before, context);
	await context.remember(turn.conversation);
	tellCommands(before, context);
	try {
		return await turn.run(prompt);
	} finally {
		const after = withAnswer(turn.conversation, turn.said);
		await context.remember(after);
		tellCommands(after, context);
	}
}

const tellCommands = (conversation: Conversation, { emit }: TurnContext): void =>
	emit({ sessionUpdate: "available_commands_update", availableCommands: commandsFor(conversation) });

/** `@src/a.ts` is a file as `src/a.ts` is; the mark is for programs that make a link of it. */
const withoutMarks = (prompt: string): string =>
	prompt.replaceAll(/(?<=^|\s)@(?:"([^"\n]+)"|(?=[^\s@]))/g, (_, quoted: string | undefined) => quoted ?? "");

class DemoTurn {
	conversation: Conversation;
	said = "";
	readonly #before: Conversation;
	readonly #context: TurnContext;

	constructor(conversation: Conversation, before: Conversation, context: TurnContext) {
		this.conversation = conversation;
		this.#before = before;
		this.#context = context;
	}

	async run(prompt: string): Promise<StopReason> {
		const { emit, signal, attached } = this.#context;
		const steps = parse(withoutMarks(withoutSlash(prompt)));
		try {
			if (this.#before.turns.length === 0) await this.#say(`${DEMO_LABEL}\n\n`);
			if (attached.length > 0)
				await this.#say(`You gave me ${attached.join(", ")}. Without a model I cannot look at it.\n\n`);
			if (steps.length === 0) await this.#say("There is nothing to do in that. Say help to see what I understand.");
			else if (steps.length === 1 && steps[0]) await this.#do(steps[0]);
			else await this.#doAll(steps);
		} catch (error) {
			if (!signal.aborted) throw error;
		}
		emit({ sessionUpdate: "usage_update", ...usage(withAnswer(this.conversation, this.said)) });
		return signal.aborted ? "cancelled" : "end_turn";
	}

	async #doAll(steps: readonly Step[]): Promise<void> {
		const { emit } = this.#context;
		emit({ sessionUpdate: "agent_thought_chunk", content: textBlock(`I read ${steps.length} steps in that.`) });
		for (const [at, step] of steps.entries()) {
			emit({ sessionUpdate: "plan", entries: planOf(steps, at) });
			const worked = await this.#do(step);
			const left = steps.length - at - 1;
			if (!worked && left > 0)
				return this.#say(`I stop here; ${left === 1 ? "one step is" : `${left} steps are`} not done.`);
		}
		emit({ sessionUpdate: "plan", entries: planOf(steps, steps.length) });
	}

	/** Says whether the steps after it still make sense. */
	async #do(step: Step): Promise<boolean> {
		this.#context.signal.throwIfAborted();
		try {
			return await this.#doStep(step);
		} catch (error) {
			if (!(error instanceof WorkspaceError)) throw error;
			await this.#say(`${error.message}\n\n`);
			return false;
		}
	}

	async #doStep(step: Step): Promise<boolean> {
		const { workspace } = this.#context;
		switch (step.do) {
			case "help":
				return this.#tell(HELP);
			case "history":
				return this.#tell(historyText(this.#before));
			case "forget":
				await this.#tell("I forget what you asked before. Files stay as they are.\n\n");
				this.conversation = withoutTurns(this.conversation);
				return true;
			case "unknown":
				return this.#tell(`I did not understand “${clip(step.text, 80)}”. ${DEMO_LABEL} Say help to see them.\n\n`);
			case "plan":
				return this.#plan(step.steps);
			case "list":
				return this.#look("read", `List ${step.path}`, step.path, async () => {
					const entries = await workspace.list(step.path);
					const lines = entries.map((entry) =>
						entry.isFolder ? `${entry.path}/` : `${entry.path} (${entry.bytes} bytes)`,
					);
					return {
						output: lines.join("\n") || "(empty)",
						summary: `${count(entries.length, "entry", "entries")}${step.path === "." ? "" : ` in ${step.path}`}.`,
					};
				});
			case "read":
				return this.#look("read", `Read ${step.path}`, step.path, async () => {
					const text = await workspace.read(step.path);
					return {
						output: text,
						summary: `${step.path} has ${count(lineCount(text), "line", "lines")}.\n\n${fenced(text)}`,
					};
				});
			case "search":
				return this.#look("search", `Search “${clip(step.text, 60)}” in ${step.path}`, step.path, async () => {
					const matches = await workspace.search(step.text, step.path);
					const lines = matches.map((match) => `${match.path}:${match.line}: ${match.text}`);
					return { output: lines.join("\n") || "(nothing)", summary: `${count(matches.length, "match", "matches")}.` };
				});
			case "write":
				return this.#change(`Write ${step.path}`, step.path, () => step.text);
			case "append":
				return this.#change(`Append to ${step.path}`, step.path, (old) => {
					const start = old ?? "";
					return `${start}${start === "" || start.endsWith("\n") ? "" : "\n"}${step.text}`;
				});
			case "replace":
				return this.#change(`Edit ${step.path}`, step.path, (old) => {
					if (old === null) throw new WorkspaceError(`There is no file ${step.path}.`);
					if (!old.includes(step.from))
						throw new WorkspaceError(`${step.path} does not contain “${clip(step.from, 60)}”.`);
					return old.replaceAll(step.from, () => step.to);
				});
			case "run":
				return this.#run(step.command);
		}
	}

	/** A tool that changes nothing needs no permission. */
	async #look(
		kind: "read" | "search",
		title: string,
		path: string,
		work: () => Promise<{ output: string; summary: string }>,
	): Promise<boolean> {
		const { emit, workspace } = this.#context;
		const toolCallId = this.#context.toolCallId();
		const locations = [{ path: workspace.absolute(path) }];
		emit({ sessionUpdate: "tool_call", toolCallId, title, kind, status: "in_progress", locations, rawInput: { path } });
		const { output, summary } = await this.#orFail(toolCallId, work);
		emit({ sessionUpdate: "tool_call_update", toolCallId, status: "completed", content: [toolText(output)] });
		return this.#tell(`${summary}\n\n`);
	}

	async #change(title: string, path: string, next: (old: string | null) => string): Promise<boolean> {
		const { emit, workspace } = this.#context;
		const toolCallId = this.#context.toolCallId();
		const at = workspace.absolute(path);
		const call = { toolCallId, title, kind: "edit", locations: [{ path: at }], rawInput: { path } } as const;
		emit({ sessionUpdate: "tool_call", ...call, locations: [...call.locations], status: "pending" });
		const { old, diff } = await this.#orFail(toolCallId, async () => {
			const old = await workspace.read(path).catch((error: unknown) => {
				if (error instanceof WorkspaceError && error.message.startsWith("There is no")) return null;
				throw error;
			});
			return { old, diff: { type: "diff", path: at, oldText: old, newText: next(old) } as const };
		});
		if (old === diff.newText) {
			emit({ sessionUpdate: "tool_call_update", toolCallId, status: "completed", content: [] });
			return this.#tell(`${path} already says that.\n\n`);
		}
		const toolCall = { ...call, locations: [...call.locations], status: "pending" as const, content: [diff] };
		if (!(await this.#mayDo(toolCall))) return false;
		emit({ sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" });
		await this.#orFail(toolCallId, () => workspace.write(path, diff.newText));
		emit({ sessionUpdate: "tool_call_update", toolCallId, status: "completed", content: [diff] });
		return this.#tell(`${old === null ? "Created" : "Changed"} ${path}.\n\n`);
	}

	async #run(command: string): Promise<boolean> {
		const { emit, workspace, signal } = this.#context;
		if ("refusal" in workspace.running) {
			await this.#say(`I cannot run anything here: ${workspace.running.refusal}\n\n`);
			return false;
		}
		const toolCallId = this.#context.toolCallId();
		const call = { toolCallId, title: clip(command, 120), kind: "execute", rawInput: { command } } as const;
		emit({ sessionUpdate: "tool_call", ...call, status: "pending" });
		if (!(await this.#mayDo({ ...call, status: "pending" }))) return false;
		emit({ sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" });

		const output = new CappedOutput();
		const { run } = workspace.running;
		const ended = this.#orFail(toolCallId, () => run(command, { signal, onOutput: (text) => output.add(text) }));
		const result = await this.#showWhile(ended, toolCallId, output);
		const worked = result.exitCode === 0 && !signal.aborted;
		emit({
			sessionUpdate: "tool_call_update",
			toolCallId,
			status: worked ? "completed" : "failed",
			content: [toolText(output.text())],
			rawOutput: { exitCode: result.exitCode, ...(result.signal === null ? {} : { signal: result.signal }) },
		});
		signal.throwIfAborted();
		if (worked) return this.#tell("It ran without an error.\n\n");
		await this.#say(`It ended with ${result.signal ?? `exit code ${result.exitCode}`}.\n\n`);
		return false;
	}

	/** Shows the output as it grows: the whole of what is shown, since an update replaces the one before. */
	async #showWhile<T>(ended: Promise<T>, toolCallId: string, output: CappedOutput): Promise<T> {
		let isOver = false;
		const over = ended.then(
			() => undefined,
			() => undefined,
		);
		void over.then(() => {
			isOver = true;
		});
		let shown = 0;
		// After an abort there is no pause to wait for, only the end.
		while (!isOver && !this.#context.signal.aborted) {
			await Promise.race([over, this.#context.pause("output")]);
			if (isOver || output.seen === shown) continue;
			shown = output.seen;
			this.#context.emit({ sessionUpdate: "tool_call_update", toolCallId, content: [toolText(output.text())] });
		}
		return ended;
	}

	/** Asks unless somebody allowed this kind for the session. Anything but a clear yes is a no. */
	async #mayDo(toolCall: PermissionRequest["toolCall"]): Promise<boolean> {
		const { emit, signal } = this.#context;
		if (this.conversation.allowed.includes(toolCall.kind)) return true;
		const chosen = await this.#context.ask({ toolCall, options: optionsFor(toolCall.kind) });
		signal.throwIfAborted();
		if (chosen === "allow_always") this.conversation = withAllowed(this.conversation, toolCall.kind);
		if (chosen === "allow_always" || chosen === "allow_once") return true;
		const content = [toolText("Not allowed.")];
		emit({ sessionUpdate: "tool_call_update", toolCallId: toolCall.toolCallId, status: "failed", content });
		await this.#say("All right, I leave that.\n\n");
		return false;
	}

	async #orFail<T>(toolCallId: string, work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			const text = error instanceof Error ? error.message : "It failed.";
			this.#context.emit({
				sessionUpdate: "tool_call_update",
				toolCallId,
				status: "failed",
				content: [toolText(text)],
			});
			throw error instanceof WorkspaceError || this.#context.signal.aborted ? error : new WorkspaceError(text);
		}
	}

	async #plan(steps: readonly Step[]): Promise<boolean> {
		if (steps.length === 0) return this.#tell("Tell me what to plan: plan read a.txt then run ls\n\n");
		this.#context.emit({ sessionUpdate: "plan", entries: planOf(steps, -1) });
		return this.#tell("That is the plan; I did none of it. Send the same without “plan” to do it.\n\n");
	}

	async #tell(text: string): Promise<boolean> {
		await this.#say(text);
		return true;
	}

	async #say(text: string): Promise<void> {
		const { emit, pause, signal } = this.#context;
		for (const piece of piecesOf(text)) {
			signal.throwIfAborted();
			emit({ sessionUpdate: "agent_message_chunk", content: textBlock(piece) });
			this.said += piece;
			await pause("words");
		}
	}
}

const PIECES_MAX = 40;

/** A few words at a time, whatever the length. */
function piecesOf(text: string): string[] {
	const words = text.match(/\s*\S+\s*/g) ?? [];
	const size = Math.max(3, Math.ceil(words.length / PIECES_MAX));
	const pieces: string[] = [];
	for (let at = 0; at < words.length; at += size) pieces.push(words.slice(at, at + size).join(""));
	return pieces;
}

function optionsFor(kind: ToolKind): PermissionRequest["options"] {
	const what = kind === "execute" ? "commands" : "edits";
	return [
		{ optionId: "allow_once", name: "Allow", kind: "allow_once" },
		{ optionId: "allow_always", name: `Allow all ${what} in this workspace`, kind: "allow_always" },
		{ optionId: "reject_once", name: "Deny", kind: "reject_once" },
	];
}

/** `at` is the step being done; -1 for none yet. */
function planOf(steps: readonly Step[], at: number): PlanEntry[] {
	return steps.map((step, i) => ({
		content: describe(step),
		priority: "medium",
		status: i < at ? "completed" : i === at ? "in_progress" : "pending",
	}));
}

function describe(step: Step): string {
	switch (step.do) {
		case "help":
			return "Say what I understand";
		case "history":
			return "Say what was asked before";
		case "forget":
			return "Forget what was asked before";
		case "list":
			return `List ${step.path}`;
		case "read":
			return `Read ${step.path}`;
		case "search":
			return `Search “${clip(step.text, 60)}”`;
		case "write":
			return `Write ${step.path}`;
		case "append":
			return `Append to ${step.path}`;
		case "replace":
			return `Replace “${clip(step.from, 40)}” in ${step.path}`;
		case "run":
			return `Run ${clip(step.command, 80)}`;
		case "plan":
			return "Make a plan";
		case "unknown":
			return `(not understood) ${clip(step.text, 80)}`;
	}
}

function historyText({ turns }: Conversation): string {
	if (turns.length === 0) return "You have not asked anything before.\n\n";
	const shown = turns.slice(-20);
	const lines = shown.map((turn, i) => `${turns.length - shown.length + i + 1}. ${clip(turn.prompt, 200)}`);
	return `You asked before:\n\n${lines.join("\n")}\n\n`;
}

const HELP = `${DEMO_LABEL} I understand:

- list [folder]
- read <file>
- search <text> [in <folder>]
- write <file> with <text>
- edit <file> replace <text> with <text>
- append <text> to <file>
- run <command>
- plan <steps>
- history
- forget

Join several with “then”, “and” or line breaks. Quote text that should be taken as it is. I ask before I write or run. Type / to choose one.

`;

/** A fence longer than any inside, so that a file cannot end it. */
function fenced(text: string): string {
	const shown = clip(text, 4_000);
	const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}\n${shown}${shown.endsWith("\n") ? "" : "\n"}${fence}`;
}

function clip(text: string, max: number): string {
	return text.length <= max ? text : `${text.slice(0, max)}…`;
}

function count(n: number, one: string, many: string): string {
	return `${n} ${n === 1 ? one : many}`;
}

function lineCount(text: string): number {
	return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
