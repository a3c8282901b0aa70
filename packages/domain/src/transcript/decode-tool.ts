import { z } from "zod";
import type { DecodedContent, ToolPatch } from "./agent-event.ts";
import { jsonText, shortText, storableText } from "./agent-text.ts";
import { blockContent } from "./decode-content.ts";
import { ToolStatus } from "./item.ts";
import { anything, JSON_BYTES_MAX, lenient, list, PATH_BYTES_MAX, TITLE_BYTES_MAX, text } from "./lenient.ts";

const PATHS_MAX = 50;
const CONTENTS_MAX = 20;

const ToolFields = z.looseObject({
	title: text,
	kind: text,
	status: text,
	locations: list,
	rawInput: anything,
	rawOutput: anything,
	content: list,
});

/** What a `tool_call`, its update or a question about it says of the call. */
export const toolPatch = (toolCallId: string, raw: unknown): ToolPatch => {
	const fields = ToolFields.parse(raw);
	const patch: ToolPatch = { toolCallId: shortText(toolCallId, TITLE_BYTES_MAX) };
	if (fields.title !== undefined) patch.title = shortText(fields.title, TITLE_BYTES_MAX);
	if (fields.kind !== undefined) patch.toolKind = shortText(fields.kind, 32);
	const status = ToolStatus.safeParse(fields.status === "cancelled" ? "failed" : fields.status);
	if (status.success) patch.status = status.data;
	if (fields.locations !== undefined) patch.paths = paths(fields.locations);
	if (fields.rawInput !== undefined && fields.rawInput !== null)
		patch.input = jsonText(fields.rawInput, JSON_BYTES_MAX);
	if (fields.content !== undefined) patch.content = fields.content.slice(0, CONTENTS_MAX).flatMap(toolContent);
	const output = RawOutput.safeParse(fields.rawOutput);
	if (output.success) Object.assign(patch, outputOf(output.data));
	return patch;
};

const Location = z.looseObject({ path: z.string() });
const paths = (locations: unknown[]): string[] =>
	locations.slice(0, PATHS_MAX).flatMap((raw) => {
		const location = Location.safeParse(raw);
		return location.success ? [shortText(location.data.path, PATH_BYTES_MAX)] : [];
	});

const Wrapped = z.looseObject({ type: z.literal("content"), content: anything });
const Diff = z.looseObject({
	type: z.literal("diff"),
	path: z.string(),
	oldText: z.string().nullish().catch(null),
	newText: z.string(),
});

const toolContent = (raw: unknown): DecodedContent[] => {
	const diff = Diff.safeParse(raw);
	if (diff.success) {
		const { path, oldText, newText } = diff.data;
		return [
			{
				type: "diff",
				path: shortText(path, PATH_BYTES_MAX),
				oldText: oldText === null || oldText === undefined ? null : storableText(oldText),
				newText: storableText(newText),
			},
		];
	}
	const wrapped = Wrapped.safeParse(raw);
	if (!wrapped.success) return []; // a terminal's id means nothing to a reader; what it printed comes as output
	const part = blockContent(wrapped.data.content);
	return part === null ? [] : [part];
};

/** Agents disagree on the shape of `rawOutput`: a string, or one of several objects (codex, claude, opencode). */
const RawOutput = z.union([
	z.string(),
	z.looseObject({
		aggregated_output: text,
		formatted_output: text,
		output: text,
		stdout: text,
		stderr: text,
		error: text,
		exitCode: lenient(z.number()),
		exit_code: lenient(z.number()),
		metadata: lenient(z.looseObject({ exit: lenient(z.number()) })),
	}),
]);

const outputOf = (raw: z.infer<typeof RawOutput>): Pick<ToolPatch, "output" | "exitCode"> => {
	if (typeof raw === "string") return { output: storableText(raw) };
	const printed = [raw.stdout, raw.stderr].filter((part) => part !== undefined && part !== "").join("\n");
	const output = raw.aggregated_output ?? raw.formatted_output ?? raw.output ?? (printed || raw.error);
	const exitCode = raw.exitCode ?? raw.exit_code ?? raw.metadata?.exit;
	return {
		...(output === undefined ? {} : { output: storableText(output) }),
		...(exitCode === undefined ? {} : { exitCode }),
	};
};
