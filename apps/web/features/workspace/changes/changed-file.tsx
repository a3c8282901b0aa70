"use client";
import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import type { ChangedFile, FileDiff } from "@bullpen/domain/changes";
import { nameOfPath } from "@bullpen/domain/file-path";
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { cx } from "../../../ui/cx.ts";
import { Diff } from "../../../ui/diff.tsx";
import { sizeOf } from "../../../ui/size.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileWords } from "../files/file-words.ts";

const STATUSES = {
	added: { letter: "A", words: "added", look: "text-accent-text" },
	modified: { letter: "M", words: "changed", look: "text-attention-text" },
	deleted: { letter: "D", words: "deleted", look: "text-danger-text" },
	renamed: { letter: "R", words: "renamed", look: "text-info-text" },
} as const;

interface ChangedFileRowProps {
	file: ChangedFile;
	tree: WorkspaceTree;
	look: number;
	isOpen: boolean;
	onToggle: () => void;
}

export function ChangedFileRow({ file, tree, look, isOpen, onToggle }: ChangedFileRowProps) {
	const { path, from, status, added, removed } = file;
	const { letter, words, look: colour } = STATUSES[status];
	const name = nameOfPath(path);
	return (
		<li>
			<button
				type="button"
				aria-expanded={isOpen}
				onClick={onToggle}
				className="flex min-h-8 w-full items-center gap-2 rounded-md px-1.5 text-start text-sm transition-colors hover:bg-hover focus-visible:-outline-offset-2 pointer-coarse:min-h-11"
			>
				<ChevronRight
					aria-hidden="true"
					className={cx("size-3.5 shrink-0 text-text-faint transition-transform", isOpen && "rotate-90")}
				/>
				<span className={cx("w-3 shrink-0 font-medium font-mono text-xs", colour)} aria-hidden="true">
					{letter}
				</span>
				<span className="min-w-0 flex-1 truncate" title={from === undefined ? path : `${from} → ${path}`}>
					<span className={cx(status === "deleted" && "line-through")}>{visibleText(name)}</span>{" "}
					<span className="text-text-faint text-xs">
						{visibleText(from === undefined ? path.slice(0, -name.length) : `from ${from}`)}
					</span>
					<span className="sr-only">, {words}</span>
				</span>
				<span className="shrink-0 font-mono text-xs tabular-nums">
					{added === null ? (
						<span className="text-text-faint">binary</span>
					) : (
						<>
							{added > 0 && <span className="text-accent-text">+{added.toLocaleString()}</span>}{" "}
							{removed !== null && removed > 0 && <span className="text-danger-text">−{removed.toLocaleString()}</span>}
						</>
					)}
				</span>
			</button>
			{isOpen && <FileDiffView tree={tree} path={path} from={from} look={look} />}
		</li>
	);
}

interface FileDiffViewProps {
	tree: WorkspaceTree;
	path: string;
	from: string | undefined;
	look: number;
}

function FileDiffView({ tree, path, from, look }: FileDiffViewProps) {
	const [diff, setDiff] = useState<FileDiff | null>(null);
	const [problem, setProblem] = useState<string | null>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another look may find another file.
	useEffect(() => {
		let isCurrent = true;
		tree.diff(path, from).then(
			(found) => {
				if (!isCurrent) return;
				setDiff(found);
				setProblem(null);
			},
			(error: unknown) => isCurrent && setProblem(fileWords(error)),
		);
		return () => {
			isCurrent = false;
		};
	}, [tree, path, from, look]);
	if (problem !== null) {
		return (
			<p role="alert" className="px-7 py-2 text-danger-text text-sm">
				{problem}
			</p>
		);
	}
	if (diff === null) {
		return (
			<p role="status" className="flex items-center gap-2 px-7 py-2 text-text-faint text-xs">
				<Spinner className="size-3.5" /> Comparing…
			</p>
		);
	}
	if (diff.type !== "text") {
		const sizes = [diff.oldBytes, diff.newBytes]
			.flatMap((bytes) => (bytes === null ? [] : [sizeOf(bytes)]))
			.join(" → ");
		return (
			<p className="px-7 py-2 text-text-muted text-xs">
				{diff.type === "binary" ? "Not a text" : "Too large to be compared here"}: {sizes}
			</p>
		);
	}
	return (
		<div className="px-1.5 pt-1 pb-3">
			<Diff path={path} oldText={diff.oldText} newText={diff.newText ?? ""} />
		</div>
	);
}
