"use client";
import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useEffect, useState } from "react";
import { cx } from "./cx.ts";
import { isTextMeant } from "./pasted-text.ts";
import { notify } from "./toast.tsx";

interface FileDropProps {
	/** Absent where nothing can be taken just now. */
	onFiles: ((files: readonly File[]) => void) | undefined;
	/** What becomes of them, said over the whole of it while they are held there. Without, it is only framed. */
	words?: string;
	className?: string;
	children: ReactNode;
}

/** Takes files that are dropped on it; everything else goes on its way. */
export function FileDrop({ onFiles, words, className, children }: FileDropProps) {
	const [isOver, setOver] = useState(false);
	useNothingOpened();
	const over = (event: DragEvent) => {
		if (!onFiles || !event.dataTransfer.types.includes("Files")) return;
		event.preventDefault();
		event.dataTransfer.dropEffect = "copy";
		setOver(true);
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button beside the field does the same.
		<div
			className={cx("relative", className, isOver && words === undefined && "rounded-lg ring-2 ring-accent")}
			onDragOver={over}
			onDragLeave={(event) => {
				const to = event.relatedTarget;
				if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
			}}
			onDrop={(event) => {
				setOver(false);
				const { files, hasFolders } = filesIn(event.dataTransfer);
				if (!onFiles || (files.length === 0 && !hasFolders)) return;
				event.preventDefault();
				if (hasFolders) notify("Folders cannot be taken. Pack them into an archive first.", "error");
				if (files.length > 0) onFiles(files);
			}}
		>
			{children}
			{isOver && words !== undefined && (
				<div className="pointer-events-none absolute inset-2 z-30 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-surface/85 animate-appear">
					<p className="flex items-center gap-2.5 rounded-full bg-accent px-4 py-2 font-medium text-text-inverse shadow-mid">
						<Upload className="size-4" aria-hidden="true" />
						{words}
					</p>
				</div>
			)}
		</div>
	);
}

/** Takes files that are pasted into it; everything else goes on its way. */
export function FilePaste({ onFiles, children }: { onFiles: (files: readonly File[]) => void; children: ReactNode }) {
	return (
		<div
			onPasteCapture={(event) => {
				const files = [...event.clipboardData.files];
				if (files.length === 0 || isTextMeant(event.clipboardData.getData("text/plain"), files)) return;
				event.preventDefault();
				onFiles(files);
			}}
		>
			{children}
		</div>
	);
}

/** Folders come as files that cannot be read. */
function filesIn({ items, files }: DataTransfer): { files: File[]; hasFolders: boolean } {
	const isFolder = [...items]
		.filter(({ kind }) => kind === "file")
		.map((item) => item.webkitGetAsEntry()?.isDirectory === true);
	return { files: [...files].filter((_, index) => isFolder[index] !== true), hasFolders: isFolder.includes(true) };
}

/** Beside a place that takes files, the browser would leave the page to show what was dropped. */
function useNothingOpened(): void {
	useEffect(() => {
		const refuse = (event: globalThis.DragEvent) => {
			if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
			event.preventDefault();
			event.dataTransfer.dropEffect = "none";
		};
		window.addEventListener("dragover", refuse);
		window.addEventListener("drop", refuse);
		return () => {
			window.removeEventListener("dragover", refuse);
			window.removeEventListener("drop", refuse);
		};
	}, []);
}
