import type { SessionRow } from "@bullpen/domain/workspace";
import { SquareSlash } from "lucide-react";
import type { Suggested } from "../../../ui/suggestions.tsx";
import { visibleText } from "../../../ui/visible-text.ts";

const SHOWN_MAX = 8;

/** The agent's commands that begin with what was written after a slash, which begins the prompt. */
export function suggestCommands(
	text: string,
	cursor: number,
	commands: NonNullable<SessionRow["commands"]>,
): Suggested | null {
	const begun = /^\/(\S*)$/.exec(text.slice(0, cursor))?.[1];
	if (begun === undefined) return null;
	const found = commands.filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase()));
	// Written out, there is nothing left to choose: Enter sends it.
	if (found.length === 1 && found[0]?.name === begun) return null;
	const options = found.slice(0, SHOWN_MAX).map(({ name, description, hint }) => ({
		key: name,
		icon: <SquareSlash className="size-3.5 shrink-0 text-text-faint" aria-hidden="true" />,
		label: `/${name}`,
		detail: visibleText(hint ? `${description} (${hint})` : description),
		insert: `/${name} `,
	}));
	return { label: "Commands of the agent", from: 0, options };
}
