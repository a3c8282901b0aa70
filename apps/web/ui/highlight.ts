import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type LanguageInput } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

export interface CodeToken {
	content: string;
	color: string | undefined;
}

/** Colouring longer code would hold up the page; it stays plain. */
const CODE_CHARS_MAX = 40_000;
/** After which shiki 4 gives a line up, unless it is told otherwise (`tokenizeTimeLimit`). */
const LINE_MS_MAX = 500;

const LANGUAGES = {
	bash: () => import("shiki/langs/bash.mjs"),
	c: () => import("shiki/langs/c.mjs"),
	cpp: () => import("shiki/langs/cpp.mjs"),
	css: () => import("shiki/langs/css.mjs"),
	diff: () => import("shiki/langs/diff.mjs"),
	docker: () => import("shiki/langs/docker.mjs"),
	go: () => import("shiki/langs/go.mjs"),
	html: () => import("shiki/langs/html.mjs"),
	java: () => import("shiki/langs/java.mjs"),
	javascript: () => import("shiki/langs/javascript.mjs"),
	json: () => import("shiki/langs/json.mjs"),
	jsx: () => import("shiki/langs/jsx.mjs"),
	markdown: () => import("shiki/langs/markdown.mjs"),
	php: () => import("shiki/langs/php.mjs"),
	python: () => import("shiki/langs/python.mjs"),
	ruby: () => import("shiki/langs/ruby.mjs"),
	rust: () => import("shiki/langs/rust.mjs"),
	sql: () => import("shiki/langs/sql.mjs"),
	swift: () => import("shiki/langs/swift.mjs"),
	toml: () => import("shiki/langs/toml.mjs"),
	tsx: () => import("shiki/langs/tsx.mjs"),
	typescript: () => import("shiki/langs/typescript.mjs"),
	yaml: () => import("shiki/langs/yaml.mjs"),
} satisfies Record<string, LanguageInput>;
type Language = keyof typeof LANGUAGES;

const ALIASES: Readonly<Record<string, Language>> = {
	"c++": "cpp",
	console: "bash",
	dockerfile: "docker",
	golang: "go",
	js: "javascript",
	md: "markdown",
	mjs: "javascript",
	patch: "diff",
	py: "python",
	rb: "ruby",
	rs: "rust",
	sh: "bash",
	shell: "bash",
	ts: "typescript",
	yml: "yaml",
	zsh: "bash",
};

let highlighter: Promise<HighlighterCore> | undefined;

/** Code as lines of coloured tokens, or null for a language we do not colour. */
export async function highlight(code: string, name: string): Promise<CodeToken[][] | null> {
	const language = languageOf(name.toLowerCase());
	if (!language || code.length > CODE_CHARS_MAX) return null;
	highlighter ??= createHighlighterCore({
		themes: [createCssVariablesTheme({ name: "bullpen", variablePrefix: "--code-" })],
		engine: createJavaScriptRegexEngine(),
	});
	const core = await highlighter;
	await core.loadLanguage(LANGUAGES[language]);
	const tokensOf = () => core.codeToTokens(code, { lang: language, theme: "bullpen" }).tokens;
	const begunAt = performance.now();
	let tokens = tokensOf();
	// It compiles expressions when it first meets them, and goes on without colours where a line takes too long by that.
	if (performance.now() - begunAt > LINE_MS_MAX) tokens = tokensOf();
	return tokens.map((line) => line.map(({ content, color }) => ({ content, color })));
}

function languageOf(name: string): Language | undefined {
	const known = ALIASES[name] ?? name;
	return isLanguage(known) ? known : undefined;
}

const isLanguage = (name: string): name is Language => Object.hasOwn(LANGUAGES, name);
