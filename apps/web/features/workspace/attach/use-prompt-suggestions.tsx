"use client";
import { mentionAt, mentionOf } from "@bullpen/domain/find-paths";
import type { SessionRow } from "@bullpen/domain/workspace";
import { File } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import type { Suggest } from "../../../ui/suggestions.tsx";
import type { PromptFiles } from "../workspace-data.ts";
import { suggestCommands } from "./agent-commands.tsx";
import { FileHints } from "./file-hints.ts";

/** What may be meant by `/…` at the beginning of a prompt, and by `@…` anywhere in it. */
export function usePromptSuggestions(commands: SessionRow["commands"], files: PromptFiles): Suggest {
	const [hints] = useState(() => new FileHints((query) => files.find(query)));
	useSyncExternalStore(hints.subscribe, hints.getSnapshot, hints.getSnapshot);
	return (text, cursor) => {
		const called = suggestCommands(text, cursor, commands ?? []);
		if (called !== null) return called;
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
