import { z } from "zod";

const TEXT_CHARS_MAX = 500;

const Said = z.union([
	z.string(),
	z.looseObject({ message: z.string() }).transform(({ message }) => message),
	z.looseObject({ details: z.string() }).transform(({ details }) => details),
]);
const Wrapped = z.looseObject({ error: Said }).transform(({ error }) => error);

/**
 * What an agent's JSON-RPC error says to people. Agents put the words of the model's server into `data`, often as JSON in
 * JSON (codex), or behind labels that say nothing (claude, opencode); the SDK puts another label in front.
 */
export function failureText({ message, data }: { readonly message: string; readonly data?: unknown }): string {
	const said = Said.safeParse(data).data ?? Wrapped.safeParse(data).data;
	const text = (said === undefined ? message : unwrapped(said)).replace(LABELS, "").trim();
	return text === "" ? message : text.slice(0, TEXT_CHARS_MAX);
}

const LABELS = /^(?:Internal agent error|Internal error|Error)(?::\s*|$)(?:Internal error(?::\s*|$))?/;

function unwrapped(text: string): string {
	try {
		const parsed: unknown = JSON.parse(text);
		return Wrapped.safeParse(parsed).data ?? Said.safeParse(parsed).data ?? text;
	} catch {
		return text; // no JSON: these are the words
	}
}
