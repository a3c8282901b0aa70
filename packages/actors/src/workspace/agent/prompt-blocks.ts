import { hasMention, mentionedPaths } from "@bullpen/domain/find-paths";
import type { Limits } from "@bullpen/domain/limits";
import { z } from "zod";
import type { AttachedFile } from "./attached-file.ts";

/** A part of a prompt, as ACP has it (`ContentBlock`). */
export type PromptBlock =
	| { type: "text"; text: string }
	| { type: "image"; data: string; mimeType: string }
	| { type: "resource_link"; uri: string; name: string }
	| { type: "resource"; resource: { uri: string; mimeType: string; text: string } };

/** What an agent takes in a prompt beside text and links, which all take. */
export interface PromptAbilities {
	readonly image: boolean;
	readonly embeddedContext: boolean;
}

const Initialized = z.object({
	agentCapabilities: z.object({
		promptCapabilities: z.object({ image: z.boolean().catch(false), embeddedContext: z.boolean().catch(false) }),
	}),
});

/** Of an agent's answer to `initialize`. Nothing that it does not say. */
export const abilitiesIn = (answer: unknown): PromptAbilities =>
	Initialized.safeParse(answer).data?.agentCapabilities.promptCapabilities ?? { image: false, embeddedContext: false };

/** Where a prompt goes: a folder of files, reached through the sandbox alone. */
export interface PromptPlace {
	readonly abilities: PromptAbilities;
	/** Absolute, as the agent sees it. */
	readonly folder: string;
	/** The files in it, relative. */
	paths(): Promise<ReadonlySet<string>>;
	/** Keeps a file for the agent to read. @returns its path, relative */
	save(file: AttachedFile): Promise<string>;
}

/**
 * A prompt as its agent takes it: the words first; files as parts of their own where it takes them, else kept in its
 * folder and named; and a link for each file that the words mention as `@path`.
 */
export async function promptBlocks(
	text: string,
	files: readonly AttachedFile[],
	place: PromptPlace,
	{ mentionsMax }: Pick<Limits, "mentionsMax">,
): Promise<PromptBlock[]> {
	const blocks: PromptBlock[] = [{ type: "text", text }];
	const mentioned = hasMention(text) ? mentionedPaths(text, await place.paths(), mentionsMax) : [];
	for (const path of mentioned) blocks.push(linkTo(place.folder, path));
	for (const file of files) blocks.push(...(await blocksOf(file, place)));
	return blocks;
}

async function blocksOf(file: AttachedFile, { abilities, folder, save }: PromptPlace): Promise<PromptBlock[]> {
	if (file.type === "image" && abilities.image) return [{ type: "image", data: file.data, mimeType: file.mimeType }];
	if (file.type === "text" && abilities.embeddedContext) {
		const uri = `attachment:///${encodeURIComponent(file.name)}`;
		return [{ type: "resource", resource: { uri, mimeType: "text/plain", text: file.text } }];
	}
	const path = await save(file);
	return [{ type: "text", text: `Attached to this request: ${path}` }, linkTo(folder, path)];
}

const linkTo = (folder: string, path: string): PromptBlock => ({
	type: "resource_link",
	name: path,
	uri: `file://${[...folder.split("/"), ...path.split("/")].map(encodeURIComponent).join("/")}`,
});

/** An event as it is kept and told: without the contents of files, which the workspace keeps beside their prompt. */
export function withoutContents<Event extends { readonly payload: object }>(event: Event): Event {
	const { payload } = event;
	if (!("method" in payload) || payload.method !== "session/prompt") return event;
	const prompt = Prompted.safeParse(payload).data?.params.prompt;
	if (prompt === undefined) return event;
	const params = { ...("params" in payload && typeof payload.params === "object" && payload.params), prompt };
	return { ...event, payload: { ...payload, params } };
}

const Block = z.looseObject({ type: z.string() }).transform((block) => {
	if (block.type === "image") return { ...block, data: "" };
	if (block.type !== "resource") return block;
	const uri = z.object({ uri: z.string() }).safeParse(block.resource).data?.uri ?? "";
	return { type: "resource_link", name: uri, uri };
});
const Prompted = z.object({ params: z.object({ prompt: z.array(Block) }) });
