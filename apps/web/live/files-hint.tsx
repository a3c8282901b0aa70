import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { Image, Paperclip } from "lucide-react";
import { filesWords, isPicture } from "./files-words.ts";

/** The files of a message within one line of text. */
export function FilesHint({ files }: { files: readonly MessageAttachment[] }) {
	const Icon = files.every(isPicture) ? Image : Paperclip;
	return (
		<span className="whitespace-nowrap">
			<Icon className="-mt-0.5 me-1 inline size-3.5" aria-hidden="true" />
			{filesWords(files)}
		</span>
	);
}
