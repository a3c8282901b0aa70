"use client";
import type { ExportFormat } from "@bullpen/domain/transcript/export";
import { ChevronsDownUp, ChevronsUpDown, Columns2, Ellipsis, FileDown, FileJson2, Rows3, Search } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { useDiffLayout } from "../../ui/diff-layout.ts";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { useMedia } from "../../ui/use-media.ts";

interface TranscriptMenuProps {
	onSearch: () => void;
	onFoldAll: (isOpen: boolean) => void;
	onExport: (format: ExportFormat) => void;
}

/** Open from the start, as its parts are: it is fetched when somebody asks for it. */
export default function TranscriptMenu({ onSearch, onFoldAll, onExport }: TranscriptMenuProps) {
	const [layout, setLayout] = useDiffLayout();
	const isSplit = layout === "split";
	const hasRoom = useMedia("(min-width: 48rem)");
	return (
		<Menu
			label="Transcript"
			align="end"
			trigger={
				<IconButton label="Transcript" tip="bottom-end" size="md">
					<Ellipsis />
				</IconButton>
			}
		>
			<MenuItem icon={<Search />} onSelect={onSearch}>
				Search
			</MenuItem>
			<MenuSeparator />
			<MenuItem icon={<ChevronsDownUp />} onSelect={() => onFoldAll(false)}>
				Collapse all
			</MenuItem>
			<MenuItem icon={<ChevronsUpDown />} onSelect={() => onFoldAll(true)}>
				Expand all
			</MenuItem>
			{hasRoom && (
				<MenuItem icon={isSplit ? <Rows3 /> : <Columns2 />} onSelect={() => setLayout(isSplit ? "unified" : "split")}>
					{isSplit ? "Changes in one column" : "Changes side by side"}
				</MenuItem>
			)}
			<MenuSeparator />
			<MenuItem icon={<FileDown />} onSelect={() => onExport("markdown")}>
				Export as Markdown
			</MenuItem>
			<MenuItem icon={<FileJson2 />} onSelect={() => onExport("jsonl")}>
				Export as JSON lines
			</MenuItem>
		</Menu>
	);
}
