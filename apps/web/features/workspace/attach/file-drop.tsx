"use client";
import { type DragEvent, type ReactNode, useState } from "react";
import { cx } from "../../../ui/cx.ts";

/** Takes files that are dropped on it or pasted into it; everything else goes on its way. */
export function FileDrop({ onFiles, children }: { onFiles: (files: readonly File[]) => void; children: ReactNode }) {
	const [isOver, setOver] = useState(false);
	const over = (event: DragEvent) => {
		if (!event.dataTransfer.types.includes("Files")) return;
		event.preventDefault();
		event.dataTransfer.dropEffect = "copy";
		setOver(true);
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button beside the field does the same.
		<div
			className={cx("relative rounded-lg", isOver && "ring-2 ring-accent")}
			onPasteCapture={(event) => {
				const files = [...event.clipboardData.files];
				// Programs put a picture of copied cells and the like beside their text: the text is meant.
				if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
				event.preventDefault();
				onFiles(files);
			}}
			onDragOver={over}
			onDragLeave={(event) => {
				const to = event.relatedTarget;
				if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
			}}
			onDrop={(event) => {
				setOver(false);
				const files = [...event.dataTransfer.files];
				if (files.length === 0) return;
				event.preventDefault();
				onFiles(files);
			}}
		>
			{children}
		</div>
	);
}
