import type { MessageAttachment } from "@bullpen/domain/message-attachment";

export type FileKind = "picture" | "sound" | "film" | "archive" | "table" | "code" | "text" | "other";

const ENDINGS: readonly (readonly [kind: FileKind, endings: string])[] = [
	["archive", "zip gz tgz tar bz2 xz zst 7z rar"],
	["table", "csv tsv xls xlsx ods numbers"],
	["code", "js ts tsx jsx json html css py rb go rs java kt swift c h cpp sh sql yaml yml toml xml diff patch"],
	["text", "txt md log pdf doc docx odt rtf pages"],
	["sound", "mp3 wav ogg flac m4a opus"],
	["film", "mp4 webm mov mkv avi"],
	["picture", "svg heic tif tiff bmp ico avif psd"],
];
const BY_ENDING: ReadonlyMap<string, FileKind> = new Map(
	ENDINGS.flatMap(([kind, endings]) => endings.split(" ").map((ending) => [ending, kind] as const)),
);

/** What a file is likely to be, for its icon: its name says more of that than its first bytes do, and nothing is opened by it. */
export function kindOf({ name, mimeType }: Pick<MessageAttachment, "name" | "mimeType">): FileKind {
	const byName = BY_ENDING.get(endingOf(name).toLowerCase());
	if (byName !== undefined) return byName;
	const [family] = mimeType.split("/");
	if (family === "image") return "picture";
	if (family === "audio") return "sound";
	if (family === "video") return "film";
	return family === "text" || mimeType === "application/pdf" ? "text" : "other";
}

/** `PDF` of `plan.pdf`; empty where there is none that could be told in a word. */
export const endingWord = (name: string): string => endingOf(name).toUpperCase();

const endingOf = (name: string): string => /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? "";
