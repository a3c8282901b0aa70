"use client";
import {
	ChevronRight,
	CircleSlash,
	Download,
	Ellipsis,
	File,
	FileImage,
	FileLock2,
	Folder,
	FolderOpen,
	GitBranch,
	Link2,
	Pencil,
	Trash2,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu.tsx";
import { sizeOf } from "../../../ui/size.ts";
import { visibleText } from "../../../ui/visible-text.ts";
import type { TreeRow } from "./tree-rows.ts";

type Entry = Extract<TreeRow, { type: "entry" }>;

interface EntryRowProps {
	row: Entry;
	/** The one that the Tab key comes to. */
	isCurrent: boolean;
	isSelected: boolean;
	canChange: boolean;
	onEnter: () => void;
	onRename: () => void;
	onRemove: () => void;
	onDownload: () => void;
}

export function EntryRow({ row, isCurrent, isSelected, canChange, onEnter, ...acts }: EntryRowProps) {
	const { entry, level, isExpanded, isFaint } = row;
	/** Raised each time its menu is asked for. */
	const [asked, setAsked] = useState(0);
	const ask = () => setAsked((before) => before + 1);
	const isGit = entry.type === "folder" && isExpanded === undefined;
	return (
		<div
			role="treeitem"
			data-path={row.path}
			aria-level={level}
			aria-selected={isSelected}
			aria-expanded={isExpanded}
			aria-disabled={isGit || entry.type === "link" || entry.type === "other" || undefined}
			tabIndex={isCurrent ? 0 : -1}
			title={titleOf(entry, isGit)}
			style={{ paddingInlineStart: `${(level - 1) * 0.875 + 0.25}rem` }}
			className={cx(
				"group/row flex h-7.5 select-none items-center gap-1.5 rounded-md pe-1 text-sm transition-colors focus-visible:-outline-offset-2 pointer-coarse:h-11",
				isSelected ? "bg-selected" : "hover:bg-hover",
				isFaint && "text-text-faint",
			)}
			onClick={onEnter}
			onContextMenu={(event) => {
				event.preventDefault();
				ask();
			}}
			onKeyDown={(event) => {
				if (!canChange) return;
				if (event.key === "F2") acts.onRename();
				if (event.key === "Delete") acts.onRemove();
			}}
		>
			<ChevronRight
				aria-hidden="true"
				className={cx(
					"size-3.5 shrink-0 text-text-faint transition-transform",
					isExpanded && "rotate-90",
					isExpanded === undefined && "invisible",
				)}
			/>
			<span className="shrink-0 text-text-faint [&_svg]:size-4" aria-hidden="true">
				{iconOf(entry.name, entry.type, isExpanded, isGit)}
			</span>
			<span className="min-w-0 flex-1 truncate">
				{visibleText(entry.name)}
				{entry.target !== undefined && <span className="text-text-faint"> → {visibleText(entry.target)}</span>}
			</span>
			{entry.type === "file" && (
				<span className="shrink-0 text-2xs text-text-faint tabular-nums group-hover/row:hidden">
					{sizeOf(entry.bytes)}
				</span>
			)}
			{!isGit && (
				// biome-ignore lint/a11y/noStaticElementInteractions: what happens in the menu is not a click on its row.
				<span
					className="hidden pointer-coarse:block group-hover/row:block has-data-[state=open]:block"
					onClick={(event) => event.stopPropagation()}
					onKeyDown={(event) => event.stopPropagation()}
				>
					<RowMenu
						name={entry.name}
						asked={asked}
						onAsk={ask}
						isFile={entry.type === "file"}
						canChange={canChange}
						{...acts}
					/>
				</span>
			)}
		</div>
	);
}

interface RowMenuProps extends Pick<EntryRowProps, "onRename" | "onRemove" | "onDownload" | "canChange"> {
	name: string;
	isFile: boolean;
	asked: number;
	onAsk: () => void;
}

function RowMenu({ name, isFile, asked, onAsk, canChange, onRename, onRemove, onDownload }: RowMenuProps) {
	if (!isFile && !canChange) return null;
	const trigger = (
		<IconButton label={`More of ${name}`} tip="none" size="sm" tabIndex={-1} onClick={asked > 0 ? undefined : onAsk}>
			<Ellipsis />
		</IconButton>
	);
	if (asked === 0) return trigger;
	return (
		<Menu key={asked} trigger={trigger} label={`More of ${name}`} align="end">
			{isFile && (
				<MenuItem icon={<Download />} onSelect={onDownload}>
					Download
				</MenuItem>
			)}
			{canChange && (
				<>
					<MenuItem icon={<Pencil />} onSelect={onRename}>
						Rename
					</MenuItem>
					<MenuSeparator />
					<MenuItem icon={<Trash2 />} onSelect={onRemove}>
						Delete
					</MenuItem>
				</>
			)}
		</Menu>
	);
}

export function NoteRow({ row, onRetry }: { row: Extract<TreeRow, { type: "note" }>; onRetry: () => void }) {
	return (
		<p
			role={row.isProblem ? "alert" : undefined}
			style={{ paddingInlineStart: `${(row.level - 1) * 0.875 + 1.625}rem` }}
			className={cx("py-1 pe-2 text-xs", row.isProblem ? "text-danger-text" : "text-text-faint")}
		>
			{row.text}{" "}
			{row.isProblem && (
				<button type="button" className="font-medium underline" onClick={onRetry}>
					Try again
				</button>
			)}
		</p>
	);
}

const PICTURE = /\.(?:png|jpe?g|gif|webp|svg|ico|avif)$/i;

function iconOf(
	name: string,
	type: Entry["entry"]["type"],
	isExpanded: boolean | undefined,
	isGit: boolean,
): ReactNode {
	if (isGit) return <GitBranch />;
	if (type === "folder") return isExpanded ? <FolderOpen /> : <Folder />;
	if (type === "link") return <Link2 />;
	if (type === "other") return <CircleSlash />;
	if (PICTURE.test(name)) return <FileImage />;
	return name.startsWith(".env") ? <FileLock2 /> : <File />;
}

function titleOf({ name, type, target }: Entry["entry"], isGit: boolean): string {
	if (isGit) return "Kept by git";
	if (type === "link") return `A link to ${target ?? "something"}, which is not followed`;
	return type === "other" ? "Not a file that can be opened" : name;
}
