import type { InlineTokens } from "./inline-tokens.tsx";

interface Node {
	type: string;
	value?: string;
	children?: Node[];
	data?: { hName: string; hProperties: Record<string, string> };
}

/** The attribute by which a drawn element says which token it stands for. */
export const TOKEN_ATTRIBUTE = "data-token";

/** Whose children are words, not blocks, is anything but these. */
const FLOW: ReadonlySet<string> = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);

/** A remark plugin: tokens in words become elements of their own; in code they stay what is written. */
export function remarkTokens(split: InlineTokens["split"]): (tree: Node) => void {
	const visit = (node: Node): void => {
		if (!node.children) return;
		node.children = node.children.flatMap((child) => {
			visit(child);
			return child.type === "text" || child.type === "html" ? replaced(node, child, split) : [child];
		});
	};
	return visit;
}

function replaced(parent: Node, child: Node, split: InlineTokens["split"]): Node[] {
	const pieces = split(child.value ?? "");
	if (pieces.every((piece) => typeof piece === "string")) return [child];
	const words = pieces.map((piece) => (typeof piece === "string" ? { type: child.type, value: piece } : nodeOf(piece)));
	return FLOW.has(parent.type) ? [{ type: "paragraph", children: words }] : words;
}

const nodeOf = ({ token }: { token: string }): Node => ({
	type: "inlineToken",
	data: { hName: "span", hProperties: { [TOKEN_ATTRIBUTE]: token } },
	children: [],
});
