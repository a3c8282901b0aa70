"use client";
import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import { folderOfPath, nameOfPath, pathIn } from "@bullpen/domain/file-path";
import { FilePlus2, FolderPlus, FolderTree, Upload } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Blank } from "../../../ui/blank.tsx";
import { IconButton } from "../../../ui/button.tsx";
import Confirm, { type Question } from "../../../ui/confirm.tsx";
import { saveFile } from "../../../ui/save-file.ts";
import { notify } from "../../../ui/toast.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import type { DeskShown, FileDesk } from "./file-desk.ts";
import { fileWords } from "./file-words.ts";
import { NameField } from "./name-field.tsx";
import { EntryRow, NoteRow } from "./tree-row.tsx";
import { treeRows } from "./tree-rows.ts";
import { UploadList } from "./upload-list.tsx";
import { uploadsOf } from "./uploads.ts";
import { useTreeKeys } from "./use-tree-keys.ts";

interface FileTreeProps {
	tree: WorkspaceTree;
	desk: FileDesk;
	shown: DeskShown;
	canChange: boolean;
	selected: string | null;
	onSelect: (path: string) => void;
}

/** What is being named: a new thing in a folder, or an entry. */
type Naming = { type: "file" | "folder"; folder: string } | { type: "rename"; path: string };

export function FileTree({ tree, desk, shown, canChange, selected, onSelect }: FileTreeProps) {
	const [naming, setNaming] = useState<Naming | null>(null);
	const [question, setQuestion] = useState<Question | null>(null);
	const [isOver, setOver] = useState(false);
	const picker = useRef<HTMLInputElement>(null);
	const rows = treeRows(shown);
	const entries = rows.flatMap((row) => (row.type === "entry" ? [row] : []));
	const current = entries.find(({ path }) => path === selected) ?? entries[0];
	// New things come where one looks: into the folder that is chosen, or beside the file.
	const here =
		current === undefined || selected === null ? "" : current.isExpanded ? current.path : folderOfPath(current.path);

	useEffect(() => void desk.load(""), [desk]);

	const act = async (work: Promise<unknown>): Promise<string | null> => work.then(() => null, fileWords);
	const make = async (type: "file" | "folder", path: string) => {
		const refused = await act(type === "folder" ? tree.createFolder(path) : tree.save(path, "", null));
		if (refused !== null) return refused;
		setNaming(null);
		await desk.load(folderOfPath(path));
		if (type === "file") void desk.open(path);
		return null;
	};
	const rename = async (path: string, to: string) => {
		const refused = path === to ? null : await act(tree.rename(path, to));
		if (refused !== null) return refused;
		setNaming(null);
		desk.renamed(path, to);
		await desk.load(folderOfPath(to));
		onSelect(to);
		return null;
	};
	const askToRemove = (path: string, isFolder: boolean) =>
		setQuestion({
			title: `Delete ${visibleText(nameOfPath(path))}?`,
			description: isFolder
				? "The folder goes with everything in it. This cannot be undone."
				: "This cannot be undone.",
			act: "Delete",
			onAct: async () => {
				const refused = await act(tree.remove(path));
				if (refused === null) {
					desk.removed(path);
					await desk.load(folderOfPath(path));
				}
				return refused;
			},
		});
	const download = (path: string) =>
		void tree.download(path).then(
			(file) => saveFile(file, nameOfPath(path)),
			(error: unknown) => notify(fileWords(error), "error"),
		);
	const upload = (files: Iterable<File>) => uploadsOf(tree).add(here, [...files]);
	const enter = (path: string) => {
		const row = entries.find((one) => one.path === path);
		if (row === undefined) return;
		onSelect(path);
		if (row.isExpanded !== undefined) desk.toggle(path);
		else if (row.entry.type === "file") void desk.open(path);
	};
	const onKeyDown = useTreeKeys({
		entries,
		current: current?.path,
		onSelect,
		onEnter: enter,
		onToggle: desk.toggle.bind(desk),
	});
	const drop = (event: DragEvent) => {
		event.preventDefault();
		setOver(false);
		if (canChange) upload(event.dataTransfer.files);
	};

	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere on it; the button does the same.
		<div
			className="relative flex min-h-0 flex-1 flex-col"
			onDragOver={(event) => {
				if (!canChange || !event.dataTransfer.types.includes("Files")) return;
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
			onDrop={drop}
		>
			<div className="flex h-10 shrink-0 items-center gap-0.5 ps-4 pe-2 pointer-coarse:h-12">
				<span className="min-w-0 flex-1 truncate text-text-faint text-xs">
					{here === "" ? "All files" : visibleText(here)}
				</span>
				{canChange && (
					<>
						<IconButton label="New file" tip="none" onClick={() => setNaming({ type: "file", folder: here })}>
							<FilePlus2 />
						</IconButton>
						<IconButton label="New folder" tip="none" onClick={() => setNaming({ type: "folder", folder: here })}>
							<FolderPlus />
						</IconButton>
						<IconButton label="Upload files" tip="none" onClick={() => picker.current?.click()}>
							<Upload />
						</IconButton>
						<input
							ref={picker}
							type="file"
							multiple
							hidden
							onChange={(event) => {
								upload(event.target.files ?? []);
								event.target.value = "";
							}}
						/>
					</>
				)}
			</div>
			<UploadList uploads={uploadsOf(tree)} />
			{naming !== null && naming.type !== "rename" && (
				<NameField
					label={naming.type === "file" ? "Name of the new file" : "Name of the new folder"}
					hint={naming.folder === "" ? undefined : `in ${naming.folder}`}
					initial=""
					onName={(name) => make(naming.type, pathIn(naming.folder, name))}
					onEnd={() => setNaming(null)}
				/>
			)}
			{rows.length === 0 ? (
				<Blank isPage={false} icon={<FolderTree />} title="No files yet">
					{canChange ? "Ask the agent for something, or drop files here." : "What the agent makes appears here."}
				</Blank>
			) : (
				<div
					role="tree"
					aria-label="Files"
					className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden px-2 pb-4"
					onKeyDown={onKeyDown}
				>
					{rows.map((row) =>
						row.type === "note" ? (
							<NoteRow key={`${row.path}?`} row={row} onRetry={() => void desk.load(row.path)} />
						) : naming?.type === "rename" && naming.path === row.path ? (
							<NameField
								key={row.path}
								label={`New name of ${row.entry.name}`}
								initial={row.entry.name}
								onName={(name) => rename(row.path, pathIn(folderOfPath(row.path), name))}
								onEnd={() => setNaming(null)}
							/>
						) : (
							<EntryRow
								key={row.path}
								row={row}
								isCurrent={row.path === current?.path}
								isSelected={row.path === selected}
								canChange={canChange}
								onEnter={() => enter(row.path)}
								onRename={() => setNaming({ type: "rename", path: row.path })}
								onRemove={() => askToRemove(row.path, row.entry.type === "folder")}
								onDownload={() => download(row.path)}
							/>
						),
					)}
				</div>
			)}
			{isOver && (
				<div className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-text">
					Upload to {here === "" ? "this workspace" : visibleText(here)}
				</div>
			)}
			{question && <Confirm question={question} onClose={() => setQuestion(null)} />}
		</div>
	);
}
