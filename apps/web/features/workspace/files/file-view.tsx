"use client";
import type { OpenedFile, WorkspaceTree } from "@bullpen/client/workspace-tree";
import { nameOfPath } from "@bullpen/domain/file-path";
import { LIMITS } from "@bullpen/domain/limits";
import { ArrowLeft, Download, FileQuestion, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Blank } from "../../../ui/blank.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { saveFile } from "../../../ui/save-file.ts";
import { sizeOf } from "../../../ui/size.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { notify } from "../../../ui/toast.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { CollisionView } from "./collision-view.tsx";
import type { DeskFile, FileDesk } from "./file-desk.ts";
import { fileWords } from "./file-words.ts";
import { PictureFile } from "./picture-file.tsx";

const CodeEditor = fetched(() => import("../../../ui/code-editor.tsx"));

interface FileViewProps {
	tree: WorkspaceTree;
	desk: FileDesk;
	file: DeskFile;
	canChange: boolean;
}

export function FileView({ tree, desk, file, canChange }: FileViewProps) {
	const { path, opened, draft, isSaving, problem, collision } = file;
	const isDirty = draft !== null;
	const save = () => void desk.save();
	const download = () =>
		void tree.download(path).then(
			(blob) => saveFile(blob, nameOfPath(path)),
			(error: unknown) => notify(fileWords(error), "error"),
		);
	useLeaveWarning(isDirty);
	return (
		<div className="flex min-h-0 flex-1 flex-col">
			<div className="flex h-11 shrink-0 items-center gap-1 border-line border-b ps-1.5 pe-2 pointer-coarse:h-13">
				<IconButton label="Back to all files" tip="none" onClick={() => desk.close()} disabled={isSaving}>
					<ArrowLeft />
				</IconButton>
				<h2 className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
					<span className="text-text-faint">{visibleText(path.slice(0, path.length - nameOfPath(path).length))}</span>
					{visibleText(nameOfPath(path))}
					{isDirty && <span className="text-attention-text"> · edited</span>}
				</h2>
				{isDirty && (
					<IconButton label="Undo all edits" tip="none" onClick={() => desk.revert()} disabled={isSaving}>
						<Undo2 />
					</IconButton>
				)}
				<IconButton label="Download" tip="none" onClick={download}>
					<Download />
				</IconButton>
				{canChange && opened?.text !== null && (
					<Button
						size="sm"
						variant="primary"
						isBusy={isSaving}
						disabled={!isDirty || collision !== null}
						onClick={save}
						title="Ctrl+S"
					>
						Save
					</Button>
				)}
			</div>
			{problem !== null && (
				<p role="alert" className="flex items-center gap-3 bg-danger-soft px-4 py-2 text-danger-text text-sm">
					<span className="flex-1">{problem}</span>
					<Button size="sm" onClick={() => (isDirty ? save() : void desk.retry())}>
						Try again
					</Button>
				</p>
			)}
			{collision !== null && opened !== null ? (
				<CollisionView
					path={path}
					ours={draft ?? opened.text ?? ""}
					theirs={collision.theirs}
					isSaving={isSaving}
					onKeepOurs={() => void desk.keepOurs()}
					onTakeTheirs={() => desk.takeTheirs()}
				/>
			) : (
				<Content
					key={path}
					tree={tree}
					file={file}
					canChange={canChange}
					onChange={(text) => desk.edit(text)}
					onSave={save}
				/>
			)}
		</div>
	);
}

interface ContentProps {
	tree: WorkspaceTree;
	file: DeskFile;
	canChange: boolean;
	onChange: (text: string) => void;
	onSave: () => void;
}

function Content({
	tree,
	file: { path, opened, draft, isSaving, problem },
	canChange,
	onChange,
	onSave,
}: ContentProps) {
	if (opened === null) return problem === null ? <Loading /> : null;
	if (opened.text === null) return <NoText tree={tree} path={path} opened={opened} />;
	return (
		<CodeEditor
			place={<Loading />}
			label={`Content of ${path}`}
			fileName={nameOfPath(path)}
			text={draft ?? opened.text}
			canEdit={canChange && !isSaving}
			onChange={onChange}
			onSave={onSave}
		/>
	);
}

const Loading = () => (
	<p role="status" className="flex items-center gap-2 p-4 text-sm text-text-faint">
		<Spinner /> Opening…
	</p>
);

const PICTURE = /\.(?:png|jpe?g|gif|webp)$/i;

function NoText({ tree, path, opened }: { tree: WorkspaceTree; path: string; opened: OpenedFile }) {
	const [isLost, setLost] = useState(false);
	const { bytes, version } = opened;
	if (PICTURE.test(path) && bytes <= LIMITS.filePictureBytesMax && !isLost) {
		return <PictureFile key={version} tree={tree} path={path} onLost={() => setLost(true)} />;
	}
	const isLarge = bytes > LIMITS.fileTextBytesMax;
	return (
		<Blank isPage={false} icon={<FileQuestion />} title={isLarge ? "Too large to be shown" : "Not a text"}>
			{isLarge
				? `${sizeOf(bytes)}; up to ${sizeOf(LIMITS.fileTextBytesMax)} is shown here.`
				: `Binary, ${sizeOf(bytes)}.`}{" "}
			It can be downloaded.
		</Blank>
	);
}

/** Edits live in this page only. */
function useLeaveWarning(isDirty: boolean): void {
	useEffect(() => {
		if (!isDirty) return;
		const warn = (event: BeforeUnloadEvent) => event.preventDefault();
		window.addEventListener("beforeunload", warn);
		return () => window.removeEventListener("beforeunload", warn);
	}, [isDirty]);
}
