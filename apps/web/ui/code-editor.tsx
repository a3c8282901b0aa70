"use client";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
	HighlightStyle,
	indentOnInput,
	indentUnit,
	LanguageDescription,
	syntaxHighlighting,
} from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
	drawSelection,
	EditorView,
	highlightActiveLine,
	highlightActiveLineGutter,
	highlightSpecialChars,
	keymap,
	lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { pageNonce } from "./page-nonce.ts";

interface CodeEditorProps {
	/** Its accessible name. */
	label: string;
	/** Decides how it is coloured. */
	fileName: string;
	text: string;
	canEdit: boolean;
	onChange: (text: string) => void;
	onSave: () => void;
}

/** A file's text, coloured, with line numbers, search and undo. A text that comes from outside replaces what is there. */
export default function CodeEditor({ label, fileName, text, canEdit, onChange, onSave }: CodeEditorProps) {
	const host = useRef<HTMLDivElement>(null);
	const view = useRef<EditorView | null>(null);
	const latest = useRef({ text, onChange, onSave });
	latest.current = { text, onChange, onSave };
	const editable = useRef(new Compartment());

	useEffect(() => {
		if (host.current === null) return;
		const language = new Compartment();
		const save = () => {
			latest.current.onSave();
			return true;
		};
		const made = new EditorView({
			parent: host.current,
			state: EditorState.create({
				doc: latest.current.text,
				extensions: [
					LOOK,
					EditorView.cspNonce.of(pageNonce()),
					EditorView.contentAttributes.of({ "aria-label": label }),
					language.of([]),
					editable.current.of([]),
					keymap.of([{ key: "Mod-s", preventDefault: true, run: save }]),
					EditorView.updateListener.of((update) => {
						if (!update.docChanged) return;
						const now = update.state.doc.toString();
						if (now !== latest.current.text) latest.current.onChange(now);
					}),
				],
			}),
		});
		view.current = made;
		let isCurrent = true;
		LanguageDescription.matchFilename(languages, fileName)
			?.load()
			.then((support) => isCurrent && made.dispatch({ effects: language.reconfigure(support) }))
			.catch(() => {
				// Colours are an extra: offline, or after a deployment, the chunk may be out of reach.
			});
		return () => {
			isCurrent = false;
			view.current = null;
			made.destroy();
		};
	}, [fileName, label]);

	useEffect(() => {
		const now = view.current;
		if (now === null || now.state.doc.toString() === text) return;
		now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
	}, [text]);

	useEffect(() => {
		const locked = [EditorState.readOnly.of(!canEdit)];
		view.current?.dispatch({ effects: editable.current.reconfigure(locked) });
	}, [canEdit]);

	return <div ref={host} className="min-h-0 flex-1 overflow-hidden" />;
}

const colours = HighlightStyle.define([
	{ tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-token-keyword)" },
	{ tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-token-string)" },
	{ tag: [tags.comment, tags.meta], color: "var(--code-token-comment)" },
	{
		tag: [tags.number, tags.bool, tags.null, tags.atom, tags.typeName, tags.className],
		color: "var(--code-token-constant)",
	},
	{
		tag: [tags.function(tags.variableName), tags.definition(tags.variableName), tags.tagName],
		color: "var(--code-token-function)",
	},
	{ tag: [tags.propertyName, tags.attributeName], color: "var(--code-token-parameter)" },
	{ tag: [tags.punctuation, tags.operator, tags.separator], color: "var(--code-token-punctuation)" },
	{ tag: [tags.link, tags.url], color: "var(--code-token-link)" },
	{ tag: tags.heading, color: "var(--code-token-function)", fontWeight: "600" },
	{ tag: tags.strong, fontWeight: "600" },
	{ tag: tags.emphasis, fontStyle: "italic" },
	{ tag: tags.invalid, color: "var(--color-danger-text)" },
]);

const look = EditorView.theme({
	"&": { height: "100%", fontSize: "0.8125rem", backgroundColor: "transparent", color: "var(--color-text)" },
	"&.cm-focused": { outline: "none" },
	".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
	".cm-content": { caretColor: "var(--color-text)", paddingBlock: "0.5rem" },
	".cm-cursor": { borderLeftColor: "var(--color-text)" },
	".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--color-text-faint)" },
	".cm-lineNumbers .cm-gutterElement": { paddingInline: "0.75rem 0.625rem", minWidth: "2.5rem" },
	".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--color-hover)" },
	".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
		backgroundColor: "var(--color-accent-soft)",
	},
	".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--color-attention-soft)" },
	".cm-searchMatch-selected": {
		backgroundColor: "var(--color-attention-soft)",
		outline: "1px solid var(--color-attention)",
	},
	".cm-panels": {
		backgroundColor: "var(--color-sunken)",
		color: "var(--color-text)",
		borderColor: "var(--color-line)",
	},
	".cm-panel.cm-search": { padding: "0.5rem 0.75rem", fontFamily: "var(--font-sans)" },
	".cm-textfield": {
		backgroundColor: "var(--color-raised)",
		border: "1px solid var(--color-line-strong)",
		borderRadius: "0.375rem",
		padding: "0.125rem 0.5rem",
		fontSize: "0.8125rem",
	},
	".cm-button": {
		backgroundImage: "none",
		backgroundColor: "var(--color-raised)",
		border: "1px solid var(--color-line-strong)",
		borderRadius: "0.375rem",
		padding: "0.125rem 0.5rem",
	},
	".cm-specialChar": { color: "var(--color-danger-text)" },
});

const LOOK: Extension = [
	lineNumbers(),
	highlightActiveLine(),
	highlightActiveLineGutter(),
	highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/g }),
	drawSelection(),
	history(),
	indentOnInput(),
	indentUnit.of("\t"),
	EditorState.tabSize.of(4),
	search({ top: true }),
	highlightSelectionMatches(),
	syntaxHighlighting(colours),
	look,
	// Escape, then Tab leaves the editor (CodeMirror's own way out for the keyboard).
	keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
];
