interface Node {
	type: string;
	value?: string;
	children?: Node[];
}

/** A remark plugin: in chat a line break is a line break, without two spaces before it. */
export function remarkLineBreaks(): (tree: Node) => void {
	return breakLines;
}

function breakLines(node: Node): void {
	if (!node.children) return;
	node.children = node.children.flatMap((child) => {
		if (child.type === "text" && child.value?.includes("\n")) return brokenText(child.value);
		if (child.children) breakLines(child);
		return [child];
	});
}

function brokenText(value: string): Node[] {
	return value.split("\n").flatMap((line, index) => {
		const text = { type: "text", value: line.trimStart() };
		return index === 0 ? [{ type: "text", value: line }] : [{ type: "break" }, text];
	});
}
