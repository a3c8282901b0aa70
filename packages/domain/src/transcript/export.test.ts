import { expect, test } from "vitest";
import type { PermissionRow, PromptRow, TurnRow, WorkspaceFeedRow } from "../workspace.ts";
import { BEGIN_EXPORT, type ExportFormat, exportPage } from "./export.ts";
import type { ItemBody, ItemRow } from "./item.ts";

const item = (id: number, body: ItemBody, turnId = "t1"): ItemRow => ({
	kind: "item",
	id,
	version: id,
	turnId,
	at: 1_000,
	body,
});
const turn = (id: string, status: TurnRow["status"]): TurnRow => ({
	kind: "turn",
	id,
	version: 1,
	promptId: `p-${id}`,
	status,
	startedAt: 1,
	...(status === "cancelled" && { cancelledBy: "ada" }),
});
const prompt: PromptRow = {
	kind: "prompt",
	id: "p-t1",
	version: 1,
	userId: "ada",
	text: "x",
	createdAt: 1,
	status: "done",
};
const permission: PermissionRow = {
	kind: "permission",
	id: "q1",
	version: 1,
	turnId: "t1",
	title: "Write a.txt",
	options: [{ optionId: "y", name: "Allow", kind: "allow_once" }],
	status: "answered",
	askedAt: 1,
	expiresAt: 2,
	optionId: "y",
	answeredBy: "ada",
};
const rows: WorkspaceFeedRow[] = [
	item(1, { type: "user", promptId: "p-t1", userId: "ada", text: "# not a heading\nsecond" }),
	item(2, { type: "text", text: "one wo", isSealed: true }),
	item(3, { type: "text", text: "rd", isSealed: false }),
	item(4, {
		type: "tool",
		toolCallId: "c",
		title: "Write `a.txt`",
		toolKind: "edit",
		status: "completed",
		paths: [],
		content: [
			{ type: "diff", path: "a.txt", oldText: "old\n", newText: "new\n" },
			{ type: "text", text: "```\nfence" },
		],
		endedAt: 2_500,
	}),
	item(5, { type: "usage", tokens: { input: 1, output: 2 } }),
	item(6, { type: "text", text: "next turn", isSealed: false }, "t2"),
];

/** A file made of pages of `size` items. */
const exported = (format: ExportFormat, size: number): string => {
	let state = BEGIN_EXPORT;
	const pieces: string[] = [];
	for (let end = rows.length; end > 0; end -= size) {
		const page = [turn("t1", "cancelled"), turn("t2", "completed"), prompt, permission];
		const piece = exportPage(state, [...page, ...rows.slice(Math.max(0, end - size), end)], format, (id) => `*${id}*`);
		state = piece.state;
		pieces.unshift(piece.text);
	}
	return pieces.join("");
};

test("[TR33] markdown says everything once and in order, however it was paged", () => {
	const whole = exported("markdown", 100);
	expect(whole).toMatchInlineSnapshot(`
		"## \\*ada\\*, 1970-01-01T00:00:01.000Z

		> # not a heading
		> second

		one word

		**Write \\\`a.txt\\\`** (completed, 1.5 s)

		\`\`\`diff
		--- a.txt
		+++ a.txt
		-old
		+new
		\`\`\`

		\`\`\`\`
		\`\`\`
		fence
		\`\`\`\`

		*1 tokens in, 2 out*

		*Asked: Write a.txt — Allow by \\*ada\\**

		*Turn cancelled by \\*ada\\**

		next turn

		"
	`);
	for (const size of [1, 2, 3, 4, 5]) expect(exported("markdown", size)).toBe(whole);
});

test("[TR33] JSON lines are the rows, each once", () => {
	for (const size of [1, 3, 100]) {
		const lines = exported("jsonl", size).trimEnd().split("\n");
		const parsed: { kind: string; id: unknown }[] = lines.map((line) => JSON.parse(line));
		expect(parsed.filter(({ kind }) => kind === "item").map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(parsed.filter(({ kind }) => kind !== "item")).toHaveLength(4);
	}
});
