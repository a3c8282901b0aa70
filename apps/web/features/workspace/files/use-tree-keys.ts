"use client";
import { folderOfPath } from "@bullpen/domain/file-path";
import type { KeyboardEvent } from "react";
import type { TreeRow } from "./tree-rows.ts";

interface Options {
	entries: readonly Extract<TreeRow, { type: "entry" }>[];
	current: string | undefined;
	onSelect: (path: string) => void;
	onEnter: (path: string) => void;
	onToggle: (path: string) => void;
}

/** The keys of a tree (WAI-ARIA tree view): arrows walk and fold, Enter opens, Home and End, letters. */
export function useTreeKeys({ entries, current, onSelect, onEnter, onToggle }: Options) {
	return (event: KeyboardEvent<HTMLElement>) => {
		const at = entries.findIndex(({ path }) => path === current);
		const row = entries[at];
		if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
		const tree = event.currentTarget;
		const go = (path: string | undefined) => {
			if (path === undefined) return;
			onSelect(path);
			tree.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
		};
		switch (event.key) {
			case "ArrowDown":
				go(entries[at + 1]?.path);
				break;
			case "ArrowUp":
				go(entries[at - 1]?.path);
				break;
			case "ArrowRight":
				if (row.isExpanded === false) onToggle(row.path);
				else if (row.isExpanded) go(entries[at + 1]?.path);
				break;
			case "ArrowLeft":
				if (row.isExpanded) onToggle(row.path);
				else go(folderOfPath(row.path) || undefined);
				break;
			case "Home":
				go(entries[0]?.path);
				break;
			case "End":
				go(entries.at(-1)?.path);
				break;
			case "Enter":
			case " ":
				onEnter(row.path);
				break;
			default: {
				if (event.key.length !== 1) return;
				const rest = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
				go(rest.find(({ entry }) => entry.name.toLowerCase().startsWith(event.key.toLowerCase()))?.path);
			}
		}
		event.preventDefault();
	};
}
