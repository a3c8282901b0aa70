import type { ReactNode } from "react";
import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { clockOf, fullTimeOf } from "../../ui/time.ts";

interface PromptEntryProps {
	author: Person;
	at: number;
	text: string;
	/** Who else gave it these words, while it waited. */
	editor: Person | null;
	/** Its files. */
	children: ReactNode;
}

/** What somebody asked of the agent. It opens a turn, so it stands out from what follows. */
export function PromptEntry({ author, at, text, editor, children }: PromptEntryProps) {
	return (
		<div className="mt-7 mb-2 rounded-lg bg-sunken px-3.5 py-3 ring-1 ring-line ring-inset">
			<div className="mb-1 flex items-center gap-2">
				<Avatar id={author.id} name={author.name} size="xs" />
				<span className="truncate font-semibold text-sm">{author.name}</span>
				{editor && <span className="truncate text-text-faint text-xs">edited by {editor.name}</span>}
				{at > 0 && (
					<time
						dateTime={new Date(at).toISOString()}
						title={fullTimeOf(at)}
						className="text-text-faint text-xs tabular-nums"
					>
						{clockOf(at)}
					</time>
				)}
			</div>
			<Markdown text={text} className="text-md" />
			{children}
		</div>
	);
}
