import type { RememberScope } from "@bullpen/domain/permission";

const KINDS: Readonly<Record<string, { same: string; kind: string }>> = {
	execute: { same: "this command", kind: "every command" },
	edit: { same: "this file", kind: "every edit" },
	delete: { same: "deleting this file", kind: "every deletion" },
	move: { same: "moving this file", kind: "every move of a file" },
	read: { same: "reading this file", kind: "everything it reads" },
	search: { same: "this search", kind: "every search" },
	fetch: { same: "this address", kind: "every address" },
};

/** What a yes is remembered for, as a part of a sentence. */
export const scopeWords = (toolKind: string | undefined, scope: RememberScope): string =>
	KINDS[toolKind ?? ""]?.[scope] ?? "this";

/** A remembered answer as it is listed, beside its command or file. */
export const ruleWords = ({ toolKind, target }: { toolKind: string; target?: string | undefined }): string => {
	const words = KINDS[toolKind];
	if (target === undefined) return capital(words?.kind ?? "everything of this kind");
	return (
		{ execute: "Command", edit: "Edit", delete: "Deletion", move: "Move", read: "Read", fetch: "Address" }[toolKind] ??
		"Call"
	);
};

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
