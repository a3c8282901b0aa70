interface Node {
	type: string;
	value?: string;
	children?: Node[];
}

/** Nobody writes deeper; React and the browser both recurse into what they draw, until they overflow. */
const DEPTH_MAX = 60;

/** A remark plugin: a text that nests without end is one paragraph of itself. */
export function remarkFlatEnough(): (tree: Node, file: { toString(): string }) => void {
	return (tree, file) => {
		if (!isDeeperThan(tree, DEPTH_MAX)) return;
		tree.children = [{ type: "paragraph", children: [{ type: "text", value: String(file) }] }];
	};
}

function isDeeperThan(tree: Node, depthMax: number): boolean {
	let level: Node[] = [tree];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > depthMax) return true;
		level = level.flatMap((node) => node.children ?? []);
	}
	return false;
}
