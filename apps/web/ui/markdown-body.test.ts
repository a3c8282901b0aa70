import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type InlineTokens, InlineTokensProvider } from "./inline-tokens.tsx";
import MarkdownBody from "./markdown-body.tsx";

const tokens: InlineTokens = {
	split: (text) => text.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? { token: part } : part)),
	draw: (token) => createElement("b", null, token.toUpperCase()),
};
const drawn = (text: string): string =>
	renderToStaticMarkup(createElement(InlineTokensProvider, { value: tokens }, createElement(MarkdownBody, { text })));

test("a token is drawn wherever words are, and stays what it is in code", () => {
	for (const text of [
		"{a}",
		"*x {a}*",
		"- {a}",
		"> {a}",
		"| {a} |\n|---|",
		"<u>{a}</u>",
		"<div>\n{a}\n</div>",
		"# {a}",
	]) {
		expect(drawn(text), text).toContain("<b>{A}</b>");
		expect(drawn(text), text).not.toContain("{a}");
	}
	expect(drawn("`{a}`")).not.toContain("<b>");
	expect(drawn("```\n{a}\n```")).not.toContain("<b>");
});

test("nobody's markup runs, and nothing is fetched from elsewhere", () => {
	expect(drawn('<img src="https://evil.example/x.png" onerror="x()"><script>x()</script>')).not.toMatch(/<img|<script/);
	expect(drawn("![seen](https://evil.example/x.png)")).toMatch(
		/<a href="https:\/\/evil.example\/x.png"[^>]*>seen<\/a>/,
	);
	for (const address of ["javascript:x()", "data:text/html,x", "vbscript:x", "//evil.example", "file:///etc/passwd"]) {
		expect(drawn(`[press](${address})`), address).not.toContain("href");
	}
});

test("tables and lists of tasks are drawn as such", () => {
	expect(drawn("| a | b |\n|---|--:|\n| 1 | 2 |")).toMatch(/<table.*<th.*<td/s);
	expect(drawn("- [x] done\n- [ ] open")).toMatch(/<input type="checkbox"[^>]*disabled=""[^>]*checked=""/);
});
