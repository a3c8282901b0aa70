"use client";
import { useEffect, useRef } from "react";

/** Who takes words into the prompt of a workspace: its composer, for as long as it is on the page. */
const takers = new Map<string, (text: string) => void>();

/** Puts words into the prompt that is being written. False where nobody can write one. */
export function insertIntoPrompt(workspaceId: string, text: string): boolean {
	const take = takers.get(workspaceId);
	take?.(text);
	return take !== undefined;
}

export function usePromptInsertions(workspaceId: string, onInsert: (text: string) => void): void {
	const latest = useRef(onInsert);
	useEffect(() => {
		latest.current = onInsert;
	});
	useEffect(() => {
		const take = (text: string): void => latest.current(text);
		takers.set(workspaceId, take);
		return () => {
			if (takers.get(workspaceId) === take) takers.delete(workspaceId);
		};
	}, [workspaceId]);
}

/** Words behind those that stand there already, with room between. */
export const joined = (before: string, added: string): string =>
	before.trim() === "" ? `${added}\n\n` : `${before.replace(/\n*$/, "")}\n\n${added}\n\n`;
