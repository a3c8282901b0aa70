"use client";
import { nameOfPath } from "@bullpen/domain/file-path";
import { Download, GitCompareArrows, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Blank } from "../../../ui/blank.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { saveFile } from "../../../ui/save-file.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { notify } from "../../../ui/toast.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileWords } from "../files/file-words.ts";
import type { SideTabProps } from "../side/side-tab.ts";
import { ChangedFileRow } from "./changed-file.tsx";
import { CommitForm } from "./commit-form.tsx";
import { useChanges } from "./use-changes.ts";

/** What people and the agent changed since the workspace began. */
export default function ChangesTab({ workspace, verbs }: SideTabProps) {
	const { tree } = verbs;
	const { list, problem, isLoading, look, reload } = useChanges(tree);
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const [isFetching, setFetching] = useState(false);
	const toggle = (path: string) =>
		setOpen((before) => {
			const next = new Set(before);
			if (!next.delete(path)) next.add(path);
			return next;
		});
	const download = async () => {
		setFetching(true);
		try {
			saveFile(await tree.patch(), `${fileName(workspace.session.name)}.patch`);
		} catch (error) {
			notify(fileWords(error), "error");
		}
		setFetching(false);
	};
	if (list === null) {
		return problem === null ? (
			<p role="status" className="flex items-center gap-2 p-4 text-sm text-text-faint">
				<Spinner /> Comparing files…
			</p>
		) : (
			<Blank
				isPage={false}
				icon={<GitCompareArrows />}
				tone="danger"
				title="Changes cannot be shown"
				actions={<Button onClick={() => void reload()}>Try again</Button>}
			>
				{problem}
			</Blank>
		);
	}
	const { files, repository } = list;
	const count = files.length + list.omitted;
	return (
		<div className="flex min-h-0 flex-1 flex-col">
			<div className="flex h-10 shrink-0 items-center gap-2 ps-4 pe-2 text-xs pointer-coarse:h-12">
				<span className="min-w-0 flex-1 truncate text-text-muted" role="status">
					{count === 0
						? "Nothing changed"
						: `${count.toLocaleString()} ${count === 1 ? "file" : "files"} since the start`}
					{count > 0 && (
						<span className="ps-2 font-mono tabular-nums">
							<span className="text-accent-text">+{list.added.toLocaleString()}</span>{" "}
							{list.removed > 0 && <span className="text-danger-text">−{list.removed.toLocaleString()}</span>}
						</span>
					)}
				</span>
				<IconButton label="Compare again" tip="none" onClick={() => void reload()} disabled={isLoading}>
					{isLoading ? <Spinner /> : <RefreshCw />}
				</IconButton>
				{count > 0 && workspace.session.sandboxKind === "confined" && (
					<IconButton label="Download as a patch" tip="none" onClick={() => void download()} disabled={isFetching}>
						{isFetching ? <Spinner /> : <Download />}
					</IconButton>
				)}
			</div>
			{problem !== null && (
				<p role="alert" className="bg-danger-soft px-4 py-2 text-danger-text text-sm">
					{problem}
				</p>
			)}
			{count === 0 ? (
				<Blank isPage={false} icon={<GitCompareArrows />} title="Nothing changed yet">
					What the agent and people change from here on is listed, file by file.
				</Blank>
			) : (
				<ul aria-label="Changed files" className="min-h-0 flex-1 space-y-px overflow-y-auto px-2 pb-3">
					{files.map((file) => (
						<ChangedFileRow
							key={file.path}
							file={file}
							tree={tree}
							look={look}
							isOpen={open.has(file.path)}
							onToggle={() => toggle(file.path)}
						/>
					))}
					{list.omitted > 0 && (
						<li className="px-2 py-1 text-text-faint text-xs">{list.omitted.toLocaleString()} more are not listed</li>
					)}
					{list.uncounted > 0 && (
						<li className="px-2 py-1 text-text-faint text-xs">
							{list.uncounted.toLocaleString()} {list.uncounted === 1 ? "file is" : "files are"} too large or too many
							to be compared
						</li>
					)}
					{list.nested.length > 0 && (
						<li className="px-2 py-1 text-text-faint text-xs">
							Repositories of their own, not looked into: {list.nested.map(visibleText).join(", ")}
						</li>
					)}
				</ul>
			)}
			{workspace.canPrompt && (
				<CommitForm
					repository={repository}
					count={count}
					onCommit={async (message) => {
						const { commit, files: committed } = await tree.commit(message);
						notify(`Committed ${committed} ${committed === 1 ? "file" : "files"} as ${commit.slice(0, 7)}.`);
						await reload();
					}}
				/>
			)}
		</div>
	);
}

const fileName = (name: string): string =>
	nameOfPath(name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")).slice(0, 80) || "changes";
