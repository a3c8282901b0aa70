"use client";
import { mentionAt, mentionOf } from "@bullpen/domain/find-paths";
import type { SessionRow } from "@bullpen/domain/workspace";
import { File, SquareSlash } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import type { Suggest } from "../../../ui/suggestions.tsx";
import type { PromptFiles } from "../workspace-data.ts";
import { FileHints } from "./file-hints.ts";

type Command = NonNullable<SessionRow["commands"]>[number];
const COMMANDS_MAX = 8;

/** What may be meant by `/…` at the beginning of a prompt, and by `@…` anywhere in it. */
export function usePromptSuggestions(commands: readonly Command[], files: PromptFiles): Suggest {
	const [hints] = useState(() => new FileHints((query) => files.find(query)));
	useSyncExternalStore(hints.subscribe, hints.getSnapshot, hints.getSnapshot);
	return (text, cursor) => {
		const begun = /^\/([^\s/]*)$/.exec(text.slice(0, cursor))?.[1];
		if (begun !== undefined) return { label: "Commands of the agent", from: 0, options: commandsFor(commands, begun) };
		const mention = mentionAt(text, cursor);
		if (mention === undefined) return null;
		const options = hints.pathsFor(mention.query).map((path) => ({
			key: path,
			icon: <File className="size-3.5 shrink-0 text-text-faint" aria-hidden="true" />,
			label: path.slice(path.lastIndexOf("/") + 1),
			detail: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : undefined,
			insert: `${mentionOf(path)} `,
		}));
		return { label: "Files of the workspace", from: mention.from, options };
	};
}

const commandsFor = (commands: readonly Command[], begun: string) =>
	commands
		.filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase()))
		.slice(0, COMMANDS_MAX)
		.map(({ name, description, hint }) => ({
			key: name,
			icon: <SquareSlash className="size-3.5 shrink-0 text-text-faint" aria-hidden="true" />,
			label: `/${name}`,
			detail: hint ? `${description} (${hint})` : description,
			insert: `/${name} `,
		}));
