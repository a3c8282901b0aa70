const FENCED = /^\s*(`{3,})[\w-]*\n([\s\S]*?)\n?\1\s*$/;
const FENCE = /^ {0,3}(`{3,})\s*$/;

/** Output that its agent wrapped in a fence, as if it were markdown, without it. Two fences with words between them stay. */
export function unfenced(output: string): string {
	const [, fence = "", body = ""] = FENCED.exec(output) ?? [];
	if (fence === "") return output;
	const isClosedBefore = body.split("\n").some((line) => (FENCE.exec(line)?.[1] ?? "").length >= fence.length);
	return isClosedBefore ? output : body;
}
