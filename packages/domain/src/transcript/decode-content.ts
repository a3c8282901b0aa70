import { z } from "zod";
import type { AgentEvent } from "./agent-event.ts";
import { jsonText, shortText, storableText, withoutNul } from "./agent-text.ts";
import { JSON_BYTES_MAX, PATH_BYTES_MAX, record, TITLE_BYTES_MAX, text } from "./lenient.ts";
import { pictureOf } from "./raster.ts";

const Block = z.looseObject({
	type: z.string(),
	text,
	data: text,
	mimeType: text,
	uri: text,
	name: text,
	title: text,
	resource: record,
});
type Block = z.infer<typeof Block>;

/** One content block of an agent's words (ACP, `ContentBlock`). Whatever it is, it stays readable as what it is. */
export const decodeChunk = (type: "text-delta" | "thought-delta", content: unknown): AgentEvent => {
	const parsed = Block.safeParse(content);
	if (!parsed.success) {
		const updateKind = type === "text-delta" ? "agent_message_chunk" : "agent_thought_chunk";
		return { type: "unknown-noted", updateKind, json: jsonText(content, JSON_BYTES_MAX) };
	}
	const block = parsed.data;
	if (block.type === "text" && block.text !== undefined) return { type, text: withoutNul(block.text) };
	if (block.type === "resource_link" || block.type === "resource") return resource(block);
	const picture = block.type === "image" ? pictureOf(block.data ?? "") : null;
	return picture === null
		? { type: "notice-added", level: "info", text: `The agent sent ${unshown(block)}.` }
		: { type: "picture-added", picture };
};

/** A block within a tool's output, as text where it is not a picture. Null for what is not a block. */
export const blockContent = (content: unknown) => {
	const parsed = Block.safeParse(content);
	if (!parsed.success) return null;
	const block = parsed.data;
	if (block.type === "text" && block.text !== undefined) {
		return { type: "text" as const, text: storableText(block.text) };
	}
	if (block.type === "resource_link" || block.type === "resource") {
		const { name, uri, text: body } = resource(block);
		return { type: "text" as const, text: [name === uri ? uri : `${name} (${uri})`, body].filter(Boolean).join("\n") };
	}
	return (
		(block.type === "image" ? pictureOf(block.data ?? "") : null) ?? {
			type: "text" as const,
			text: `[${unshown(block)}]`,
		}
	);
};

const unshown = ({ type, mimeType, uri }: Block): string => {
	const what = shortText([mimeType, uri].filter(Boolean).join(", "), PATH_BYTES_MAX);
	const kind =
		type === "image" ? "a picture that cannot be shown here" : `something of the kind ${shortText(type, 64)}`;
	return what === "" ? kind : `${kind} (${what})`;
};

const resource = (block: Block): Extract<AgentEvent, { type: "resource-added" }> => {
	const inner = Block.partial().safeParse(block.resource).data;
	const uri = shortText(block.uri ?? inner?.uri ?? "", PATH_BYTES_MAX);
	const name = shortText(block.title ?? block.name ?? "", TITLE_BYTES_MAX) || uri || "Resource";
	return {
		type: "resource-added",
		name,
		uri,
		...(inner?.text === undefined ? {} : { text: shortText(inner.text, JSON_BYTES_MAX) }),
	};
};

/** The text of one block or of several, joined; empty where there is none. */
export const blocksText = (raw: unknown, bytesMax: number): string => {
	if (typeof raw === "string") return shortText(raw, bytesMax);
	const blocks = Array.isArray(raw) ? raw.slice(0, 100) : [raw];
	const texts = blocks.map((block) => Block.safeParse(block).data?.text ?? "");
	return shortText(texts.filter(Boolean).join("\n"), bytesMax);
};
