import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { visibleText } from "../ui/visible-text.ts";

/** A picture that is shown where the message stands. Everything else is a file with a name. */
export type Picture = MessageAttachment & { readonly width: number; readonly height: number };

export const isPicture = (file: MessageAttachment): file is Picture =>
	file.width !== undefined && file.height !== undefined;

/** Files where there is room for a few words only: the name of one, the number of more. */
export function filesWords(files: readonly MessageAttachment[]): string {
	const [first, ...more] = files;
	if (first === undefined) return "";
	if (more.length === 0) return visibleText(first.name);
	return `${files.length} ${files.every(isPicture) ? "pictures" : "files"}`;
}
