import type { ClipboardEvent, KeyboardEvent } from "react";
import { marked, markFor, pastedCode } from "./formatting.ts";

/** Replaces a part of a field as if it had been typed, so that undoing works. */
export function replaceIn(field: HTMLTextAreaElement | HTMLInputElement, from: number, to: number, text: string): void {
	field.focus();
	field.setSelectionRange(from, to);
	const isTyped = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
	if (isTyped || from === to) return;
	field.setRangeText(text, from, to, "end");
	field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Bold, italic, code or struck through by a key. Whether it was one. */
export function takesMark(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
	const mark = markFor(event);
	if (mark === null) return false;
	const field = event.currentTarget;
	const { selectionStart: from, selectionEnd: to } = field;
	const next = marked({ text: field.value, from, to }, mark);
	event.preventDefault();
	replaceIn(field, next.from, next.to, next.text);
	field.setSelectionRange(next.selectFrom, next.selectTo);
	return true;
}

/** What an editor says of its code beside the text (VS Code and its kin). */
const EDITOR_DATA = "vscode-editor-data";

/** Several lines of code, pasted from an editor, become a block. */
export function pasteCode(event: ClipboardEvent<HTMLTextAreaElement>): void {
	const data = event.clipboardData.getData(EDITOR_DATA);
	if (data === "") return;
	const field = event.currentTarget;
	const { selectionStart: from, selectionEnd: to, value } = field;
	const block = pastedCode({ text: value, from, to }, event.clipboardData.getData("text/plain"), languageIn(data));
	if (block === null) return;
	event.preventDefault();
	replaceIn(field, from, to, block);
}

function languageIn(data: string): string {
	try {
		const parsed: unknown = JSON.parse(data);
		const mode = typeof parsed === "object" && parsed !== null && "mode" in parsed ? parsed.mode : "";
		return typeof mode === "string" && /^[\w+#-]{1,20}$/.test(mode) && mode !== "plaintext" ? mode : "";
	} catch {
		return ""; // some other program's words under the same name
	}
}
