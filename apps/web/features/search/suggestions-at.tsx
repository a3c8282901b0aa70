import { Code, Hash, Link as LinkIcon, Paperclip, User } from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "../../ui/avatar.tsx";
import type { Suggested } from "../../ui/suggestions.tsx";
import { type Choice, type CompletedFilter, completionAt } from "./completions.ts";
import type { Names } from "./search-words.ts";

const LABELS = { from: "People", in: "Rooms", has: "Kinds" } as const;
const TRAITS: Readonly<Record<string, { icon: ReactNode; detail: string }>> = {
	link: { icon: <LinkIcon />, detail: "Messages with a link" },
	file: { icon: <Paperclip />, detail: "Messages with a file" },
	code: { icon: <Code />, detail: "Messages with code" },
};

/** Whom or what the filter at the cursor could name. */
export function suggestionsAt(text: string, cursor: number, names: Names): Suggested | null {
	const completion = completionAt(text, cursor, names);
	if (completion === null) return null;
	const { filter, from, choices } = completion;
	const options = choices.map((choice) => ({
		key: choice.id,
		label: choice.name,
		icon: iconOf(filter, choice),
		insert: choice.insert,
		...(filter === "has" && { detail: TRAITS[choice.id]?.detail }),
		...(filter === "from" && choice.id === "me" && { detail: "You" }),
	}));
	return { label: LABELS[filter], from, options };
}

function iconOf(filter: CompletedFilter, { id, name }: Choice): ReactNode {
	if (filter === "from" && id !== "me") return <Avatar id={id} name={name} size="sm" />;
	const icon = filter === "from" ? <User /> : filter === "in" ? <Hash /> : TRAITS[id]?.icon;
	return <span className="flex size-6 items-center justify-center text-text-muted [&_svg]:size-4">{icon}</span>;
}
