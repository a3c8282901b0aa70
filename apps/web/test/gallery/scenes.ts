import { Fold, type Folded, foldRecording } from "./fold.ts";

const recordings = import.meta.glob<string>("../../../../packages/domain/src/transcript/__fixtures__/*.jsonl", {
	query: "?raw",
	import: "default",
	eager: true,
});

/** What the page can show, by name: every recorded session, and scenes of our own. */
export const scenes: ReadonlyMap<string, () => Folded> = new Map([
	...Object.entries(recordings).map(([path, raw]): [string, () => Folded] => [
		path.replace(/^.*\/|\.jsonl$/g, ""),
		() => foldRecording(raw),
	]),
	["every-kind", everyKind],
	["hostile", hostile],
	["long", () => long(10_000)],
]);

const text = (words: string) => ({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: words } });
const thought = (words: string) => ({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text: words } });
const output = (printed: string) => [{ type: "content", content: { type: "text", text: printed } }];
const call = (toolCallId: string, fields: object) => ({ sessionUpdate: "tool_call", toolCallId, ...fields });

function everyKind(): Folded {
	const before = "export const toCents = (amount) => {\n  return amount * 100;\n};\n\nexport const zero = 0;\n";
	const after =
		'export const toCents = (amount) => {\n  const [whole, part = ""] = amount.split(".");\n  return Number(whole) * 100 + Number(part.padEnd(2, "0"));\n};\n\nexport const zero = 0;\n';
	return new Fold()
		.prompt("Make `toCents` exact, and show me how it looks.")
		.update(
			thought("The multiplication loses cents: 1.1 × 100 is 110.00000000000001. I should split the text instead."),
		)
		.update({
			sessionUpdate: "plan",
			entries: [
				{ content: "Read the code", status: "completed", priority: "high" },
				{ content: "Split the text instead of multiplying", status: "in_progress", priority: "high" },
				{ content: "Run the tests", status: "pending", priority: "medium" },
			],
		})
		.update(call("a", { title: "Read src/cents.js", kind: "read", status: "completed", content: output(before) }))
		.update(
			call("b", { title: "Search toCents", kind: "search", status: "completed", content: output("src/cents.js:1") }),
		)
		.update(call("c", { title: "Read package.json", kind: "read", status: "failed", content: output("No such file.") }))
		.update(text("The sum is done in floating point. I split the text, and keep the cents as they are written:\n\n"))
		.update(
			call("d", {
				title: "Edit src/cents.js",
				kind: "edit",
				status: "completed",
				locations: [{ path: "src/cents.js" }],
				content: [{ type: "diff", path: "src/cents.js", oldText: before, newText: after }],
			}),
		)
		.update(
			call("e", {
				title: "pnpm test",
				kind: "execute",
				status: "failed",
				rawOutput: { exitCode: 1 },
				content: output(
					"\u001b[1mcents\u001b[0m\n \u001b[32m✓\u001b[0m whole amounts\n \u001b[31m✗ negative amounts\u001b[0m\n   expected \u001b[32m-50\u001b[39m, got \u001b[31m50\u001b[39m\n\n1 passed, \u001b[31m1 failed\u001b[0m\n",
				),
			}),
		)
		.update(call("e2", { title: "pnpm test --watch", kind: "execute", status: "in_progress" }))
		.update({
			sessionUpdate: "notice",
			severity: "warning",
			title: "MCP server “docs” is not available",
			description: "It did not start in time. Work goes on without it.",
		})
		.update({
			sessionUpdate: "subagent_update",
			subagentSessionId: "s1",
			name: "Reviewer",
			task: "Review the change for negative amounts",
			state: "completed",
		})
		.update({
			sessionUpdate: "compaction_update",
			compactionId: "c1",
			status: "completed",
			summary: [{ type: "text", text: "**Done so far:** `toCents` splits its text. Left: negative amounts." }],
		})
		.update({ sessionUpdate: "agent_message_chunk", content: { type: "image", mimeType: "image/png", data: PICTURE } })
		.update({
			sessionUpdate: "agent_message_chunk",
			content: { type: "resource_link", name: "Money in JavaScript", uri: "https://example.org/money" },
		})
		.update({ sessionUpdate: "agent_message_chunk", content: { type: "audio", mimeType: "audio/wav", data: "" } })
		.update({ sessionUpdate: "totally_new_kind", foo: 1 })
		.update(
			text(
				'## What changed\n\n| amount | before | now |\n|---|---:|---:|\n| `1.1` | 110.00000000000001 | **110** |\n| `-0.5` | 50 | **-50** |\n\n```js\nassert.equal(toCents("-0.50"), -50);\n```\n\n- [x] exact\n- [ ] currencies without cents\n',
			),
		)
		.update({ sessionUpdate: "usage_update", used: 31_400, size: 200_000, cost: { amount: 0.0412, currency: "USD" } })
		.event({
			sender: "agent",
			payload: { id: 1, result: { stopReason: "end_turn", usage: { inputTokens: 28_210, outputTokens: 1_204 } } },
		})
		.end("completed")
		.prompt("Now the currencies without cents.")
		.update(text("I look at which currencies have"))
		.end("cancelled", { cancelledBy: "ada" })
		.prompt("Go on.")
		.end("failed", { problem: "The model provider refused: 429, too many requests." })
		.prompt("Go on.")
		.update(text("Here I am."))
		.end("interrupted").folded;
}

function hostile(): Folded {
	const script = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'><iframe src="; //evil.example"></iframe>";
	return new Fold()
		.prompt(`${script} [x](javascript:window.hacked=3)`)
		.update(
			text(
				`${script}\n\n[click](javascript:window.hacked=4) [data](data:text/html,${script})\n\n![p](https://evil.example/track.png) <https://ok.example>\n\n`,
			),
		)
		.update(text("`rm \u202e/pmt/ fr-\u202c` and\n\n```sh\nrm \u2066-rf\u2069 /\n```\n\n"))
		.update(
			call("a", {
				title: `rm -rf \u202e ${script}`,
				kind: "execute",
				status: "completed",
				locations: [{ path: `../../etc/${script}` }],
				content: output(
					`\u001b]8;;javascript:window.hacked=5\u001b\\link\u001b]8;;\u001b\\ \u001b[2J\u001b[999C${script}\u0007\u001b[31mred\u001b[0m \u202eabc`,
				),
			}),
		)
		.update(
			call("b", {
				title: "one giant line",
				kind: "execute",
				status: "completed",
				content: output("x".repeat(5_000_000)),
			}),
		)
		.update(
			call("c", { title: "many lines", kind: "execute", status: "completed", content: output("\n".repeat(1_000_000)) }),
		)
		.update(
			call("d", {
				title: "5 MB",
				kind: "execute",
				status: "completed",
				content: output("0123456789 the quick brown fox\n".repeat(160_000)),
			}),
		)
		.update(
			call("e", {
				title: "svg",
				kind: "read",
				status: "completed",
				content: [
					{
						type: "content",
						content: {
							type: "image",
							mimeType: "image/png",
							data: btoa(`<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=6"/>`),
						},
					},
				],
			}),
		)
		.update({
			sessionUpdate: "agent_message_chunk",
			content: { type: "resource_link", name: "click", uri: "javascript:window.hacked=7" },
		})
		.update({
			sessionUpdate: "agent_message_chunk",
			content: { type: "image", mimeType: "image/png", uri: "https://evil.example/x.png" },
		})
		.update({ sessionUpdate: script, html: script })
		.update(text(`\n\n${"w".repeat(200_000)}\n\n${"> ".repeat(2_000)}deep\n\n${"*".repeat(5_000)}`))
		.end("completed").folded;
}

/** As many raw events as the budget names: answers of forty chunks, calls, thoughts. */
function long(events: number): Folded {
	const fold = new Fold();
	let count = 0;
	for (let turn = 1; count < events; turn++) {
		fold.prompt(`Request ${turn}: look at file-${turn}.ts and tell me what it does.`);
		fold.update(thought(`I read file-${turn}.ts first.`));
		for (let chunk = 0; chunk < 40; chunk++, count++)
			fold.update(text(chunk % 9 === 8 ? `\`needle-${turn}-${chunk}\`.\n\n` : "some words of it "));
		for (let one = 0; one < 4; one++, count += 2) {
			fold.update(
				call(`${turn}-${one}`, { title: `Read file-${turn}-${one}.ts`, kind: "read", status: "in_progress" }),
			);
			fold.update({
				sessionUpdate: "tool_call_update",
				toolCallId: `${turn}-${one}`,
				status: "completed",
				content: output(`line\n`.repeat(20)),
			});
		}
		fold.update(
			call(`${turn}-edit`, {
				title: `Edit file-${turn}.ts`,
				kind: "edit",
				status: "completed",
				content: [{ type: "diff", path: `file-${turn}.ts`, oldText: "a\nb\nc\n", newText: `a\nB${turn}\nc\n` }],
			}),
		);
		fold.update({
			sessionUpdate: "usage_update",
			used: turn * 100,
			size: 200_000,
			cost: { amount: turn / 1000, currency: "USD" },
		});
		fold.end("completed");
		count += 3;
	}
	return fold.folded;
}

/** Two colours beside each other, 64 × 32. */
const PICTURE =
	"R0lGODlhQAAgAIAAAP9mZmaZ/yH5BAAAAAAALAAAAABAACAAAAJPhI+py+0Po5y02ouz3rz7D4biSJbmiabqyrbuC8fyTNf2jef6zvf+DwwKh8Si8YhMKpfMpvMJjUqn1Kr1is1qt9yu9wsOi8fksvmMTqvXjgIAOw==";
