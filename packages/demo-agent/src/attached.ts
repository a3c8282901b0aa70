import { isRecord } from "./conversation.ts";

const NAMES_MAX = 20;

/** What a prompt brings beside its words, in names that people know: pictures, files, links to files. */
export function attachedNames(blocks: readonly unknown[]): string[] {
	return blocks.flatMap(nameOf).slice(0, NAMES_MAX);
}

function nameOf(block: unknown): string[] {
	if (!isRecord(block)) return [];
	switch (block.type) {
		case "image":
			return [typeof block.mimeType === "string" ? `a picture (${block.mimeType})` : "a picture"];
		case "resource_link":
			return typeof block.name === "string" ? [block.name] : [];
		case "resource": {
			const uri = isRecord(block.resource) && typeof block.resource.uri === "string" ? block.resource.uri : "";
			return [decoded(uri.split("/").at(-1) ?? "")];
		}
		default:
			return [];
	}
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part; // not encoded as a URI is
	}
}
