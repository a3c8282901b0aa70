"use client";
import { useState, useSyncExternalStore } from "react";
import type { SideTabProps } from "../side/side-tab.ts";
import { deskOf } from "./file-desk.ts";
import { FileTree } from "./file-tree.tsx";
import { FileView } from "./file-view.tsx";

/** The workspace's files: the tree, or the one that is open. */
export default function FilesTab({ workspace, verbs }: SideTabProps) {
	const desk = deskOf(verbs.tree);
	const shown = useSyncExternalStore(desk.subscribe, desk.getSnapshot, desk.getSnapshot);
	const [selected, setSelected] = useState<string | null>(null);
	const { canPrompt } = workspace;
	return shown.file === null ? (
		<FileTree
			tree={verbs.tree}
			desk={desk}
			shown={shown}
			canChange={canPrompt}
			selected={selected}
			onSelect={setSelected}
		/>
	) : (
		<FileView tree={verbs.tree} desk={desk} file={shown.file} canChange={canPrompt} />
	);
}
