"use client";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import {
	Download,
	File,
	FileArchive,
	FileCode,
	FileImage,
	FileMusic,
	FilePlay,
	FileSpreadsheet,
	FileText,
} from "lucide-react";
import { cx } from "../../../ui/cx.ts";
import { sizeOf } from "../../../ui/size.ts";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileAddress } from "./file-address.ts";
import { endingWord, kindOf } from "./file-kind.ts";
import { useRoomFiles } from "./room-files.tsx";

const ICONS = {
	picture: FileImage,
	sound: FileMusic,
	film: FilePlay,
	archive: FileArchive,
	table: FileSpreadsheet,
	code: FileCode,
	text: FileText,
	other: File,
} as const;

const LOOK = "group/file flex h-12 w-72 max-w-full items-center gap-2.5 rounded-md bg-raised ps-1.5 pe-3 shadow-low";

/** A file by its name, which downloads it. */
export default function FileRow({ file, isPending }: { file: MessageAttachment; isPending: boolean }) {
	const { roomId } = useRoomFiles();
	const name = visibleText(file.name);
	const Icon = ICONS[kindOf(file)];
	const inside = (
		<>
			<span
				className="flex size-9 shrink-0 items-center justify-center rounded-sm bg-selected text-text-muted"
				aria-hidden="true"
			>
				<Icon className="size-4.5" />
			</span>
			<span className="min-w-0 flex-1">
				<span className="block truncate font-medium text-sm">{name}</span>
				<span className="block truncate text-text-faint text-xs tabular-nums">
					{[endingWord(file.name), sizeOf(file.bytes)].filter(Boolean).join(" · ")}
				</span>
			</span>
		</>
	);
	if (isPending) return <div className={LOOK}>{inside}</div>;
	return (
		<a
			href={fileAddress(roomId, file.id, "download")}
			download={file.name}
			aria-label={`Download ${name}, ${sizeOf(file.bytes)}`}
			title={name}
			className={cx(LOOK, "transition-shadow hover:shadow-mid")}
		>
			{inside}
			<Download
				className="size-4 shrink-0 text-text-faint transition-colors group-hover/file:text-text"
				aria-hidden="true"
			/>
		</a>
	);
}
