"use client";
import type { Attachment, AttachmentContent } from "@bullpen/domain/attachment";
import { Download, FileText } from "lucide-react";
import { useState } from "react";
import { complain } from "../../../live/refusals.ts";
import { cx } from "../../../ui/cx.ts";
import { Picture } from "../../../ui/picture.tsx";
import { saveFile } from "../../../ui/save-file.ts";
import { sizeOf } from "../../../ui/size.ts";
import { visibleText } from "../../../ui/visible-text.ts";

interface AttachedFilesProps {
	files: readonly Attachment[];
	contentOf: (attachmentId: string) => Promise<AttachmentContent>;
	isSmall?: boolean;
}

/** The files of a prompt: pictures as they are, text by its name. */
export function AttachedFiles({ files, contentOf, isSmall = false }: AttachedFilesProps) {
	if (files.length === 0) return null;
	return (
		<ul aria-label="Files" className={cx("flex flex-wrap items-start", isSmall ? "mt-1.5 gap-1.5" : "mt-2.5 gap-2")}>
			{files.map((file) => (
				<li key={file.id} className="max-w-full">
					{file.type === "image" ? (
						<Thumbnail file={file} contentOf={contentOf} height={isSmall ? 40 : 144} />
					) : (
						<TextFile file={file} contentOf={contentOf} />
					)}
				</li>
			))}
		</ul>
	);
}

type OfOne<Type extends Attachment["type"]> = Pick<AttachedFilesProps, "contentOf"> & {
	file: Extract<Attachment, { type: Type }>;
};

/** Opens to its whole size and closes again. */
function Thumbnail({ file, contentOf, height }: OfOne<"image"> & { height: number }) {
	const [isWhole, setWhole] = useState(false);
	const scale = isWhole ? 1 : Math.min(1, height / file.height);
	const shown = { width: Math.max(24, file.width * scale), height: Math.max(24, file.height * scale) };
	const load = async () => {
		const content = await contentOf(file.id);
		return content.type === "image" ? `data:${file.mimeType};base64,${content.data}` : "";
	};
	const name = visibleText(file.name);
	return (
		<button
			type="button"
			aria-expanded={isWhole}
			title={`${name}, ${sizeOf(file.bytes)}`}
			className={cx("block max-w-full rounded-md", isWhole ? "cursor-zoom-out" : "cursor-zoom-in")}
			style={{ width: shown.width }}
			onClick={() => setWhole(!isWhole)}
		>
			<Picture label={name} {...shown} load={load} />
		</button>
	);
}

/** Its name, which saves it. */
function TextFile({ file, contentOf }: OfOne<"text">) {
	const save = async () => {
		const content = await contentOf(file.id);
		if (content.type !== "text") return;
		saveFile(new Blob([content.text], { type: "text/plain;charset=utf-8" }), file.name);
	};
	return (
		<button
			type="button"
			aria-label={`Download ${visibleText(file.name)}`}
			onClick={() => save().catch(complain)}
			className="group flex h-8 max-w-full items-center gap-2 rounded-md bg-raised px-2.5 text-xs shadow-low transition-shadow hover:shadow-mid pointer-coarse:h-10"
		>
			<FileText className="size-3.5 shrink-0 text-text-faint group-hover:hidden" aria-hidden="true" />
			<Download className="hidden size-3.5 shrink-0 text-text-muted group-hover:block" aria-hidden="true" />
			<span className="truncate">{visibleText(file.name)}</span>
			<span className="shrink-0 text-text-faint tabular-nums">{sizeOf(file.bytes)}</span>
		</button>
	);
}
